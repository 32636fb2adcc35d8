/* SPDX-License-Identifier: MIT
 *
 * See say.h.
 */
#define _GNU_SOURCE
#include "tools/image/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

PRINTF_LIKE(2, 0)
static void line(FILE *to, const char *format, va_list arguments)
{
    if (to == stderr)
        fputs("mkimage: ", to);
    vfprintf(to, format, arguments);
    putc('\n', to);
}

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line(stdout, format, arguments);
    va_end(arguments);
}

void say_warning(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line(stderr, format, arguments);
    va_end(arguments);
}

void fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line(stderr, format, arguments);
    va_end(arguments);
    exit(STATUS_FAILED);
}

void misused(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line(stderr, format, arguments);
    va_end(arguments);
    fputs("Try: mkimage --help\n", stderr);
    exit(STATUS_MISUSED);
}

char *text_make(const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    const int bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (bytes < 0)
        fail("no memory left");
    return text;
}

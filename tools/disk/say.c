/* SPDX-License-Identifier: MIT
 *
 * See say.h.
 */
#include "tools/disk/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/disk/json.h"

#define PROGRAM   "write"
#define TEXT_ROOM 4096

static bool is_json;

void say_start(bool json)
{
    is_json = json;
}

bool say_is_json(void)
{
    return is_json;
}

static void say_object(const char *event, const char *text)
{
    json_open(NULL);
    json_text("event", event);
    json_text("text", text);
    json_close();
}

PRINTF_LIKE(3, 0)
static void say_to(FILE *stream, const char *event, const char *format, va_list arguments)
{
    char text[TEXT_ROOM];

    vsnprintf(text, sizeof(text), format, arguments);
    if (is_json)
        say_object(event, text);
    else
        fprintf(stream, "%s%s\n",
                stream == stderr && strcmp(event, "note") != 0 ? PROGRAM ": " : "", text);
    fflush(stream);
}

void say(const char *event, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_to(stdout, event, format, arguments);
    va_end(arguments);
}

bool say_refused(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_to(stderr, "refused", format, arguments);
    va_end(arguments);
    return false;
}

bool say_failed(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_to(stderr, "failed", format, arguments);
    va_end(arguments);
    return false;
}

void say_note(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_to(stderr, "note", format, arguments);
    va_end(arguments);
}

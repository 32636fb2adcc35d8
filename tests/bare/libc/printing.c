/* SPDX-License-Identifier: MIT
 *
 * C's names for the core's formatter: into a buffer, or out of the program.
 */
#include <stdint.h>

#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "tests/bare/bare.h"
#include "tests/bare/libc/stdio.h"

/* The formats are those of the caller. */
#pragma clang diagnostic ignored "-Wformat-nonliteral"

/* Put out some bytes and count them: context is the size_t of the count. */
static void write_counted(void *context, const char *text, size_t bytes)
{
    *(size_t *)context += bytes;
    bare_write(NULL, text, bytes);
}

int vprintf(const char *restrict format, va_list arguments)
{
    size_t bytes = 0;
    const struct format_sink sink = { .write = write_counted, .context = &bytes };
    format_list(&sink, format, arguments);
    return (int)bytes;
}

int vfprintf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
    (void)stream;
    return vprintf(format, arguments);
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments)
{
    return (int)format_buffer(to, size, format, arguments);
}

int vsprintf(char *restrict to, const char *restrict format, va_list arguments)
{
    return vsnprintf(to, SIZE_MAX, format, arguments);
}

int printf(const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int bytes = vprintf(format, arguments);
    va_end(arguments);
    return bytes;
}

int fprintf(FILE *restrict stream, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int bytes = vfprintf(stream, format, arguments);
    va_end(arguments);
    return bytes;
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int bytes = vsprintf(to, format, arguments);
    va_end(arguments);
    return bytes;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int bytes = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return bytes;
}

int putchar(int letter)
{
    return printf("%c", letter) == 1 ? letter : EOF;
}

int fputc(int letter, FILE *stream)
{
    (void)stream;
    return putchar(letter);
}

int puts(const char *text)
{
    return printf("%s\n", text);
}

int fputs(const char *restrict text, FILE *restrict stream)
{
    return fprintf(stream, "%s", text);
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict stream)
{
    (void)stream;
    if (size * count != 0)
        bare_write(NULL, from, size * count);
    return count;
}

int fflush(FILE *stream)
{
    (void)stream;
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The formatter into a buffer, cut where it ends, or into none at all, only to
 * know how much there would be.
 * Spec: ISO C17, section 7.21.6.5.
 */
#include "kernel/core/format.h"

#include "kernel/core/string.h"

/* A buffer as a sink, for the first `room` bytes; wanted counts all. */
struct text_buffer {
    char *text;
    size_t room;
    size_t wanted;
};

static void write_buffer(void *context, const char *text, size_t bytes)
{
    struct text_buffer *const buffer = context;
    if (buffer->wanted < buffer->room) {
        const size_t left = buffer->room - buffer->wanted;
        memcpy(buffer->text + buffer->wanted, text, bytes < left ? bytes : left);
    }
    buffer->wanted += bytes;
}

/*
 * snprintf, but for sizes of more than an int.
 *
 * buffer  where the text and a NUL go, cut to `size`; not used when that is 0
 *
 * Back: the bytes the whole text has, without a NUL; cut if not below size.
 * Source: ISO C17, section 7.21.6.5.
 */
size_t format_buffer(char *buffer, size_t size, const char *format, va_list arguments)
{
    struct text_buffer target = { .text = buffer, .room = size == 0 ? 0 : size - 1, .wanted = 0 };
    const struct format_sink sink = { .write = write_buffer, .context = &target };
    format_list(&sink, format, arguments);
    if (size != 0)
        buffer[target.wanted < target.room ? target.wanted : target.room] = '\0';
    return target.wanted;
}

size_t format_string(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t wanted = format_buffer(buffer, size, format, arguments);
    va_end(arguments);
    if (size == 0)
        return 0;
    return wanted < size ? wanted : size - 1;
}

size_t format_measure(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t wanted = format_buffer(NULL, 0, format, arguments);
    va_end(arguments);
    return wanted;
}

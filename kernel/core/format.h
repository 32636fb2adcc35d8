/* SPDX-License-Identifier: MIT
 *
 * Formatted text, as printf spells it, into any sink: screen, serial port,
 * buffer. The compiler checks every call. Conversions d i u x X o c s p %;
 * flags - 0 + space #; width and precision, also as *; sizes hh h l ll z j t.
 * No floating point, no %n, no wide characters. Keeps no state.
 * Spec: ISO C17, section 7.21.6.1.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * Where text goes. write is called with one or more bytes at a time, several
 * times for one format; the text is not NUL-terminated.
 */
struct format_sink {
    void (*write)(void *context, const char *text, size_t bytes);
    void *context;
};

void format_to(const struct format_sink *sink, const char *format, ...) PRINTF_LIKE(2, 3);

void format_list(const struct format_sink *sink, const char *format, va_list arguments)
    PRINTF_LIKE(2, 0);

/*
 * Cuts what has no room and always ends in NUL (size 0: writes nothing). Returns
 * the bytes before the NUL.
 */
size_t format_string(char *buffer, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same for a list, but returns how many bytes there would be without the cut, as snprintf. */
size_t format_buffer(char *buffer, size_t size, const char *format, va_list arguments)
    PRINTF_LIKE(3, 0);

/* How many bytes it would be. */
size_t format_measure(const char *format, ...) PRINTF_LIKE(1, 2);

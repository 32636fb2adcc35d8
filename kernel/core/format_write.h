/* SPDX-License-Identifier: MIT
 *
 * One conversion of a format, and the writing of it. Shared by the two halves
 * of the formatter; nobody else needs it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/core/format.h"

#define FORMAT_NO_PRECISION (-1)

/* h, hh, l, ll, z, j, t, or none. */
enum format_argument_size {
    FORMAT_SIZE_INT,
    FORMAT_SIZE_CHAR,
    FORMAT_SIZE_SHORT,
    FORMAT_SIZE_LONG,
    FORMAT_SIZE_LONG_LONG,
    FORMAT_SIZE_SIZE,
    FORMAT_SIZE_MAX_INT,
    FORMAT_SIZE_POINTER_DIFFERENCE
};

struct format_conversion {
    bool left, plus, space, alternate, zero;
    unsigned width;
    int precision;
    enum format_argument_size size;
    char kind;
};

/* As it is; nothing at all when bytes is 0. */
void format_write_text(const struct format_sink *sink, const char *text, size_t bytes);

/* For the letters d and i. */
void format_write_signed(const struct format_sink *sink, const struct format_conversion *conversion,
                         int64_t value);

/* For the letters u o x X p. */
void format_write_unsigned(const struct format_sink *sink,
                           const struct format_conversion *conversion, uint64_t value);

/* The precision bounds how far the text is read, so it need not end in NUL then. */
void format_write_string(const struct format_sink *sink, const struct format_conversion *conversion,
                         const char *text);

void format_write_letter(const struct format_sink *sink, const struct format_conversion *conversion,
                         char letter);

/* SPDX-License-Identifier: MIT
 *
 * The writing half of the formatter: padding, prefix, zeros, digits, in that
 * order. What is asked for was read by format.c.
 * Spec: ISO C17, section 7.21.6.1.
 */
#include "kernel/core/format_write.h"

#include "kernel/core/string.h"

#define DECIMAL         10
#define OCTAL           8
#define HEXADECIMAL     16
#define DIGITS_MAX      22 /* of 2^64 - 1 in octal, the longest */
#define PADDING_AT_ONCE 16

void format_write_text(const struct format_sink *sink, const char *text, size_t bytes)
{
    if (bytes != 0)
        sink->write(sink->context, text, bytes);
}

static void write_repeated(const struct format_sink *sink, char what, size_t count)
{
    char run[PADDING_AT_ONCE];
    memset(run, what, sizeof(run));
    for (; count > sizeof(run); count -= sizeof(run))
        format_write_text(sink, run, sizeof(run));
    format_write_text(sink, run, count);
}

/* Write a body of text with its padding; `zeros` go between prefix and body. */
static void write_padded(const struct format_sink *sink, const struct format_conversion *conversion,
                         const char *prefix, size_t zeros, const char *body, size_t bytes)
{
    const size_t prefix_bytes = string_length(prefix);
    const size_t used = prefix_bytes + zeros + bytes;
    const size_t padding = conversion->width > used ? conversion->width - used : 0;

    if (!conversion->left)
        write_repeated(sink, ' ', padding);
    format_write_text(sink, prefix, prefix_bytes);
    write_repeated(sink, '0', zeros);
    format_write_text(sink, body, bytes);
    if (conversion->left)
        write_repeated(sink, ' ', padding);
}

/*
 * Write a number. The precision is the least number of digits, and 0 writes no
 * digit for 0; without one, the 0 flag fills the width.
 */
static void write_number(const struct format_sink *sink, const struct format_conversion *conversion,
                         const char *prefix, uint64_t value, unsigned base)
{
    const char *const alphabet = conversion->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char digits[DIGITS_MAX];
    size_t count = 0;
    for (uint64_t rest = value; rest != 0; rest /= base)
        digits[DIGITS_MAX - ++count] = alphabet[rest % base];

    size_t least = conversion->precision == FORMAT_NO_PRECISION ? 1 : (size_t)conversion->precision;
    if (conversion->precision == FORMAT_NO_PRECISION && conversion->zero && !conversion->left) {
        const size_t prefix_bytes = string_length(prefix);
        if (conversion->width > prefix_bytes + least)
            least = conversion->width - prefix_bytes;
    }
    if (base == OCTAL && conversion->alternate && least <= count)
        least = count + 1; /* # asks for a leading 0 */
    write_padded(sink, conversion, prefix, least > count ? least - count : 0,
                 digits + DIGITS_MAX - count, count);
}

void format_write_signed(const struct format_sink *sink, const struct format_conversion *conversion,
                         int64_t value)
{
    const char *prefix = conversion->plus ? "+" : conversion->space ? " " : "";
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        prefix = "-";
        magnitude = 0 - magnitude; /* right for INT64_MIN too */
    }
    write_number(sink, conversion, prefix, magnitude, DECIMAL);
}

void format_write_unsigned(const struct format_sink *sink,
                           const struct format_conversion *conversion, uint64_t value)
{
    const bool prefixed = conversion->alternate && value != 0;
    switch (conversion->kind) {
    case 'o':
        write_number(sink, conversion, "", value, OCTAL);
        return;
    case 'x':
        write_number(sink, conversion, prefixed ? "0x" : "", value, HEXADECIMAL);
        return;
    case 'X':
        write_number(sink, conversion, prefixed ? "0X" : "", value, HEXADECIMAL);
        return;
    case 'p':
        write_number(sink, conversion, "0x", value, HEXADECIMAL);
        return;
    default:
        write_number(sink, conversion, "", value, DECIMAL);
        return;
    }
}

void format_write_string(const struct format_sink *sink, const struct format_conversion *conversion,
                         const char *text)
{
    if (text == NULL)
        text = "(null)";
    const size_t bytes = conversion->precision == FORMAT_NO_PRECISION
                             ? string_length(text)
                             : string_length_within(text, (size_t)conversion->precision);
    write_padded(sink, conversion, "", 0, text, bytes);
}

void format_write_letter(const struct format_sink *sink, const struct format_conversion *conversion,
                         char letter)
{
    write_padded(sink, conversion, "", 0, &letter, sizeof(letter));
}

/* SPDX-License-Identifier: MIT
 *
 * The formatter. Reads one conversion at a time into a struct, takes its
 * argument and hands both to format_write.c. The format is ours and checked by
 * the compiler; what it prints may be anything.
 * Spec: ISO C17, section 7.21.6.1.
 */
#include "kernel/core/format.h"

#include <limits.h>

#include "kernel/core/format_write.h"

#define DECIMAL 10

/* A va_list may be an array; inside a struct it can be handed on by address. */
struct arguments {
    va_list list;
};

static int64_t take_signed(struct arguments *arguments, enum format_argument_size size)
{
    switch (size) {
    case FORMAT_SIZE_CHAR:
        return (signed char)va_arg(arguments->list, int);
    case FORMAT_SIZE_SHORT:
        return (short)va_arg(arguments->list, int);
    case FORMAT_SIZE_LONG:
        return va_arg(arguments->list, long);
    case FORMAT_SIZE_LONG_LONG:
        return va_arg(arguments->list, long long);
    case FORMAT_SIZE_MAX_INT:
        return va_arg(arguments->list, intmax_t);
    case FORMAT_SIZE_SIZE:
    case FORMAT_SIZE_POINTER_DIFFERENCE:
        return va_arg(arguments->list, ptrdiff_t);
    case FORMAT_SIZE_INT:
        break;
    }
    return va_arg(arguments->list, int);
}

static uint64_t take_unsigned(struct arguments *arguments, enum format_argument_size size)
{
    switch (size) {
    case FORMAT_SIZE_CHAR:
        return (unsigned char)va_arg(arguments->list, unsigned);
    case FORMAT_SIZE_SHORT:
        return (unsigned short)va_arg(arguments->list, unsigned);
    case FORMAT_SIZE_LONG:
        return va_arg(arguments->list, unsigned long);
    case FORMAT_SIZE_LONG_LONG:
        return va_arg(arguments->list, unsigned long long);
    case FORMAT_SIZE_MAX_INT:
        return va_arg(arguments->list, uintmax_t);
    case FORMAT_SIZE_SIZE:
    case FORMAT_SIZE_POINTER_DIFFERENCE:
        return va_arg(arguments->list, size_t);
    case FORMAT_SIZE_INT:
        break;
    }
    return va_arg(arguments->list, unsigned);
}

static const char *read_flags(const char *format, struct format_conversion *conversion)
{
    for (;; format++) {
        switch (*format) {
        case '-':
            conversion->left = true;
            break;
        case '+':
            conversion->plus = true;
            break;
        case ' ':
            conversion->space = true;
            break;
        case '#':
            conversion->alternate = true;
            break;
        case '0':
            conversion->zero = true;
            break;
        default:
            return format;
        }
    }
}

/* A width or precision: digits, or * for an int argument. More than an int holds is the most it does. */
static const char *read_count(const char *format, struct arguments *arguments, int *count)
{
    if (*format == '*') {
        *count = va_arg(arguments->list, int);
        return format + 1;
    }
    int sum = 0;
    for (; *format >= '0' && *format <= '9'; format++) {
        const int digit = *format - '0';
        sum = sum > (INT_MAX - digit) / DECIMAL ? INT_MAX : sum * DECIMAL + digit;
    }
    *count = sum;
    return format;
}

static const char *read_size(const char *format, struct format_conversion *conversion)
{
    static const struct {
        char letter;
        enum format_argument_size once, twice;
    } sizes[] = {
        { 'h', FORMAT_SIZE_SHORT, FORMAT_SIZE_CHAR },
        { 'l', FORMAT_SIZE_LONG, FORMAT_SIZE_LONG_LONG },
        { 'z', FORMAT_SIZE_SIZE, FORMAT_SIZE_INT },
        { 'j', FORMAT_SIZE_MAX_INT, FORMAT_SIZE_INT },
        { 't', FORMAT_SIZE_POINTER_DIFFERENCE, FORMAT_SIZE_INT },
    };
    for (size_t which = 0; which < ARRAY_COUNT(sizes); which++) {
        if (*format != sizes[which].letter)
            continue;
        if (format[1] == *format && sizes[which].twice != FORMAT_SIZE_INT) {
            conversion->size = sizes[which].twice;
            return format + 2;
        }
        conversion->size = sizes[which].once;
        return format + 1;
    }
    return format;
}

/* Read what stands behind a %, all but the letter at its end, which is where it stops. */
static const char *read_conversion(const char *format, struct arguments *arguments,
                                   struct format_conversion *conversion)
{
    *conversion = (struct format_conversion){ .precision = FORMAT_NO_PRECISION };
    format = read_flags(format, conversion);

    int width;
    format = read_count(format, arguments, &width);
    if (width < 0)
        conversion->left = true; /* a negative * is a - flag and a width */
    conversion->width = width < 0 ? 0U - (unsigned)width : (unsigned)width;

    if (*format == '.') {
        format = read_count(format + 1, arguments, &conversion->precision);
        if (conversion->precision < 0)
            conversion->precision = FORMAT_NO_PRECISION;
    }
    format = read_size(format, conversion);
    conversion->kind = *format;
    return format;
}

/* Take the argument of one conversion and write it; a letter we do not know is shown as it is. */
static void write_conversion(const struct format_sink *sink,
                             const struct format_conversion *conversion,
                             struct arguments *arguments)
{
    switch (conversion->kind) {
    case 'd':
    case 'i':
        format_write_signed(sink, conversion, take_signed(arguments, conversion->size));
        return;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        format_write_unsigned(sink, conversion, take_unsigned(arguments, conversion->size));
        return;
    case 'p':
        format_write_unsigned(sink, conversion, (uintptr_t)va_arg(arguments->list, void *));
        return;
    case 's':
        format_write_string(sink, conversion, va_arg(arguments->list, const char *));
        return;
    case 'c':
        format_write_letter(sink, conversion, (char)va_arg(arguments->list, int));
        return;
    case '%':
        format_write_text(sink, "%", 1);
        return;
    default:
        format_write_text(sink, "%", 1);
        format_write_text(sink, &conversion->kind, 1);
        return;
    }
}

/*
 * Write `format` with its arguments to the sink.
 *
 * sink    write is called for each literal run and each part of a conversion
 * format  NUL-terminated; a lone % at the end is dropped
 *
 * Any context, also with interrupts off, as far as the sink allows it.
 * Source: ISO C17, section 7.21.6.1.
 */
void format_list(const struct format_sink *sink, const char *format, va_list arguments)
{
    struct arguments taken;
    va_copy(taken.list, arguments);
    while (*format != '\0') {
        const char *const literal = format;
        while (*format != '\0' && *format != '%')
            format++;
        format_write_text(sink, literal, (size_t)(format - literal));
        if (*format == '\0')
            break;

        struct format_conversion conversion;
        format = read_conversion(format + 1, &taken, &conversion);
        if (*format == '\0')
            break;
        write_conversion(sink, &conversion, &taken);
        format++;
    }
    va_end(taken.list);
}

void format_to(const struct format_sink *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_list(sink, format, arguments);
    va_end(arguments);
}

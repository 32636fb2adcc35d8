/* SPDX-License-Identifier: MIT
 *
 * The formatter against the host's snprintf: every conversion with every set of
 * flags and sizes and many widths and precisions over edge values, then random
 * formats, and every cut.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "kernel/core/format.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define TEXT_SIZE   512
#define FORMAT_SIZE 64
#define ROUNDS      200000

/* Formats made at run time are what this file is about. */
#pragma clang diagnostic ignored "-Wformat-nonliteral"

struct collected {
    char text[TEXT_SIZE];
    size_t used;
};

static void collect(void *context, const char *text, size_t bytes)
{
    struct collected *const collected = context;
    assert_int_not_equal(bytes, 0);
    assert_true(bytes <= TEXT_SIZE - collected->used);
    memcpy(collected->text + collected->used, text, bytes);
    collected->used += bytes;
}

/* Both formatters must say the same. */
static void compare(const char *format, ...) PRINTF_LIKE(1, 2);

static void compare(const char *format, ...)
{
    char expected[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(expected, sizeof(expected), format, arguments);
    va_end(arguments);

    struct collected collected = { .used = 0 };
    const struct format_sink sink = { .write = collect, .context = &collected };
    va_start(arguments, format);
    format_list(&sink, format, arguments);
    va_end(arguments);

    if ((size_t)length != collected.used || memcmp(expected, collected.text, collected.used) != 0)
        fail_msg("\"%s\": expected \"%s\", got \"%.*s\"", format, expected, (int)collected.used,
                 collected.text);
}

static const char flags[] = { '-', '+', ' ', '#', '0' };
#define FLAG_SETS (1U << sizeof(flags))

/* The flags of a set, and a NUL. */
static void spell_flags(char text[sizeof(flags) + 1], unsigned set)
{
    size_t used = 0;
    for (size_t flag = 0; flag < sizeof(flags); flag++) {
        if ((set >> flag & 1) != 0)
            text[used++] = flags[flag];
    }
    text[used] = '\0';
}

static const char *const widths[] = { "", "1", "2", "3", "9", "24", "40" };
static const char *const precisions[] = { "", ".", ".0", ".1", ".5", ".20", ".30" };
static const uint64_t values[] = {
    0,
    1,
    2,
    7,
    8,
    9,
    10,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0x100000000,
    INT64_MAX,
    1ULL << 63,
    UINT64_MAX,
    12345678901234567890U,
};

/* Call with the value as the size modifier wants it. */
static void compare_sized(const char *format, const char *size, uint64_t value)
{
    if (strcmp(size, "l") == 0)
        compare(format, (unsigned long)value);
    else if (strcmp(size, "ll") == 0)
        compare(format, (unsigned long long)value);
    else if (strcmp(size, "z") == 0)
        compare(format, (size_t)value);
    else if (strcmp(size, "j") == 0)
        compare(format, (uintmax_t)value);
    else if (strcmp(size, "t") == 0)
        compare(format, (ptrdiff_t)value);
    else
        compare(format, (unsigned)value);
}

static const char *const sizes[] = { "", "hh", "h", "l", "ll", "z", "j", "t" };

static void compare_number(unsigned set, const char *width, const char *precision, const char *size,
                           char kind)
{
    char format[FORMAT_SIZE], spelled[sizeof(flags) + 1];
    spell_flags(spelled, set);
    snprintf(format, sizeof(format), "<%%%s%s%s%s%c>", spelled, width, precision, size, kind);
    for (size_t which = 0; which < ARRAY_COUNT(values); which++)
        compare_sized(format, size, values[which]);
}

static void numbers_agree(void **state)
{
    (void)state;
    for (unsigned set = 0; set < FLAG_SETS; set++)
        for (size_t width = 0; width < ARRAY_COUNT(widths); width++)
            for (size_t precision = 0; precision < ARRAY_COUNT(precisions); precision++)
                for (size_t size = 0; size < ARRAY_COUNT(sizes); size++)
                    for (const char *kind = "diuoxX"; *kind != '\0'; kind++)
                        compare_number(set, widths[width], precisions[precision], sizes[size],
                                       *kind);
}

static void texts_agree(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "a", "hello",
                                         "a text of more than forty bytes, as is" };
    char format[FORMAT_SIZE];
    for (size_t width = 0; width < ARRAY_COUNT(widths); width++) {
        for (unsigned left = 0; left < 2; left++) {
            for (size_t precision = 0; precision < ARRAY_COUNT(precisions); precision++) {
                snprintf(format, sizeof(format), "<%%%s%s%ss>", left != 0 ? "-" : "", widths[width],
                         precisions[precision]);
                for (size_t text = 0; text < ARRAY_COUNT(texts); text++)
                    compare(format, texts[text]);
            }
            snprintf(format, sizeof(format), "<%%%s%sc>", left != 0 ? "-" : "", widths[width]);
            compare(format, 'x');
            compare(format, '\0');
            compare(format, 0xE4);
            compare(format, 0x141);
            snprintf(format, sizeof(format), "<%%%s%sp>", left != 0 ? "-" : "", widths[width]);
            compare(format, (void *)&format);
            compare(format, (void *)1);
        }
    }
}

static void stars_and_mixtures_agree(void **state)
{
    (void)state;
    for (int width = -20; width <= 20; width++) {
        for (int precision = -3; precision <= 20; precision++) {
            compare("%*.*d|%*d|%.*s", width, precision, 1234, width, -5, precision, "text");
            compare("%0*.*llx %s %c%%", width, precision, 0xABCDEFULL, "and", '!');
        }
    }
    compare("");
    compare("%%");
    compare("plain");
    compare("%d%u%s%c%x", -1, 2U, "three", '4', 5U);
    compare("%d %d %d %d %d %d %d %d %s", 1, 2, 3, 4, 5, 6, 7, 8, "more than registers hold");
}

static void random_formats_agree(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        char format[FORMAT_SIZE];
        char width[8] = "", precision[8] = "";
        if (random_below(&random, 2) != 0)
            snprintf(width, sizeof(width), "%u", 1 + (unsigned)random_below(&random, 70));
        if (random_below(&random, 2) != 0)
            snprintf(precision, sizeof(precision), ".%u", (unsigned)random_below(&random, 70));
        const char *const size = sizes[random_below(&random, ARRAY_COUNT(sizes))];
        char some[5] = "";
        for (size_t count = random_below(&random, 5); count != 0; count--)
            some[count - 1] = flags[random_below(&random, sizeof(flags))];
        snprintf(format, sizeof(format), "%s%%%s%s%s%s%c%s", &"ab"[random_below(&random, 3)], some,
                 width, precision, size, "diuoxX"[random_below(&random, 6)],
                 &"yz"[random_below(&random, 3)]);
        const uint64_t value = random_next(&random) >> random_below(&random, 64);
        compare_sized(format, size, random_below(&random, 2) != 0 ? value : 0 - value);
    }
}

static void buffers_cut_and_always_end(void **state)
{
    (void)state;
    char buffer[8];
    memset(buffer, '#', sizeof(buffer));
    assert_int_equal(format_string(buffer, 0, "abc"), 0);
    assert_int_equal(buffer[0], '#');
    assert_int_equal(format_string(buffer, 1, "abc"), 0);
    assert_string_equal(buffer, "");
    assert_int_equal(buffer[1], '#');
    assert_int_equal(format_string(buffer, 4, "%s%s", "ab", "cdef"), 3);
    assert_string_equal(buffer, "abc");
    assert_int_equal(buffer[4], '#');
    assert_int_equal(format_string(buffer, sizeof(buffer), "%d", 1234567), 7);
    assert_string_equal(buffer, "1234567");
    assert_int_equal(format_string(buffer, sizeof(buffer), "%99d", 1), 7);
    assert_string_equal(buffer, "       ");
}

/* The same cut, the same NUL, the same number, and no byte behind the buffer. */
static void compare_cut(size_t size, const char *format, ...) PRINTF_LIKE(2, 3);

static void compare_cut(size_t size, const char *format, ...)
{
    char expected[TEXT_SIZE], actual[TEXT_SIZE];
    memset(expected, '#', sizeof(expected));
    memset(actual, '#', sizeof(actual));
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(expected, size, format, arguments);
    va_end(arguments);
    va_start(arguments, format);
    assert_int_equal(format_buffer(actual, size, format, arguments), length);
    va_end(arguments);
    assert_memory_equal(actual, expected, sizeof(expected));
}

static void every_cut_agrees(void **state)
{
    (void)state;
    for (size_t size = 0; size < 100; size++) {
        compare_cut(size, "%s", "");
        compare_cut(size, "%s and %-20d|%#o|%+.10d%c", "text", -7, 8U, 9, 'x');
        compare_cut(size, "%90s%%", "right");
    }
    assert_int_equal(format_measure("%s and %-20d", "text", -7), 29);
    assert_int_equal(format_measure("%*d", INT_MIN, 7), 1U << 31);
    assert_int_equal(format_measure("%99999999999d", 1), INT_MAX);
}

/* What snprintf leaves undefined, or does its own way. */
static void odd_formats_are_harmless(void **state)
{
    (void)state;
    char buffer[TEXT_SIZE];
    struct collected collected = { .used = 0 };
    const struct format_sink sink = { .write = collect, .context = &collected };
    const char *const nothing = NULL;
    format_string(buffer, sizeof(buffer), "%s|%8s|%p", nothing, nothing, (void *)nothing);
    assert_string_equal(buffer, "(null)|  (null)|0x0");

    const char open[3] = { 'a', 'b', 'c' }; /* no NUL: the precision is what ends it */
    format_string(buffer, sizeof(buffer), "%.3s", open);
    assert_string_equal(buffer, "abc");

    char unknown[] = "a%qb%f%"; /* not const, or the compiler would object */
    format_to(&sink, unknown, 0);
    assert_memory_equal(collected.text, "a%qb%f", 6);
    assert_int_equal(collected.used, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_agree),
        cmocka_unit_test(texts_agree),
        cmocka_unit_test(stars_and_mixtures_agree),
        cmocka_unit_test(random_formats_agree),
        cmocka_unit_test(buffers_cut_and_always_end),
        cmocka_unit_test(every_cut_agrees),
        cmocka_unit_test(odd_formats_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

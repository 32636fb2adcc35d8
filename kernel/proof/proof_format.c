/* SPDX-License-Identifier: MIT
 *
 * The formatter, in whatever world this runs: each rule of the standard with
 * what it must print to the letter. Long products of them, against a C
 * library's, are in tests/unit.
 * Spec: ISO C17, section 7.21.6.1.
 */
#include <limits.h>

#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define TEXT_BYTES 128

/* The rules are right also for formats that the compiler would rather not see. */
#pragma clang diagnostic ignored "-Wformat"

/* The text and the length of one format are what they must be; its length alone is known, too. */
#define PRINTS(expected, ...)                                                                      \
    do {                                                                                           \
        char text[TEXT_BYTES];                                                                     \
        CLAIM_EQUAL(format_string(text, sizeof(text), __VA_ARGS__), string_length(expected));      \
        CLAIM(string_equals(text, expected));                                                      \
        CLAIM_EQUAL(format_measure(__VA_ARGS__), string_length(expected));                         \
    } while (0)

static void plain(struct claims *claims)
{
    PRINTS("no conversion", "no conversion");
    PRINTS("%", "%%");
    PRINTS("100% of a%b", "100%% of a%%%c", 'b');
}

static void signed_numbers(struct claims *claims)
{
    PRINTS("0 7 -7", "%d %d %i", 0, 7, -7);
    PRINTS("2147483647 -2147483648", "%d %d", INT_MAX, INT_MIN);
    PRINTS("9223372036854775807", "%lld", LLONG_MAX);
    PRINTS("-9223372036854775808", "%lld", LLONG_MIN);
}

static void unsigned_numbers(struct claims *claims)
{
    PRINTS("0 42 4294967295", "%u %u %u", 0U, 42U, UINT_MAX);
    PRINTS("18446744073709551615", "%llu", ULLONG_MAX);
}

static void hexadecimal(struct claims *claims)
{
    PRINTS("0 ab AB ffffffff", "%x %x %X %x", 0U, 0xABU, 0xABU, UINT_MAX);
    PRINTS("FFFFFFFFFFFFFFFF", "%llX", ULLONG_MAX);
}

static void octal(struct claims *claims)
{
    PRINTS("0 7 10 37777777777", "%o %o %o %o", 0U, 7U, 8U, UINT_MAX);
    PRINTS("1777777777777777777777", "%llo", ULLONG_MAX);
}

/* Cut to a char and a short after they came as an int. */
static void small_sizes(struct claims *claims)
{
    PRINTS("-1 44 255 52", "%hhd %hhd %hhu %hhx", 511, 300, 511U, 0x1252U);
    PRINTS("-32768 65535 beef", "%hd %hu %hx", 0x18000, 0x1FFFFU, 0xABEEFU);
    PRINTS("-128 127", "%hhi %hhi", SCHAR_MIN, SCHAR_MAX);
}

static void large_sizes(struct claims *claims)
{
    PRINTS("-1 1", "%ld %lu", -1L, 1UL);
    PRINTS("-2 2", "%jd %ju", (intmax_t)-2, (uintmax_t)2);
    PRINTS("-3 3", "%td %zu", (ptrdiff_t)-3, (size_t)3);
    PRINTS("9223372036854775807 7f", "%jd %zx", INTMAX_MAX, (size_t)0x7F);
}

/* An argument of the wrong size would shift all that come behind it. */
static void sizes_mixed(struct claims *claims)
{
    PRINTS("1 2 3 4 5 6 7 8", "%d %lld %hhd %ld %d %llu %zu %c", 1, 2LL, 3, 4L, 5, 6ULL, (size_t)7,
           '8');
}

static void width(struct claims *claims)
{
    PRINTS("    7|   -7|12345|123456", "%5d|%5d|%5d|%5d", 7, -7, 12345, 123456);
    PRINTS("    x| text|", "%5c|%5s|", 'x', "text");
}

static void left(struct claims *claims)
{
    PRINTS("7    |-7   |ab   |", "%-5d|%-5d|%-5x|", 7, -7, 0xABU);
    PRINTS("x    |text |", "%-5c|%-5s|", 'x', "text");
}

static void zeros(struct claims *claims)
{
    PRINTS("00007|-0007|+0007| 0007", "%05d|%05d|%+05d|% 05d", 7, -7, 7, 7);
    PRINTS("000ab|0x0ab|00017", "%05x|%#05x|%05o", 0xABU, 0xABU, 15U);
}

static void zeros_give_way(struct claims *claims)
{
    PRINTS("7    |  007|  0x07", "%-05d|%05.3d|%#06.2x", 7, 7, 7U);
    PRINTS("     |    1", "%05.0d|%05.0d", 0, 1);
}

static void signs(struct claims *claims)
{
    PRINTS("+7 -7 +0| 7|-7| 0", "%+d %+d %+d|% d|% d|% d", 7, -7, 0, 7, -7, 0);
    PRINTS("   +7|+7   |+0007", "%+5d|%-+5d|%+05d", 7, 7, 7);
}

static void plus_beats_space(struct claims *claims)
{
    PRINTS("+7|+7", "%+ d|% +d", 7, 7);
}

static void alternate_hexadecimal(struct claims *claims)
{
    PRINTS("0xab 0XAB 0", "%#x %#X %#x", 0xABU, 0xABU, 0U);
    PRINTS("  0xab|0xab  |0x00ab", "%#6x|%-#6x|%#06x", 0xABU, 0xABU, 0xABU);
    PRINTS("0x00ab|  0x00ab", "%#.4x|%#8.4x", 0xABU, 0xABU);
}

/* One leading zero, and not one more. */
static void alternate_octal(struct claims *claims)
{
    PRINTS("017 0 010", "%#o %#o %#o", 15U, 0U, 8U);
    PRINTS("017|0017|00017", "%#.3o|%#.4o|%#05o", 15U, 15U, 15U);
    PRINTS("0|", "%#.0o|", 0U);
}

static void precision(struct claims *claims)
{
    PRINTS("007 -007 123 00ab", "%.3d %.3d %.3d %.4x", 7, -7, 123, 0xABU);
    PRINTS("  007|007  |+007", "%5.3d|%-5.3d|%+.3d", 7, 7, 7);
    PRINTS("00000000000000000000000000000042", "%.32d", 42);
}

static void precision_of_nothing(struct claims *claims)
{
    PRINTS("||||", "%.0d|%.0u|%.0x|%.d|", 0, 0U, 0U, 0);
    PRINTS("   |+| ||1", "%3.0d|%+.0d|% .0d|%#.0x|%.0d", 0, 0, 0, 0U, 1);
}

static void precision_of_text(struct claims *claims)
{
    PRINTS("tex||   t|t   |text", "%.3s|%.0s|%4.1s|%-4.1s|%.9s", "text", "text", "text", "text",
           "text");
}

/* What the precision keeps from being read need not be there. */
static void text_without_an_end(struct claims *claims)
{
    const char open[3] = { 'a', 'b', 'c' };
    PRINTS("abc|ab", "%.3s|%.*s", open, 2, open);
}

static void stars(struct claims *claims)
{
    PRINTS("    7|7    |007|   tex", "%*d|%*d|%.*d|%*.*s", 5, 7, -5, 7, 3, 7, 6, 3, "text");
    PRINTS("7|text", "%.*d|%.*s", -1, 7, INT_MIN, "text");
    PRINTS("0007", "%0*d", 4, 7);
}

static void letters(struct claims *claims)
{
    char text[TEXT_BYTES];
    CLAIM_EQUAL(format_string(text, sizeof(text), "a%cb%c", '\0', 0x141), 4);
    CLAIM_EQUAL(memcmp(text, "a\0bA", sizeof("a\0bA")), 0);
}

static void pointers(struct claims *claims)
{
    PRINTS("0x1234 0x0", "%p %p", (void *)0x1234, NULL);
    PRINTS("    0x1234|0x1234    |", "%10p|%-10p|", (void *)0x1234, (void *)0x1234);
}

static void nothing_as_text(struct claims *claims)
{
    const char *const nothing = NULL;
    PRINTS("(null)|  (null)|(nu", "%s|%8s|%.3s", nothing, nothing, nothing);
}

static void cuts(struct claims *claims)
{
    char text[5] = "....";
    CLAIM_EQUAL(format_string(text, sizeof(text), "%s", "too long"), 4);
    CLAIM(string_equals(text, "too "));
    CLAIM_EQUAL(format_string(text, sizeof(text), "%s", "fits"), 4);
    CLAIM(string_equals(text, "fits"));
    CLAIM_EQUAL(format_string(text, 1, "%d", 7), 0);
    CLAIM(string_equals(text, ""));
    CLAIM_EQUAL(format_string(text, 0, "%d", 7), 0);
}

/* Far more than any buffer: nothing is written, and it is counted all the same. */
static void measures(struct claims *claims)
{
    CLAIM_EQUAL(format_measure("%s", ""), 0);
    CLAIM_EQUAL(format_measure("%100000d|%-100000s|%.100000u", 1, "x", 2U), 300002);
    CLAIM_EQUAL(format_measure("%s%s%s%s", "ab", "cd", "ef", "gh"), 8);
}

/* A number that is no int counts as the largest one, not a small or a negative one. */
static void numbers_beyond_an_int(struct claims *claims)
{
    PRINTS("text|text", "%.4294967297s|%.99999999999999999999s", "text", "text");
}

/* What is no conversion of ours is shown as it is, and ends nothing else. */
static void unknown(struct claims *claims)
{
    PRINTS("a%yb7", "a%yb%d%", 7);
}

static const struct proof_test tests[] = {
    { "format.plain", plain },
    { "format.signed", signed_numbers },
    { "format.unsigned", unsigned_numbers },
    { "format.hexadecimal", hexadecimal },
    { "format.octal", octal },
    { "format.small-sizes", small_sizes },
    { "format.large-sizes", large_sizes },
    { "format.sizes-mixed", sizes_mixed },
    { "format.width", width },
    { "format.left", left },
    { "format.zeros", zeros },
    { "format.zeros-give-way", zeros_give_way },
    { "format.signs", signs },
    { "format.plus-beats-space", plus_beats_space },
    { "format.alternate-hexadecimal", alternate_hexadecimal },
    { "format.alternate-octal", alternate_octal },
    { "format.precision", precision },
    { "format.precision-of-nothing", precision_of_nothing },
    { "format.precision-of-text", precision_of_text },
    { "format.text-without-an-end", text_without_an_end },
    { "format.stars", stars },
    { "format.letters", letters },
    { "format.pointers", pointers },
    { "format.nothing-as-text", nothing_as_text },
    { "format.cuts", cuts },
    { "format.measures", measures },
    { "format.numbers-beyond-an-int", numbers_beyond_an_int },
    { "format.unknown", unknown },
};
const struct proof_suite proof_format = { tests, ARRAY_COUNT(tests) };

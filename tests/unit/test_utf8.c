/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the UTF-8 decoder: every scalar value there is, and the byte
 * sequences that only look like one.
 */
#include <string.h>

#include "base/compiler.h"
#include "kernel/core/utf8.h"
#include "tests/unit/cmocka_all.h"

static size_t encode(uint32_t value, char *text)
{
    if (value < 0x80) {
        text[0] = (char)value;
        text[1] = '\0';
        return 1;
    }
    const size_t more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    static const uint8_t marks[] = { 0, 0xC0, 0xE0, 0xF0 };
    text[0] = (char)(marks[more] | value >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        text[i] = (char)(0x80 | (value >> (6 * (more - i)) & 0x3F));
    text[more + 1] = '\0';
    return more + 1;
}

static void takes_every_scalar_value(void **state)
{
    (void)state;
    for (uint32_t value = 1; value <= 0x10FFFF; value++) {
        if (value >= 0xD800 && value <= 0xDFFF)
            continue;
        char text[5];
        const size_t length = encode(value, text);
        const char *at = text;
        uint32_t taken = 0;
        assert_true(utf8_take(&at, &taken));
        assert_int_equal(taken, value);
        assert_ptr_equal(at, text + length);
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",                 /* the end */
        "\x80",             /* a continuation first */
        "\xC3",             /* cut short */
        "\xE2\x82",         /* cut short */
        "\xC3z",            /* no continuation */
        "\xC0\x80",         /* a NUL in disguise */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xED\xBF\xBF",     /* a surrogate */
        "\xF4\x90\x80\x80", /* above 10FFFFh */
        "\xF8\x88\x80\x80", /* five bytes */
        "\xFF",
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        const char *at = bad[i];
        uint32_t value = 99;
        assert_false(utf8_take(&at, &value));
        assert_ptr_equal(at, bad[i]);
        assert_int_equal(value, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_scalar_value),
        cmocka_unit_test(refuses_what_is_not_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

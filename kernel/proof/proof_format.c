/* SPDX-License-Identifier: MIT
 *
 * The formatter, in whatever world this runs.
 */
#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define TEXT_BYTES 128

static void numbers(struct claims *claims)
{
    char text[TEXT_BYTES];
    const size_t bytes = format_string(text, sizeof(text), "%d|%5u|%-4x|%08llx|%c|%s|%%", -7, 42U,
                                       0xABU, 0x123456789ULL, 'c', "text");
    CLAIM(string_equals(text, "-7|   42|ab  |123456789|c|text|%"));
    CLAIM_EQUAL(bytes, string_length(text));
}

static void cuts(struct claims *claims)
{
    char text[5] = "....";
    CLAIM_EQUAL(format_string(text, sizeof(text), "%s", "too long"), 4);
    CLAIM(string_equals(text, "too "));
}

static const struct proof_test tests[] = {
    { "format.numbers", numbers },
    { "format.cuts", cuts },
};
const struct proof_suite proof_format = { tests, ARRAY_COUNT(tests) };

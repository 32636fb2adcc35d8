/* SPDX-License-Identifier: MIT
 *
 * The words for undefined behaviour, in every build: numbers by their types.
 */
#include "kernel/core/string.h"
#include "kernel/sanitize/ubsan.h"
#include "kernel/sanitize/ubsan_words.h"
#include "kernel/selftest/selftest.h"

#define LOG2_8   3
#define LOG2_32  5
#define LOG2_64  6
#define LOG2_128 7

#define INTEGER(log2_bits, sign, text)                                                             \
    {                                                                                              \
        .kind = UBSAN_INTEGER, .info = (log2_bits) << UBSAN_WIDTH_SHIFT | (sign), .name = text     \
    }

static const struct ubsan_type s8 = INTEGER(LOG2_8, UBSAN_SIGNED, "'signed char'");
static const struct ubsan_type u32 = INTEGER(LOG2_32, 0, "'unsigned int'");
static const struct ubsan_type s64 = INTEGER(LOG2_64, UBSAN_SIGNED, "'long'");
static const struct ubsan_type u128 = INTEGER(LOG2_128, 0, "'unsigned __int128'");
static const struct ubsan_type pointer = { .kind = UBSAN_UNKNOWN, .info = 0, .name = "'char *'" };

static bool number_is(const struct ubsan_type *type, uint64_t value, const char *expected)
{
    char text[UBSAN_NUMBER_BYTES];
    ubsan_number(text, type, value);
    return string_equals(text, expected);
}

SELFTEST(ubsan_numbers, "ubsan-words.numbers")
{
    CLAIM(number_is(&s8, 0xFF, "-1"));
    CLAIM(number_is(&s8, 0x7F, "127"));
    CLAIM(number_is(&s8, 0xFFFFFFFFFFFFFF80, "-128"));
    CLAIM(number_is(&u32, 0xFFFFFFFFFFFFFFFF, "4294967295"));
    CLAIM(number_is(&s64, 1ULL << 63, "-9223372036854775808"));
    CLAIM(number_is(&u128, 0, "a value"));
    CLAIM(number_is(&pointer, 0, "a value"));
}

SELFTEST(ubsan_shift_words, "ubsan-words.shifts")
{
    char text[UBSAN_TEXT_BYTES];
    struct ubsan_two_types types = { .left = &u32, .right = &s8 };
    ubsan_words_shift(text, &types, 1, 0xFF);
    CLAIM(string_equals(text, "shift by -1, a negative number"));
    ubsan_words_shift(text, &types, 1, 32);
    CLAIM(string_equals(text, "shift by 32, and 'unsigned int' has 32 bits"));
    types.left = &s8;
    ubsan_words_shift(text, &types, 0xFF, 1);
    CLAIM(string_equals(text, "left shift of -1, a negative number"));
    ubsan_words_shift(text, &types, 0x7F, 1);
    CLAIM(string_equals(text, "left shift of 127 by 1 does not fit in 'signed char'"));
}

SELFTEST(ubsan_mismatch_words, "ubsan-words.pointers")
{
    char text[UBSAN_TEXT_BYTES];
    const struct ubsan_mismatch mismatch = { .type = &u32,
                                             .log_alignment = 2,
                                             .access = UBSAN_STORE };
    ubsan_words_mismatch(text, &mismatch, 0);
    CLAIM(string_equals(text, "store to 'unsigned int' through a null pointer"));
    ubsan_words_mismatch(text, &mismatch, 0x1002);
    CLAIM(
        string_equals(text, "store to 'unsigned int' at 0x1002, which is not aligned to 4 bytes"));
    ubsan_words_mismatch(text, &mismatch, 0x1000);
    CLAIM(string_equals(text, "store to 'unsigned int' at 0x1000, where there is no room for one"));
    ubsan_words_pointer(text, 0x1000, 0x10);
    CLAIM(string_equals(text, "a pointer wrapped: from 0x1000 to 0x10"));
    ubsan_words_division(text, &s8, 0x80, 0xFF);
    CLAIM(string_equals(text, "division: -128 / -1 does not fit in 'signed char'"));
    ubsan_words_division(text, &s8, 0x80, 0);
    CLAIM(string_equals(text, "division of -128 by zero"));
}

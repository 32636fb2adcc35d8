/* SPDX-License-Identifier: MIT
 *
 * The sentences. Values come in as 64 bits; their type says how many count and
 * whether the highest is a sign.
 */
#include "kernel/sanitize/ubsan_words.h"

#include <stdbool.h>

#include "kernel/core/format.h"
#include "kernel/sanitize/ubsan.h"

#define VALUE_BITS 64

static unsigned type_bits(const struct ubsan_type *type)
{
    return 1U << (type->info >> UBSAN_WIDTH_SHIFT);
}

static bool type_is_signed(const struct ubsan_type *type)
{
    return type->kind == UBSAN_INTEGER && (type->info & UBSAN_SIGNED) != 0;
}

/* The value as a number with its sign in all 64 bits. */
static int64_t signed_value(const struct ubsan_type *type, uint64_t value)
{
    const unsigned unused = VALUE_BITS - type_bits(type);
    return (int64_t)(value << unused) >> unused;
}

static bool is_negative(const struct ubsan_type *type, uint64_t value)
{
    return type_is_signed(type) && type_bits(type) <= VALUE_BITS && signed_value(type, value) < 0;
}

void ubsan_number(char text[UBSAN_NUMBER_BYTES], const struct ubsan_type *type, uint64_t value)
{
    if (type->kind != UBSAN_INTEGER || type_bits(type) > VALUE_BITS)
        format_string(text, UBSAN_NUMBER_BYTES, "a value");
    else if (type_is_signed(type))
        format_string(text, UBSAN_NUMBER_BYTES, "%lld", (long long)signed_value(type, value));
    else
        format_string(text, UBSAN_NUMBER_BYTES, "%llu",
                      (unsigned long long)(value << (VALUE_BITS - type_bits(type)) >>
                                           (VALUE_BITS - type_bits(type))));
}

void ubsan_words_overflow(char *text, const struct ubsan_type *type, char operation, uint64_t left,
                          uint64_t right)
{
    char first[UBSAN_NUMBER_BYTES], second[UBSAN_NUMBER_BYTES];
    ubsan_number(first, type, left);
    ubsan_number(second, type, right);
    format_string(text, UBSAN_TEXT_BYTES, "%s integer overflow: %s %c %s does not fit in %s",
                  type_is_signed(type) ? "signed" : "unsigned", first, operation, second,
                  type->name);
}

void ubsan_words_negation(char *text, const struct ubsan_type *type, uint64_t value)
{
    char number[UBSAN_NUMBER_BYTES];
    ubsan_number(number, type, value);
    format_string(text, UBSAN_TEXT_BYTES, "negation: minus %s does not fit in %s", number,
                  type->name);
}

void ubsan_words_division(char *text, const struct ubsan_type *type, uint64_t left, uint64_t right)
{
    char number[UBSAN_NUMBER_BYTES];
    ubsan_number(number, type, left);
    if (is_negative(type, right))
        format_string(text, UBSAN_TEXT_BYTES, "division: %s / -1 does not fit in %s", number,
                      type->name);
    else
        format_string(text, UBSAN_TEXT_BYTES, "division of %s by zero", number);
}

void ubsan_words_shift(char *text, const struct ubsan_two_types *types, uint64_t left,
                       uint64_t right)
{
    char value[UBSAN_NUMBER_BYTES], places[UBSAN_NUMBER_BYTES];
    ubsan_number(value, types->left, left);
    ubsan_number(places, types->right, right);
    if (is_negative(types->right, right))
        format_string(text, UBSAN_TEXT_BYTES, "shift by %s, a negative number", places);
    else if (right >= type_bits(types->left))
        format_string(text, UBSAN_TEXT_BYTES, "shift by %s, and %s has %u bits", places,
                      types->left->name, type_bits(types->left));
    else if (is_negative(types->left, left))
        format_string(text, UBSAN_TEXT_BYTES, "left shift of %s, a negative number", value);
    else
        format_string(text, UBSAN_TEXT_BYTES, "left shift of %s by %s does not fit in %s", value,
                      places, types->left->name);
}

void ubsan_words_index(char *text, const struct ubsan_two_types *types, uint64_t index)
{
    char number[UBSAN_NUMBER_BYTES];
    ubsan_number(number, types->right, index);
    format_string(text, UBSAN_TEXT_BYTES, "index %s is outside %s", number, types->left->name);
}

static const char *access_words(uint8_t access)
{
    static const char *const words[] = {
        [UBSAN_LOAD] = "load of",
        [UBSAN_STORE] = "store to",
        [UBSAN_REFERENCE] = "reference to",
        [UBSAN_MEMBER] = "member of",
        [UBSAN_CALL] = "call of a member of",
    };
    return access < ARRAY_COUNT(words) ? words[access] : "use of";
}

void ubsan_words_mismatch(char *text, const struct ubsan_mismatch *mismatch, uint64_t pointer)
{
    const char *access = access_words(mismatch->access);
    const uint64_t alignment = 1ULL << mismatch->log_alignment;
    if (pointer == 0)
        format_string(text, UBSAN_TEXT_BYTES, "%s %s through a null pointer", access,
                      mismatch->type->name);
    else if (pointer % alignment != 0)
        format_string(text, UBSAN_TEXT_BYTES, "%s %s at 0x%llx, which is not aligned to %llu bytes",
                      access, mismatch->type->name, (unsigned long long)pointer,
                      (unsigned long long)alignment);
    else
        format_string(text, UBSAN_TEXT_BYTES, "%s %s at 0x%llx, where there is no room for one",
                      access, mismatch->type->name, (unsigned long long)pointer);
}

void ubsan_words_pointer(char *text, uint64_t base, uint64_t result)
{
    if (base == 0)
        format_string(text, UBSAN_TEXT_BYTES, "0x%llx was added to a null pointer",
                      (unsigned long long)result);
    else
        format_string(text, UBSAN_TEXT_BYTES, "a pointer wrapped: from 0x%llx to 0x%llx",
                      (unsigned long long)base, (unsigned long long)result);
}

void ubsan_words_value(char *text, const struct ubsan_type *type, uint64_t value)
{
    char number[UBSAN_NUMBER_BYTES];
    ubsan_number(number, type, value);
    format_string(text, UBSAN_TEXT_BYTES, "%s was read, which no %s can be", number, type->name);
}

void ubsan_words_bound(char *text, const struct ubsan_type *type, uint64_t bound)
{
    char number[UBSAN_NUMBER_BYTES];
    ubsan_number(number, type, bound);
    format_string(text, UBSAN_TEXT_BYTES, "an array with %s elements", number);
}

void ubsan_words_assumption(char *text, uint64_t pointer, uint64_t alignment, uint64_t offset)
{
    format_string(text, UBSAN_TEXT_BYTES, "0x%llx less %llu is not aligned to %llu, as was assumed",
                  (unsigned long long)pointer, (unsigned long long)offset,
                  (unsigned long long)alignment);
}

/* SPDX-License-Identifier: MIT
 *
 * Questions about NUL-terminated text, and copies of it; searches are in
 * string_find.c. Plain loops: none of this text is long, and none of it is in a
 * path that counts instructions.
 */
#include "kernel/core/string.h"

#include "base/checked.h"

#define FIRST_LETTER_DIGIT 10 /* what the digit 'a' stands for */

bool bytes_sum_to_zero(const uint8_t *bytes, size_t count)
{
    uint8_t sum = 0;
    while (count-- != 0)
        sum = (uint8_t)(sum + *bytes++);
    return sum == 0;
}

size_t string_length(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

size_t string_length_within(const char *text, size_t limit)
{
    size_t length = 0;
    while (length < limit && text[length] != '\0')
        length++;
    return length;
}

int string_compare(const char *left, const char *right)
{
    return string_compare_within(left, right, SIZE_MAX);
}

int string_compare_within(const char *left, const char *right, size_t limit)
{
    size_t place = 0;
    while (place < limit && left[place] != '\0' && left[place] == right[place])
        place++;
    return place == limit ? 0 : (uint8_t)left[place] - (uint8_t)right[place];
}

bool string_equals(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return *left == *right;
}

char string_fold_letter(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

bool string_equals_folded(const char *left, const char *right)
{
    while (*left != '\0' && string_fold_letter(*left) == string_fold_letter(*right)) {
        left++;
        right++;
    }
    return string_fold_letter(*left) == string_fold_letter(*right);
}

bool string_starts_with(const char *text, const char *prefix)
{
    while (*prefix != '\0' && *prefix == *text) {
        prefix++;
        text++;
    }
    return *prefix == '\0';
}

/*
 * Whether `pattern` (* any run, ? any one byte) fits the whole of `text`. On a
 * mismatch only the last * is tried again, one byte longer: with the shortest
 * runs taken first, an earlier one never needs another try. Cost: at most the
 * product of the two lengths, no recursion.
 */
bool string_matches(const char *text, const char *pattern)
{
    const char *star = NULL;
    const char *retry = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool string_copy(char *to, size_t size, const char *text, size_t bytes)
{
    if (bytes >= size)
        return false;
    memcpy(to, text, bytes);
    to[bytes] = '\0';
    return true;
}

bool string_copy_cut(char *to, size_t size, const char *text)
{
    const size_t bytes = string_length_within(text, size);
    if (size == 0)
        return false;
    const bool fits = bytes < size;
    const size_t kept = fits ? bytes : size - 1;
    memcpy(to, text, kept);
    to[kept] = '\0';
    return fits;
}

bool string_append_cut(char *to, size_t size, const char *text)
{
    const size_t used = string_length_within(to, size);
    return string_copy_cut(to + used, size - used, text);
}

/* The value of a digit in any base up to 16; 16 and above for what is no digit. */
static unsigned digit_value(char digit)
{
    const char letter = string_fold_letter(digit);
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (letter >= 'a' && letter <= 'f')
        return (unsigned)(letter - 'a') + FIRST_LETTER_DIGIT;
    return UINT8_MAX;
}

/*
 * Read a number that is nothing but digits: no sign, no blank, no prefix.
 *
 * text, bytes  what to read, all of it; not trusted
 * base         2..16; digits above 9 in either case
 * value        set only when there is at least one digit and the number fits
 */
bool string_parse_unsigned(const char *text, size_t bytes, unsigned base, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t place = 0; place < bytes; place++) {
        const unsigned digit = digit_value(text[place]);
        if (digit >= base || !checked_mul64(sum, base, &sum) || !checked_add64(sum, digit, &sum))
            return false;
    }
    if (bytes == 0)
        return false;
    *value = sum;
    return true;
}

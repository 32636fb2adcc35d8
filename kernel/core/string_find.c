/* SPDX-License-Identifier: MIT
 *
 * Finding letters, words and other texts in NUL-terminated text, and bytes in
 * memory. Spec: ISO C17, section 7.24.5.
 */
#include "kernel/core/string.h"

bool bytes_equal(const void *left, const void *right, size_t bytes)
{
    return memcmp(left, right, bytes) == 0;
}

const uint8_t *bytes_find(const void *bytes, uint8_t value, size_t count)
{
    for (const uint8_t *byte = bytes; count != 0; byte++, count--) {
        if (*byte == value)
            return byte;
    }
    return NULL;
}

const char *string_find(const char *text, char letter)
{
    while (*text != letter) {
        if (*text == '\0')
            return NULL;
        text++;
    }
    return text;
}

const char *string_find_last(const char *text, char letter)
{
    const char *last = NULL;
    do {
        if (*text == letter)
            last = text;
    } while (*text++ != '\0');
    return last;
}

/* Is it one of the letters, the NUL behind them not among them? */
static bool is_among(char letter, const char *letters)
{
    return letter != '\0' && string_find(letters, letter) != NULL;
}

size_t string_span(const char *text, const char *letters)
{
    size_t length = 0;
    while (is_among(text[length], letters))
        length++;
    return length;
}

size_t string_span_until(const char *text, const char *letters)
{
    size_t length = 0;
    while (text[length] != '\0' && !is_among(text[length], letters))
        length++;
    return length;
}

const char *string_find_any(const char *text, const char *letters)
{
    text += string_span_until(text, letters);
    return *text == '\0' ? NULL : text;
}

/* Cost: at most the product of the two lengths. */
const char *string_find_text(const char *text, const char *wanted)
{
    while (!string_starts_with(text, wanted)) {
        if (*text == '\0')
            return NULL;
        text++;
    }
    return text;
}

const char *string_next_word(const char **text, const char *separators, size_t *bytes)
{
    const char *const word = *text + string_span(*text, separators);
    const size_t length = string_span_until(word, separators);
    *text = word + length;
    if (length == 0)
        return NULL;
    *bytes = length;
    return word;
}

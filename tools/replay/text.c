/* SPDX-License-Identifier: MIT
 *
 * See lines.h: words and numbers.
 */
#include <string.h>

#include "tools/replay/lines.h"

#define DIGIT_BITS 4

struct text text_word(struct text *rest)
{
    size_t bytes = 0;

    while (bytes < rest->bytes && rest->start[bytes] != ' ')
        bytes++;
    const struct text word = { rest->start, bytes };
    if (bytes < rest->bytes)
        bytes++;
    rest->start += bytes;
    rest->bytes -= bytes;
    return word;
}

bool text_is(struct text text, const char *word)
{
    return text.bytes == strlen(word) && memcmp(text.start, word, text.bytes) == 0;
}

bool text_number(struct text text, uint64_t most, uint64_t *value)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t sum = 0;

    if (text.bytes == 0)
        return false;
    for (size_t i = 0; i < text.bytes; i++) {
        const char *const digit = memchr(digits, text.start[i], sizeof(digits) - 1);
        if (digit == NULL || sum > most >> DIGIT_BITS)
            return false;
        sum = sum << DIGIT_BITS | (uint64_t)(digit - digits);
    }
    if (sum > most)
        return false;
    *value = sum;
    return true;
}

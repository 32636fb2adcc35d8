/* SPDX-License-Identifier: MIT
 *
 * UTF-8, one code point at a time. Strict: what is not the shortest form of a
 * Unicode scalar value is not UTF-8.
 * Spec: The Unicode Standard, section 3.9, table 3-7; RFC 3629.
 */
#include "kernel/core/utf8.h"

#include <stddef.h>

#include "base/compiler.h"

#define CONTINUATION_MARK 0x80
#define CONTINUATION_MASK 0xC0
#define CONTINUATION_BITS 6
#define SURROGATE_FIRST   0xD800
#define SURROGATE_LAST    0xDFFF
#define UNICODE_LAST      0x10FFFF

/* What a first byte announces. */
struct utf8_form {
    uint8_t mark;   /* the bits of the first byte ... */
    uint8_t mask;   /* ... under this mask; the others are the code point's highest */
    uint8_t more;   /* continuation bytes */
    uint32_t least; /* below this, a shorter form exists */
};

static const struct utf8_form forms[] = {
    { 0x00, 0x80, 0, 0 },
    { 0xC0, 0xE0, 1, 0x80 },
    { 0xE0, 0xF0, 2, 0x800 },
    { 0xF0, 0xF8, 3, 0x10000 },
};

/*
 * Take one code point off NUL-terminated text.
 *
 * text        moved behind the code point on success; a NUL is never passed
 * code_point  set on success
 *
 * False at the end of the text, and where the bytes are not UTF-8.
 */
bool utf8_take(const char **text, uint32_t *code_point)
{
    const uint8_t *bytes = (const uint8_t *)*text;
    if (bytes[0] == 0)
        return false;
    size_t form = 0;
    while (form < ARRAY_COUNT(forms) && (bytes[0] & forms[form].mask) != forms[form].mark)
        form++;
    if (form == ARRAY_COUNT(forms))
        return false;

    uint32_t value = bytes[0] & (uint8_t)~forms[form].mask;
    for (size_t i = 1; i <= forms[form].more; i++) {
        if ((bytes[i] & CONTINUATION_MASK) != CONTINUATION_MARK)
            return false;
        value = value << CONTINUATION_BITS | (bytes[i] & (uint8_t)~CONTINUATION_MASK);
    }
    if (value < forms[form].least || value > UNICODE_LAST ||
        (value >= SURROGATE_FIRST && value <= SURROGATE_LAST))
        return false;
    *text += 1 + forms[form].more;
    *code_point = value;
    return true;
}

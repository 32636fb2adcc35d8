/* SPDX-License-Identifier: MIT
 *
 * Finds glyphs in the font blob. The blob is ours and was checked when it was
 * made; a glyph number beyond its end draws the first glyph.
 */
#include "kernel/dev/font.h"

#include "kernel/dev/utf8_stream.h"

extern const struct font_header font_blob; /* font.asm */

static const struct font_character *font_characters(void)
{
    return (const struct font_character *)(const void *)(&font_blob + 1);
}

/* Bisection; false: the font does not have it. */
static bool font_find(uint32_t code_point, uint16_t *glyph)
{
    const struct font_character *characters = font_characters();
    unsigned low = 0;
    unsigned high = font_blob.characters;
    while (low < high) {
        const unsigned middle = low + (high - low) / 2;
        if (characters[middle].code_point == code_point) {
            *glyph = characters[middle].glyph;
            return true;
        }
        if (characters[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

uint16_t font_glyph(uint32_t code_point)
{
    uint16_t glyph;
    if (font_find(code_point, &glyph) || font_find(UTF8_REPLACEMENT, &glyph) ||
        font_find('?', &glyph))
        return glyph;
    return 0;
}

const uint8_t *font_rows(uint16_t glyph)
{
    const uint8_t *glyphs = (const uint8_t *)(font_characters() + font_blob.characters);
    const unsigned known = glyph < font_blob.glyphs ? glyph : 0;
    return glyphs + (uint64_t)known * FONT_HEIGHT;
}

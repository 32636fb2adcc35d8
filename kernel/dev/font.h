/* SPDX-License-Identifier: MIT
 *
 * The kernel's font: glyphs of 8 by 16 pixels, converted from a Debian console
 * font by tools/font when the kernel is built.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"

#define FONT_MAGIC  0x544E4F46 /* "FONT" read as bytes */
#define FONT_WIDTH  8
#define FONT_HEIGHT 16

/* The blob: this header, the sorted characters, then the glyphs. */
struct font_header {
    uint32_t magic;      /* FONT_MAGIC */
    uint16_t characters; /* how many struct font_character follow */
    uint16_t glyphs;     /* how many glyphs of FONT_HEIGHT bytes follow them */
};
ASSERT_SIZE(struct font_header, 8);

struct font_character {
    uint16_t code_point;
    uint16_t glyph;
};
ASSERT_SIZE(struct font_character, 4);

/* The glyph that draws a code point, or the replacement's. */
uint16_t font_glyph(uint32_t code_point);

/* FONT_HEIGHT bytes, a row each, the leftmost pixel in the top bit. */
const uint8_t *font_rows(uint16_t glyph);

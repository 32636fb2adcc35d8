/* SPDX-License-Identifier: MIT
 *
 * Converts a PSF1 console font to the kernel's own form (struct font_header,
 * kernel/dev/font.h): characters sorted by code point, then the glyphs. Takes
 * fonts of 8 by 16 pixels with a Unicode table, and only those; refuses one
 * that lacks a printable character of Latin-1 or a box-drawing character.
 *
 *   psf_convert FONT.psf OUTPUT
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "hw/psf1.h"

#define FONT_MAGIC      0x544E4F46
#define FONT_HEIGHT     16
#define CODE_POINTS     0x10000
#define INPUT_BYTES_MAX 0x100000
#define NO_GLYPH        (-1)
#define SOFT_HYPHEN     0xAD /* is no shape of its own */
#define BOX_FIRST       0x2500
#define BOX_LAST        0x257F

struct font {
    uint8_t bytes[INPUT_BYTES_MAX];
    size_t count;
    unsigned glyphs;
    size_t table; /* offset of the Unicode table */
    int glyph_of[CODE_POINTS];
};

static struct font font;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "psf_convert: %s\n", what);
    exit(EXIT_FAILURE);
}

static void read_font(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail("the font cannot be opened");
    font.count = fread(font.bytes, 1, sizeof(font.bytes), file);
    fclose(file);
    if (font.count < PSF1_HEADER_BYTES || font.bytes[0] != PSF1_MAGIC_0 ||
        font.bytes[1] != PSF1_MAGIC_1)
        fail("not a PSF1 font");
    if (font.bytes[PSF1_HEIGHT] != FONT_HEIGHT)
        fail("the glyphs are not 8 by 16 pixels");
    if ((font.bytes[PSF1_MODE] & PSF1_MODE_UNICODE) == 0)
        fail("the font has no Unicode table");
    font.glyphs = (font.bytes[PSF1_MODE] & PSF1_MODE_512) != 0 ? PSF1_GLYPHS_512 : PSF1_GLYPHS;
    font.table = PSF1_HEADER_BYTES + (size_t)font.glyphs * FONT_HEIGHT;
    if (font.table > font.count)
        fail("the font ends among its glyphs");
}

/* For each glyph its single characters, then sequences, which are of no use here. */
static void read_unicode_table(void)
{
    unsigned glyph = 0;
    bool in_sequence = false;
    for (unsigned c = 0; c < CODE_POINTS; c++)
        font.glyph_of[c] = NO_GLYPH;
    for (size_t at = font.table; at + 1 < font.count && glyph < font.glyphs; at += 2) {
        const uint16_t word = load_le16(font.bytes + at);
        if (word == PSF1_END) {
            glyph++;
            in_sequence = false;
        } else if (word == PSF1_SEQUENCE) {
            in_sequence = true;
        } else if (!in_sequence && font.glyph_of[word] == NO_GLYPH) {
            font.glyph_of[word] = (int)glyph;
        }
    }
    if (glyph != font.glyphs)
        fail("the Unicode table ends early");
}

static void require(unsigned first, unsigned last)
{
    for (unsigned c = first; c <= last; c++) {
        if (c != SOFT_HYPHEN && font.glyph_of[c] == NO_GLYPH) {
            fprintf(stderr, "psf_convert: U+%04X is not in the font\n", c);
            exit(EXIT_FAILURE);
        }
    }
}

static void put16(FILE *out, unsigned value)
{
    fputc((int)(value & 0xFF), out);
    fputc((int)(value >> 8 & 0xFF), out);
}

static void write_font(const char *path)
{
    unsigned characters = 0;
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        fail("the output cannot be written");
    for (unsigned c = 0; c < CODE_POINTS; c++)
        characters += font.glyph_of[c] != NO_GLYPH ? 1 : 0;
    put16(out, FONT_MAGIC & 0xFFFF);
    put16(out, FONT_MAGIC >> 16);
    put16(out, characters);
    put16(out, font.glyphs);
    for (unsigned c = 0; c < CODE_POINTS; c++) {
        if (font.glyph_of[c] == NO_GLYPH)
            continue;
        put16(out, c);
        put16(out, (unsigned)font.glyph_of[c]);
    }
    fwrite(font.bytes + PSF1_HEADER_BYTES, FONT_HEIGHT, font.glyphs, out);
    if (ferror(out) != 0 || fclose(out) != 0)
        fail("the output cannot be written");
}

int main(int argc, char **argv)
{
    if (argc != 3)
        fail("usage: psf_convert FONT.psf OUTPUT");
    read_font(argv[1]);
    read_unicode_table();
    require(' ', '~');
    require(0xA0, 0xFF);
    require(BOX_FIRST, BOX_LAST);
    write_font(argv[2]);
    return EXIT_SUCCESS;
}

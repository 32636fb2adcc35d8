/* SPDX-License-Identifier: MIT
 *
 * PC Screen Font, version 1: four bytes of header, the glyphs, and a table of
 * the characters each one draws. Plain defines for the font converter.
 * Spec: the kbd package's doc/font-formats, "PSF1".
 */
#pragma once

#define PSF1_MAGIC_0      0x36
#define PSF1_MAGIC_1      0x04
#define PSF1_MODE         2 /* offset */
#define PSF1_HEIGHT       3 /* offset: bytes of a glyph, one a row of 8 pixels */
#define PSF1_HEADER_BYTES 4

#define PSF1_MODE_512     0x01 /* 512 glyphs, else 256 */
#define PSF1_MODE_UNICODE 0x02 /* the table is there */
#define PSF1_GLYPHS       256
#define PSF1_GLYPHS_512   512

#define PSF1_SEQUENCE 0xFFFE /* what follows are sequences of characters */
#define PSF1_END      0xFFFF /* the next glyph's list */

/* SPDX-License-Identifier: MIT
 *
 * VGA text mode 3 as the kernel writes it: cells of a character and its
 * colours, and the CRT controller's cursor. Plain defines.
 * Spec: IBM PS/2 and PC BIOS interface, VGA; FreeVGA "CRT Controller Registers".
 */
#pragma once

#define VGA_TEXT_PHYS    0xB8000
#define VGA_TEXT_BYTES   0x8000
#define VGA_TEXT_COLUMNS 80
#define VGA_TEXT_ROWS    25

/* A cell: character code (code page 437) below, colours above. */
#define VGA_COLOUR_SHIFT 8
#define VGA_LIGHT_GREY   0x07 /* on black, as the BIOS leaves it */
#define VGA_CODE_MASK    0xFF

#define VGA_CRTC_INDEX       0x3D4
#define VGA_CRTC_DATA        0x3D5
#define VGA_CRTC_CURSOR_HIGH 0x0E
#define VGA_CRTC_CURSOR_LOW  0x0F

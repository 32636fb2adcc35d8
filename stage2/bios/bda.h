/* SPDX-License-Identifier: MIT
 *
 * Named reads of the BIOS data area, the first page of memory where the BIOS
 * keeps what it knows of the machine. Nothing here writes, and nothing read
 * here is judged. Spec: IBM PC/AT Technical Reference, "BIOS data area".
 */
#pragma once

#include <stdint.h>

#include "hw/bios.h"

#define BDA_VIDEO_MODE    0x449 /* byte: mode number of INT 10h AH=00h */
#define BDA_VIDEO_COLUMNS 0x44A /* word */
#define BDA_VIDEO_START   0x44E /* word: offset of the page that is shown */
#define BDA_CURSORS       0x450 /* eight words: column, row of each page's cursor */

/* The compiler must not reason about addresses this low: hence volatile. */
static inline uint8_t bda_byte(uintptr_t address)
{
    return *(const volatile uint8_t *)address;
}

static inline uint16_t bda_word(uintptr_t address)
{
    return (uint16_t)(bda_byte(address) | bda_byte(address + 1) << 8);
}

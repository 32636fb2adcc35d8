/* SPDX-License-Identifier: MIT
 *
 * Code page 437, which every VGA shows in text mode.
 */
#pragma once

#include <stdint.h>

#define CP437_REPLACEMENT 0xFE /* a black square */

/* The code of a character, or CP437_REPLACEMENT. */
uint8_t cp437_encode(uint32_t code_point);

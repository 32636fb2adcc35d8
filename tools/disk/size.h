/* SPDX-License-Identifier: MIT
 *
 * Sizes for people.
 */
#pragma once

#include <stdint.h>

#define SIZE_TEXT_BYTES 16

/* "512 B", "64 MiB", "14.9 GiB": one decimal where it is not 0. Returns `text`. */
const char *size_text(uint64_t bytes, char text[SIZE_TEXT_BYTES]);

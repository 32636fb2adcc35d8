/* SPDX-License-Identifier: MIT
 *
 * What the early shadow hands on to memory management.
 */
#pragma once

#include <stdint.h>

/* The image's shadow: how many bytes, and where in the image. Whole pages. */
uint64_t kasan_early_image(const uint8_t **shadow);

/* Where a byte of the image lies in memory; for the tables that are loaded. */
uint64_t kasan_early_phys(const void *place);

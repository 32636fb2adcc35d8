/* SPDX-License-Identifier: MIT
 *
 * Free frames filled with their pattern (base/poison.h), and the search for what
 * changed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both for whole words at an address that is a multiple of one. */
void poison_fill(void *memory, size_t bytes);

/* False: the byte at *offset is not the pattern's. */
bool poison_holds(const void *memory, size_t bytes, size_t *offset);

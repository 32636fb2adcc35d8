/* SPDX-License-Identifier: MIT
 *
 * A pattern for memory that nobody may touch, and the search for what changed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No canonical address: whoever follows it as a pointer faults at once. */
#define POISON_WORD 0xF4EEF4EEF4EEF4EEULL

/* Both for whole words at an address that is a multiple of one. */
void poison_fill(void *memory, size_t bytes);

/* False: the byte at *offset is not the pattern's. */
bool poison_holds(const void *memory, size_t bytes, size_t *offset);

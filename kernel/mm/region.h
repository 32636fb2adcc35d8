/* SPDX-License-Identifier: MIT
 *
 * Memory of the kernel in whole pages, in a room of its own (virtual_room.h): pages in a row that
 * need not be so in physical memory, with an unmapped guard page on either side.
 * For stacks, and for whatever is too large for the heap.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"

/*
 * Whole pages for `bytes`, zeroed; NULL when there is no memory, or bytes is 0. An
 * address serves again only when the whole room has been used once.
 */
MUST_CHECK void *region_allocate(uint64_t bytes);

/* NULL: nothing. Panics unless it is what region_allocate gave. */
void region_free(void *region);

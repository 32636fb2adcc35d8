/* SPDX-License-Identifier: MIT
 *
 * Cutting frames out of free blocks, for the parts of the buddy allocator.
 */
#pragma once

#include <stdint.h>

struct buddy;

/* Take frames, all of them free and in one region, out of the free blocks around them. */
void buddy_carve(struct buddy *buddy, uint64_t first, uint64_t frames);

/* SPDX-License-Identifier: MIT
 *
 * The simplest allocator: a mark that only moves up, and a count of live blocks.
 * Memory comes back when the last block is freed, all of it at once; one block
 * that lives long keeps everything. Finds frees of what it never gave out and
 * frees that are too many, but takes any address below its mark for a block.
 */
#pragma once

#include "kernel/alloc/allocator.h"

struct bump {
    uint8_t *first;
    size_t bytes;
    size_t used; /* bytes below the mark */
    size_t live; /* blocks */
};

/* Take over bytes first..; nothing of them is touched. */
void bump_begin(struct bump *bump, void *first, size_t bytes);

/* Those of struct allocator. Cost of each: constant. */
MUST_CHECK void *bump_allocate(struct bump *bump, size_t bytes, size_t alignment);
enum allocator_status bump_free(struct bump *bump, const void *block);

/* It as any allocator; valid as long as *bump. */
struct allocator bump_allocator(struct bump *bump);

/* SPDX-License-Identifier: MIT
 *
 * Size classes over a linked list: a request becomes a block of the next power
 * of two, aligned to its own size, from the list of free blocks of that class; an
 * empty class and what is larger than all classes go to the linked list. Fast,
 * but a block once cut for a class stays in it. A free must say what was asked
 * for. Finds frees outside its memory or at an address no block of the class can
 * have; of double frees only one that follows at once on the first.
 */
#pragma once

#include "kernel/alloc/linked_list.h"

#define FIXED_BLOCK_CLASSES     8 /* 16 bytes to 2 KiB */
#define FIXED_BLOCK_FIRST_SHIFT 4 /* 16 bytes: the smallest */

struct fixed_block_free {
    struct fixed_block_free *next;
};

struct fixed_block {
    struct fixed_block_free *free[FIXED_BLOCK_CLASSES];
    struct linked_list rest;
};

/* Take over bytes first.. */
void fixed_block_begin(struct fixed_block *blocks, void *first, size_t bytes);

/* Those of struct allocator. Cost: constant when the class has a free block. */
MUST_CHECK void *fixed_block_allocate(struct fixed_block *blocks, size_t bytes, size_t alignment);
MUST_CHECK enum allocator_status fixed_block_free(struct fixed_block *blocks, void *block,
                                                  size_t bytes, size_t alignment);

/* Give the free blocks of all classes back to the linked list. */
void fixed_block_trim(struct fixed_block *blocks);

/* It as any allocator; valid as long as *blocks. */
struct allocator fixed_block_allocator(struct fixed_block *blocks);

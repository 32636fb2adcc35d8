/* SPDX-License-Identifier: MIT
 *
 * A list of the holes, each written into the hole itself, in the order of their
 * addresses: first fit, and a freed block grows together with the holes next to
 * it. Blocks have no header, so a free must say how long the block is. Finds
 * frees outside its memory and frees of what lies in a hole (double frees).
 */
#pragma once

#include "kernel/alloc/allocator.h"

struct linked_list_hole {
    size_t bytes;
    struct linked_list_hole *next; /* at a higher address */
};

struct linked_list {
    uint8_t *first;
    size_t bytes;
    struct linked_list_hole holes; /* before the first hole; never a hole itself */
};

/* Take over bytes first..; what is not aligned at either end stays unused. */
void linked_list_begin(struct linked_list *list, void *first, size_t bytes);

/* Those of struct allocator. Cost: one walk along the holes. */
MUST_CHECK void *linked_list_allocate(struct linked_list *list, size_t bytes, size_t alignment);
MUST_CHECK enum allocator_status linked_list_free(struct linked_list *list, void *block,
                                                  size_t bytes);

/* Bytes up to the last one in use. Cost: one walk along the holes. */
size_t linked_list_held(const struct linked_list *list);

/* It as any allocator; valid as long as *list. */
struct allocator linked_list_allocator(struct linked_list *list);

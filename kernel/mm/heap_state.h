/* SPDX-License-Identifier: MIT
 *
 * What the files of the heap share. For kernel/mm/heap*.c only.
 */
#pragma once

#include "kernel/alloc/checked.h"
#include "kernel/mm/heap.h"

/* Free blocks of one class, each beginning with the address of the next. */
struct heap_list {
    void **first;
    size_t blocks;
    size_t allocations; /* that were served from here */
} ALIGNED(32);          /* a power of two is found with a shift */

struct heap {
    struct heap_list lists[SLAB_CLASSES];
    struct slab slab;
    struct checked checked;
    bool is_checked;
    size_t list_most; /* free blocks that a list may have: none while checking */
    size_t pages;
    size_t pages_most;
};

/* There is one. */
extern struct heap heap;

/* Give the free blocks of a class, all but `rest` of them, back to the slab. */
void heap_list_shorten(struct heap_list *list, size_t rest);

/* A panic about a finding. */
NORETURN void heap_panic(const struct checked_finding *finding);

/* Those of heap.h when checked; `by` is who called. */
void *heap_checked_allocate(size_t bytes, size_t alignment, const void *by);
void heap_checked_free(void *block, const void *by);

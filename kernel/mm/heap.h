/* SPDX-License-Identifier: MIT
 *
 * The kernel's heap: the slab of kernel/alloc over frames in the direct map, with
 * a short list of free blocks in front of each size class. Chosen once at the
 * start, `checked` puts red zones, a quarantine and a record around each block
 * instead (kernel/alloc/checked.h); what that finds is a panic in words. One CPU,
 * no lock; not for interrupt handlers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct boot_memory_range;
struct checked_finding;

#define HEAP_ALIGNMENT 16

/*
 * Once, when frames_begin and boot_keep are done. Before it every allocation is
 * NULL. Without frames for its table the heap stays without memory, too: false.
 */
MUST_CHECK bool heap_begin(const struct boot_memory_range *ranges, uint32_t count, bool checked);

/* A block of HEAP_ALIGNMENT, or NULL. 0 bytes are a block like any other. */
MUST_CHECK void *heap_allocate(size_t bytes);

/* The same at a multiple of `alignment`, a power of two. */
MUST_CHECK void *heap_allocate_aligned(size_t bytes, size_t alignment);

/* count * bytes of zeros; NULL also when the product does not fit. */
MUST_CHECK void *heap_allocate_zeroed(size_t count, size_t bytes);

/* As realloc: NULL is a new block; on NULL the old one stays as it is. */
MUST_CHECK void *heap_resize(void *block, size_t bytes);

/* NULL: nothing. Panics at what is no live block of the heap. */
void heap_free(void *block);

bool heap_is_checked(void);

/* Look at every zone and at the quarantine now; panics at what was written. Unchecked: nothing. */
void heap_check(void);

/* The same without the panic. False: *finding tells what is wrong. */
MUST_CHECK bool heap_find_fault(struct checked_finding *finding);

/* What is only kept for later goes back to the frames: lists, quarantine, empty pages. */
void heap_trim(void);

/*
 * bytes        of live blocks: as asked for when checked, else as long as their class is
 * *_most       when checked: the most at any time; else 0
 * pages_most   the most pages that were held at any time
 */
struct heap_account {
    size_t blocks;
    size_t bytes;
    size_t blocks_most;
    size_t bytes_most;
    size_t allocations;
    size_t pages;
    size_t pages_most;
};

void heap_account(struct heap_account *account);

/* The account as a table, class by class. */
void heap_print(void);

/* When checked: each live block with who allocated it, newest first. */
void heap_print_live(void);

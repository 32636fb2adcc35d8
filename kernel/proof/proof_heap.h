/* SPDX-License-Identifier: MIT
 *
 * The allocators of kernel/alloc as subjects of one suite: each over the same
 * bytes of the arena, with what may be expected of it and what not. For the
 * files proof_heap*.c only.
 */
#pragma once

#include "kernel/alloc/bump.h"
#include "kernel/alloc/fixed_block.h"
#include "kernel/alloc/slab.h"
#include "kernel/proof/claims.h"

#define PROOF_HEAP_PAGES  25
#define PROOF_HEAP_BYTES  0x19000 /* 100 KiB: PROOF_HEAP_PAGES of them */
#define PROOF_HEAP_BLOCKS 1700    /* more than the heap has of SMALL_BYTES */
#define PROOF_SMALL_BYTES 64

/* What a design can. */
#define PROOF_REUSES       1 /* gives a freed block's memory out again while others live */
#define PROOF_JOINS        2 /* makes one large block of many freed small ones */
#define PROOF_FINDS_TWICE  4 /* finds a block that is freed twice, whatever came between */
#define PROOF_FINDS_MIDDLE 8 /* finds the free of an address inside a block */

enum proof_heap_kind { PROOF_BUMP, PROOF_LINKED_LIST, PROOF_FIXED_BLOCK, PROOF_SLAB };

/* A source of pages: the heap's bytes, first fit. */
struct proof_pages {
    uint8_t *first;
    uint8_t taken[PROOF_HEAP_PAGES];
    unsigned refuse_from; /* a page is refused once so many are taken */
    bool wrong;           /* something came back that was not out */
};

/* Lies in the arena behind the heap's bytes. */
struct proof_heap {
    struct allocator allocator;
    unsigned can; /* PROOF_REUSES and so on */
    uint8_t *memory;
    struct bump bump;
    struct linked_list list;
    struct fixed_block fixed;
    struct slab slab;
    uint8_t kinds[PROOF_HEAP_PAGES];
    struct proof_pages pages;
    void *blocks[PROOF_HEAP_BLOCKS]; /* for the test */
};

/* The allocator of this kind, without a block, in the arena of the claims. */
struct proof_heap *proof_heap_begin(struct claims *claims, enum proof_heap_kind kind);

/* Ask for a block aligned to ALLOCATOR_ALIGNMENT, and give one back. */
void *proof_take(struct proof_heap *heap, size_t bytes);
enum allocator_status proof_give(struct proof_heap *heap, void *block, size_t bytes);

/* Fill heap->blocks with blocks of so many bytes until there is no more: how many. */
size_t proof_fill(struct proof_heap *heap, size_t bytes);

/* The claims that are made of each. */
void proof_heap_simple(struct claims *claims, struct proof_heap *heap);
void proof_heap_large_vector(struct claims *claims, struct proof_heap *heap);
void proof_heap_many_boxes(struct claims *claims, struct proof_heap *heap);
void proof_heap_long_lived(struct claims *claims, struct proof_heap *heap);
void proof_heap_resize(struct claims *claims, struct proof_heap *heap);
void proof_heap_alignment(struct claims *claims, struct proof_heap *heap);
void proof_heap_exhaustion(struct claims *claims, struct proof_heap *heap);
void proof_heap_zero_bytes(struct claims *claims, struct proof_heap *heap);
void proof_heap_overflow(struct claims *claims, struct proof_heap *heap);
void proof_heap_no_overlap(struct claims *claims, struct proof_heap *heap);
void proof_heap_fragmentation(struct claims *claims, struct proof_heap *heap);
void proof_heap_wrong_frees(struct claims *claims, struct proof_heap *heap);
void proof_heap_all_returned(struct claims *claims, struct proof_heap *heap);

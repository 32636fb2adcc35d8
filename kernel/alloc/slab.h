/* SPDX-License-Identifier: MIT
 *
 * The default allocator: pages cut into blocks of one size class each, over a
 * port that gives pages. What is larger than every class is a run of pages of its
 * own. A block has no header and a free needs nothing but its address: one byte
 * for each page says whose it is, and the bits at a slab's start which of its
 * blocks are free. So every wrong free is found: a foreign address, the middle
 * of a block, a block that is free already.
 */
#pragma once

#include "kernel/alloc/allocator.h"

#define SLAB_CLASSES       21
#define SLAB_LARGEST_BYTES 2016 /* of a class; above: whole pages */
#define SLAB_ORDERS        64   /* a run of pages is 2^order of them, order below this */
#define SLAB_WORDS         4    /* of bits: as many as the smallest class has blocks in a page */

/* What the window's bytes say of a page: a slab of class KIND - 1, or one of these. */
#define SLAB_KIND_NONE  0    /* not the slab's */
#define SLAB_KIND_TAIL  0x7F /* of a run, behind its first page */
#define SLAB_KIND_LARGE 0x80 /* a run's first page, plus its order */

/*
 * Where pages come from.
 * allocate  2^order pages of hw/paging.h, aligned to a page at least; or NULL
 * release   what allocate gave, with the same order
 */
struct slab_source {
    void *context;
    void *(*allocate)(void *context, unsigned order);
    void (*release)(void *context, void *pages, unsigned order);
};

/* The start of a page that is cut into blocks. */
struct slab_page {
    struct slab_page *next; /* of the pages of this class with a free block */
    struct slab_page *previous;
    uint64_t free[SLAB_WORDS]; /* bit n: block n is free */
    size_t available;          /* free blocks */
};

/* One size class: its geometry, its pages with a free block, its account. */
struct slab_class {
    struct slab_page *partial;
    uint32_t bytes;      /* of a block */
    uint32_t first;      /* offset of block 0 in a page */
    uint32_t reciprocal; /* what to multiply by instead of dividing by bytes */
    uint32_t blocks;     /* in a page */
    size_t live;         /* blocks in use */
    size_t live_most;    /* the most there ever were */
    size_t allocations;  /* ever */
    size_t pages;        /* held */
};

struct slab {
    struct slab_class classes[SLAB_CLASSES];
    uint8_t class_of[SLAB_LARGEST_BYTES / ALLOCATOR_ALIGNMENT + 1]; /* by length, in units */
    struct slab_source source;
    uint8_t *first; /* page 0 of the window that all pages come from */
    size_t window;  /* its pages */
    uint8_t *kinds; /* of each page of the window */
    size_t large_live;
    size_t large_pages;
    size_t large_allocations;
};

/* Where an address lies. */
struct slab_place {
    uint8_t *block; /* the block's first byte */
    size_t bytes;   /* its length */
    bool live;      /* not free */
};

/*
 * Begin without a page. All that `source` gives must lie in the `window` pages
 * behind `first`; `kinds` has a byte for each of these, and belongs to the slab.
 */
void slab_begin(struct slab *slab, const struct slab_source *source, void *first, size_t window,
                uint8_t *kinds);

/* Those of struct allocator. Cost: constant, unless a page is taken or given back. */
MUST_CHECK void *slab_allocate(struct slab *slab, size_t bytes, size_t alignment);
MUST_CHECK enum allocator_status slab_free(struct slab *slab, void *block);

/* The page of an address in the window; slab->window or more: it is in none. */
size_t slab_page_number(const struct slab *slab, const void *address);

/* Which block an address lies in, live or not; false: in none, and *place is not written. */
bool slab_find(const struct slab *slab, const void *address, struct slab_place *place);

/* Give back the free page that a class keeps. */
void slab_trim(struct slab *slab);

/* Pages held now. */
size_t slab_pages_held(const struct slab *slab);

/* It as any allocator; valid as long as *slab. */
struct allocator slab_allocator(struct slab *slab);

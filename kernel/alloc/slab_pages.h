/* SPDX-License-Identifier: MIT
 *
 * The slab's pages: which are whose, taking and giving back. For slab.c only.
 */
#pragma once

#include "kernel/alloc/slab.h"

/* offset * reciprocal >> this is offset / bytes, for an offset of a block in a page. */
#define SLAB_RECIPROCAL_SHIFT 16

/* Take a page for a class and put it first among those with a free block; false: there is none. */
bool slab_grow(struct slab *slab, struct slab_class *class);

/* Give back a page without a live block that is among those with a free one. */
void slab_shrink(struct slab *slab, struct slab_class *class, struct slab_page *page);

/* A run of pages for so many bytes. */
void *slab_allocate_pages(struct slab *slab, size_t bytes, size_t alignment);
enum allocator_status slab_free_pages(struct slab *slab, void *block);

/* SPDX-License-Identifier: MIT
 *
 * Pages come and go here; blocks do not.
 */
#include "kernel/alloc/slab_pages.h"

#include "hw/paging.h"
#include "kernel/core/string.h"

#define WORD_BITS 64

_Static_assert(SLAB_WORDS *WORD_BITS >= PAGE_BYTES / ALLOCATOR_ALIGNMENT, "a bit for each block");

static void free_all_blocks(struct slab_page *page, uint32_t blocks)
{
    memset(page->free, 0, sizeof(page->free));
    for (uint32_t block = 0; block < blocks; block++)
        page->free[block / WORD_BITS] |= (uint64_t)1 << (block % WORD_BITS);
    page->available = blocks;
}

bool slab_grow(struct slab *slab, struct slab_class *class)
{
    struct slab_page *const page = slab->source.allocate(slab->source.context, 0);
    if (page == NULL)
        return false;
    free_all_blocks(page, class->blocks);
    page->next = class->partial;
    page->previous = NULL;
    if (page->next != NULL)
        page->next->previous = page;
    class->partial = page;
    class->pages++;
    slab->kinds[slab_page_number(slab, page)] = (uint8_t)(1 + (class - slab->classes));
    return true;
}

void slab_shrink(struct slab *slab, struct slab_class *class, struct slab_page *page)
{
    if (page->previous != NULL)
        page->previous->next = page->next;
    else
        class->partial = page->next;
    if (page->next != NULL)
        page->next->previous = page->previous;
    class->pages--;
    slab->kinds[slab_page_number(slab, page)] = SLAB_KIND_NONE;
    slab->source.release(slab->source.context, page, 0);
}

/* The smallest order whose pages hold so many bytes. */
static unsigned order_of(size_t bytes)
{
    unsigned order = 0;
    while (order < SLAB_ORDERS && bytes > (size_t)PAGE_BYTES << order &&
           (size_t)PAGE_BYTES << order <= SIZE_MAX / 2)
        order++;
    return order;
}

void *slab_allocate_pages(struct slab *slab, size_t bytes, size_t alignment)
{
    const size_t wanted = bytes > alignment ? bytes : alignment;
    const unsigned order = order_of(wanted);
    if (wanted > (size_t)PAGE_BYTES << order)
        return NULL;
    uint8_t *const pages = slab->source.allocate(slab->source.context, order);
    if (pages == NULL)
        return NULL;
    if (allocator_padding((uintptr_t)pages, alignment) != 0) {
        slab->source.release(slab->source.context, pages, order); /* the port promises a page's */
        return NULL;
    }
    const size_t count = (size_t)1 << order;
    uint8_t *const kinds = slab->kinds + slab_page_number(slab, pages);
    memset(kinds, SLAB_KIND_TAIL, count);
    kinds[0] = (uint8_t)(SLAB_KIND_LARGE + order);
    slab->large_live++;
    slab->large_pages += count;
    slab->large_allocations++;
    return pages;
}

/* A whole run, from its first page; any other page of one is the middle of a block. */
enum allocator_status slab_free_pages(struct slab *slab, void *block)
{
    const size_t number = slab_page_number(slab, block);
    if (number >= slab->window || slab->kinds[number] == SLAB_KIND_NONE)
        return ALLOCATOR_E_FOREIGN;
    if (slab->kinds[number] < SLAB_KIND_LARGE ||
        allocator_padding((uintptr_t)block, PAGE_BYTES) != 0)
        return ALLOCATOR_E_MIDDLE;
    const unsigned order = slab->kinds[number] - SLAB_KIND_LARGE;
    const size_t count = (size_t)1 << order;
    memset(slab->kinds + number, SLAB_KIND_NONE, count);
    slab->large_live--;
    slab->large_pages -= count;
    slab->source.release(slab->source.context, block, order);
    return ALLOCATOR_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * How each allocator comes into the arena.
 */
#include "kernel/proof/proof_heap.h"

#include "hw/paging.h"
#include "kernel/core/string.h"

_Static_assert(PROOF_HEAP_PAGES *PAGE_BYTES == PROOF_HEAP_BYTES, "the heap is whole pages");
_Static_assert(PROOF_HEAP_BYTES + sizeof(struct proof_heap) <= CLAIMS_ARENA_BYTES,
               "heap and subject fit into any arena");

static unsigned pages_taken(const struct proof_pages *pages)
{
    unsigned taken = 0;
    for (unsigned page = 0; page < PROOF_HEAP_PAGES; page++)
        taken += pages->taken[page];
    return taken;
}

static bool are_free(const struct proof_pages *pages, unsigned first, unsigned count)
{
    for (unsigned page = first; page < first + count; page++) {
        if (pages->taken[page] != 0)
            return false;
    }
    return true;
}

static void *take_pages(void *context, unsigned order)
{
    struct proof_pages *const pages = context;
    if (order >= SLAB_ORDERS || (PROOF_HEAP_PAGES >> order) == 0 ||
        pages_taken(pages) >= pages->refuse_from)
        return NULL;
    const unsigned count = 1U << order;
    for (unsigned first = 0; first + count <= PROOF_HEAP_PAGES; first++) {
        if (are_free(pages, first, count)) {
            memset(pages->taken + first, 1, count);
            return pages->first + (size_t)first * PAGE_BYTES;
        }
    }
    return NULL;
}

static void give_pages(void *context, void *address, unsigned order)
{
    struct proof_pages *const pages = context;
    const size_t first = (size_t)((uint8_t *)address - pages->first) / PAGE_BYTES;
    for (size_t page = first; page < first + ((size_t)1 << order); page++) {
        pages->wrong = pages->wrong || pages->taken[page] == 0;
        pages->taken[page] = 0;
    }
}

static void begin_slab(struct proof_heap *heap)
{
    const struct slab_source source = { &heap->pages, take_pages, give_pages };
    heap->pages = (struct proof_pages){ .first = heap->memory, .refuse_from = PROOF_HEAP_PAGES };
    slab_begin(&heap->slab, &source, heap->memory, PROOF_HEAP_PAGES, heap->kinds);
    heap->allocator = slab_allocator(&heap->slab);
    heap->can = PROOF_REUSES | PROOF_JOINS | PROOF_FINDS_TWICE | PROOF_FINDS_MIDDLE;
}

struct proof_heap *proof_heap_begin(struct claims *claims, enum proof_heap_kind kind)
{
    struct proof_heap *const heap = (struct proof_heap *)(claims->arena + PROOF_HEAP_BYTES);
    memset(heap, 0, sizeof(*heap));
    heap->memory = claims->arena;
    switch (kind) {
    case PROOF_BUMP:
        bump_begin(&heap->bump, heap->memory, PROOF_HEAP_BYTES);
        heap->allocator = bump_allocator(&heap->bump);
        heap->can = PROOF_JOINS;
        break;
    case PROOF_LINKED_LIST:
        linked_list_begin(&heap->list, heap->memory, PROOF_HEAP_BYTES);
        heap->allocator = linked_list_allocator(&heap->list);
        heap->can = PROOF_REUSES | PROOF_JOINS | PROOF_FINDS_TWICE;
        break;
    case PROOF_FIXED_BLOCK:
        fixed_block_begin(&heap->fixed, heap->memory, PROOF_HEAP_BYTES);
        heap->allocator = fixed_block_allocator(&heap->fixed);
        heap->can = PROOF_REUSES;
        break;
    case PROOF_SLAB:
        begin_slab(heap);
        break;
    }
    return heap;
}

void *proof_take(struct proof_heap *heap, size_t bytes)
{
    return heap->allocator.allocate(heap->allocator.state, bytes, ALLOCATOR_ALIGNMENT);
}

enum allocator_status proof_give(struct proof_heap *heap, void *block, size_t bytes)
{
    return heap->allocator.free(heap->allocator.state, block, bytes, ALLOCATOR_ALIGNMENT);
}

size_t proof_fill(struct proof_heap *heap, size_t bytes)
{
    size_t count = 0;
    while (count < PROOF_HEAP_BLOCKS && (heap->blocks[count] = proof_take(heap, bytes)) != NULL)
        count++;
    return count;
}

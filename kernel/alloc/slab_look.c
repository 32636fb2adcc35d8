/* SPDX-License-Identifier: MIT
 *
 * What a slab can say of itself, and giving back what it only keeps.
 */
#include "hw/paging.h"
#include "kernel/alloc/slab_pages.h"

#define WORD_BITS 64

static bool find_in_slab(const struct slab_class *class, uintptr_t address,
                         struct slab_place *place)
{
    const uintptr_t start = address & ~(uintptr_t)(PAGE_BYTES - 1);
    struct slab_page *const page = (struct slab_page *)start;
    const size_t offset = address - start;
    if (offset < class->first)
        return false;
    const size_t index = (offset - class->first) / class->bytes;
    if (index >= class->blocks)
        return false;
    place->block = (uint8_t *)start + class->first + index * class->bytes;
    place->bytes = class->bytes;
    place->live = (page->free[index / WORD_BITS] >> (index % WORD_BITS) & 1) == 0;
    return true;
}

bool slab_find(const struct slab *slab, const void *address, struct slab_place *place)
{
    size_t number = slab_page_number(slab, address);
    if (number >= slab->window || slab->kinds[number] == SLAB_KIND_NONE)
        return false;
    if (slab->kinds[number] <= SLAB_CLASSES)
        return find_in_slab(&slab->classes[slab->kinds[number] - 1], (uintptr_t)address, place);
    while (slab->kinds[number] == SLAB_KIND_TAIL)
        number--;
    place->block = slab->first + number * PAGE_BYTES;
    place->bytes = (size_t)PAGE_BYTES << (slab->kinds[number] - SLAB_KIND_LARGE);
    place->live = true;
    return true;
}

void slab_trim(struct slab *slab)
{
    for (unsigned i = 0; i < SLAB_CLASSES; i++) {
        struct slab_class *const class = &slab->classes[i];
        struct slab_page *page = class->partial;
        while (page != NULL) {
            struct slab_page *const next = page->next;
            if (page->available == class->blocks)
                slab_shrink(slab, class, page);
            page = next;
        }
    }
}

size_t slab_pages_held(const struct slab *slab)
{
    size_t pages = slab->large_pages;
    for (unsigned class = 0; class < SLAB_CLASSES; class ++)
        pages += slab->classes[class].pages;
    return pages;
}

static void *allocate(void *state, size_t bytes, size_t alignment)
{
    return slab_allocate(state, bytes, alignment);
}

static enum allocator_status free_block(void *state, void *block, size_t bytes, size_t alignment)
{
    (void)bytes;
    (void)alignment;
    return slab_free(state, block);
}

static size_t held(const void *state)
{
    return slab_pages_held(state) * PAGE_BYTES;
}

static void trim(void *state)
{
    slab_trim(state);
}

struct allocator slab_allocator(struct slab *slab)
{
    return (struct allocator){ .name = "slab",
                               .state = slab,
                               .allocate = allocate,
                               .free = free_block,
                               .held = held,
                               .trim = trim };
}

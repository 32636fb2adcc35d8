/* SPDX-License-Identifier: MIT
 *
 * The blocks. What happens at each allocation and each free is short on purpose:
 * tests/vm/test_heap.py counts its instructions.
 */
#include "kernel/alloc/slab.h"

#include "hw/paging.h"
#include "kernel/alloc/slab_pages.h"

#define WORD_SHIFT   6
#define WORD_BITS    (1U << WORD_SHIFT)
#define HEADER_BYTES 64 /* at a slab's start */

_Static_assert(sizeof(struct slab_page) <= HEADER_BYTES, "the header fits in front of the blocks");

/*
 * As many blocks of each as fit behind the header, one class for each number of
 * blocks where they are few. Powers of two lie at multiples of their own length.
 */
static const uint16_t class_bytes[SLAB_CLASSES] = {
    16,  32,  48,  64,  80,  96,  112, 128,  160,  192,  224,
    256, 320, 384, 448, 512, 672, 800, 1008, 1344, 2016,
};

size_t slab_page_number(const struct slab *slab, const void *address)
{
    return ((uintptr_t)address - (uintptr_t)slab->first) >> PAGE_SHIFT;
}

static bool is_power_of_two(uint32_t value)
{
    return (value & (value - 1)) == 0;
}

static void class_begin(struct slab_class *class, uint32_t bytes)
{
    *class = (struct slab_class){ .bytes = bytes };
    class->first = is_power_of_two(bytes) && bytes > HEADER_BYTES ? bytes : HEADER_BYTES;
    class->blocks = (PAGE_BYTES - class->first) / bytes;
    class->reciprocal = (1U << SLAB_RECIPROCAL_SHIFT) / bytes + 1;
}

void slab_begin(struct slab *slab, const struct slab_source *source, void *first, size_t window,
                uint8_t *kinds)
{
    *slab = (struct slab){ .source = *source, .first = first, .window = window, .kinds = kinds };
    for (unsigned class = 0; class < SLAB_CLASSES; class ++)
        class_begin(&slab->classes[class], class_bytes[class]);
    unsigned class = 0;
    for (unsigned unit = 0; unit < ARRAY_COUNT(slab->class_of); unit++) {
        while (class < SLAB_CLASSES && class_bytes[class] < unit * ALLOCATOR_ALIGNMENT)
            class ++;
        slab->class_of[unit] = (uint8_t) class;
    }
    for (size_t page = 0; page < window; page++)
        kinds[page] = SLAB_KIND_NONE;
}

static ALWAYS_INLINE struct slab_page *page_of(const void *block)
{
    return (struct slab_page *)((uintptr_t)block & ~(uintptr_t)(PAGE_BYTES - 1));
}

/* The free block with the lowest number, which is free no longer. */
static ALWAYS_INLINE uint32_t take_block(struct slab_page *page)
{
    unsigned word = 0;
    while (page->free[word] == 0)
        word++;
    const uint64_t bits = page->free[word];
    page->free[word] = bits & (bits - 1);
    return (word << WORD_SHIFT) + (uint32_t)__builtin_ctzll(bits);
}

/* A page without a free block is in no list: a free finds it by address. */
static ALWAYS_INLINE void leave_if_full(struct slab_class *class, struct slab_page *page)
{
    if (--page->available != 0)
        return;
    class->partial = page->next;
    if (page->next != NULL)
        page->next->previous = NULL;
}

static ALWAYS_INLINE void *allocate_from(struct slab_class *class, struct slab_page *page)
{
    const uint32_t block = take_block(page);
    leave_if_full(class, page);
    class->allocations++;
    class->live++;
    if (class->live > class->live_most)
        class->live_most = class->live;
    return (uint8_t *)page + class->first + (size_t)block * class->bytes;
}

static NEVER_INLINE void *allocate_in_new_page(struct slab *slab, struct slab_class *class)
{
    return slab_grow(slab, class) ? allocate_from(class, class->partial) : NULL;
}

static ALWAYS_INLINE void *allocate_in(struct slab *slab, struct slab_class *class)
{
    if (class->partial == NULL)
        return allocate_in_new_page(slab, class);
    return allocate_from(class, class->partial);
}

/* Blocks that are a power of two long are aligned to it; whole pages to a page. */
static NEVER_INLINE void *allocate_aligned(struct slab *slab, size_t bytes, size_t alignment)
{
    const size_t wanted = bytes > alignment ? bytes : alignment;
    for (unsigned class = 0; class < SLAB_CLASSES; class ++) {
        if (class_bytes[class] >= wanted && is_power_of_two(class_bytes[class]))
            return allocate_in(slab, &slab->classes[class]);
    }
    return slab_allocate_pages(slab, bytes, alignment);
}

void *slab_allocate(struct slab *slab, size_t bytes, size_t alignment)
{
    if (alignment > ALLOCATOR_ALIGNMENT)
        return allocate_aligned(slab, bytes, alignment);
    if (bytes > SLAB_LARGEST_BYTES)
        return slab_allocate_pages(slab, bytes, alignment);
    const size_t unit = (bytes + ALLOCATOR_ALIGNMENT - 1) / ALLOCATOR_ALIGNMENT;
    return allocate_in(slab, &slab->classes[slab->class_of[unit]]);
}

/* The first free block of a page that had none, or the last live one of a page. */
static NEVER_INLINE enum allocator_status page_changed(struct slab *slab, struct slab_class *class,
                                                       struct slab_page *page)
{
    if (page->available == 1) {
        page->next = class->partial;
        page->previous = NULL;
        if (page->next != NULL)
            page->next->previous = page;
        class->partial = page;
    }
    const bool alone = class->partial == page && page->next == NULL;
    if (page->available == class->blocks && !alone)
        slab_shrink(slab, class, page);
    return ALLOCATOR_OK;
}

enum allocator_status slab_free(struct slab *slab, void *block)
{
    const size_t number = slab_page_number(slab, block);
    if (number >= slab->window || slab->kinds[number] - 1U >= SLAB_CLASSES)
        return slab_free_pages(slab, block);

    struct slab_page *const page = page_of(block);
    struct slab_class *const class = &slab->classes[slab->kinds[number] - 1];
    /* Before block 0 this wraps, and no index fits. */
    const uint32_t offset = (uint32_t)((uintptr_t)block - (uintptr_t)page) - class->first;
    const uint32_t index = offset * class->reciprocal >> SLAB_RECIPROCAL_SHIFT;
    if (index * class->bytes != offset || index >= class->blocks)
        return ALLOCATOR_E_MIDDLE;
    const uint64_t bit = (uint64_t)1 << (index % WORD_BITS);
    uint64_t *const word = &page->free[index >> WORD_SHIFT];
    if ((*word & bit) != 0)
        return ALLOCATOR_E_FREE;
    *word |= bit;
    class->live--;
    page->available++;
    if (page->available == 1 || page->available == class->blocks)
        return page_changed(slab, class, page);
    return ALLOCATOR_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * The short way first: heap_allocate and heap_free of a small block take and put
 * the first of a list, and ask the slab only when that is empty or long.
 * tests/vm/test_heap.py counts their instructions.
 */
#include "kernel/mm/heap.h"

#include "base/checked.h"
#include "boot/boot_info.h"
#include "kernel/alloc/frame_plan.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap_state.h"
#include "kernel/sanitize/kasan.h"

#define LIST_MOST 32 /* free blocks kept of a class */
#define LIST_REST (LIST_MOST / 2)

struct heap heap;

static void *take_frames(void *context, unsigned order)
{
    (void)context;
    const uint64_t phys = order <= FRAME_ORDER_MAX ? frames_allocate(order, FRAMES_ANY) : 0;
    if (phys == 0)
        return NULL;
    heap.pages += (size_t)1 << order;
    if (heap.pages > heap.pages_most)
        heap.pages_most = heap.pages;
    if (heap.is_checked)
        kasan_poison(direct_map_at(phys), (size_t)FRAME_BYTES << order, KASAN_HEAP_FREE);
    return direct_map_at(phys);
}

static void give_frames(void *context, void *pages, unsigned order)
{
    (void)context;
    heap.pages -= (size_t)1 << order;
    frames_free((uintptr_t)pages - (uintptr_t)direct_map_at(0), order);
}

bool heap_begin(const struct boot_memory_range *ranges, uint32_t count, bool checked)
{
    static const struct slab_source source = { NULL, take_frames, give_frames };
    uint64_t window = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (frame_type_is_ram(ranges[i].type))
            window = ranges[i].last / FRAME_BYTES + 1;
    }
    const uint64_t table =
        frames_allocate_range((window + FRAME_BYTES - 1) / FRAME_BYTES, FRAME_BYTES, FRAMES_ANY);
    if (table == 0)
        return false;
    slab_begin(&heap.slab, &source, direct_map_at(0), window, direct_map_at(table));
    checked_begin(&heap.checked, &heap.slab);
    heap.is_checked = checked;
    heap.list_most = checked ? 0 : LIST_MOST;
    return true;
}

bool heap_is_checked(void)
{
    return heap.is_checked;
}

static NORETURN void refuse(const void *block, enum allocator_status status)
{
    static const enum checked_fault faults[] = {
        [ALLOCATOR_OK] = CHECKED_OK,
        [ALLOCATOR_E_FOREIGN] = CHECKED_FOREIGN,
        [ALLOCATOR_E_MIDDLE] = CHECKED_MIDDLE,
        [ALLOCATOR_E_FREE] = CHECKED_TWICE,
    };
    panic("heap: the block at 0x%llx %s", (unsigned long long)(uintptr_t)block,
          checked_words(faults[status]));
}

void heap_list_shorten(struct heap_list *list, size_t rest)
{
    while (list->blocks > rest && list->first != NULL) {
        void **const block = list->first;
        list->first = *block;
        list->blocks--;
        const enum allocator_status status = slab_free(&heap.slab, block);
        if (status != ALLOCATOR_OK)
            refuse(block, status);
    }
}

static bool is_in_list(const struct heap_list *list, const void *block)
{
    for (void **free = list->first; free != NULL; free = *free) {
        if (free == block)
            return true;
    }
    return false;
}

/* Past the lists: to the checks, or to the slab. */
static NEVER_INLINE void free_slowly(void *block, const void *by)
{
    if (block == NULL)
        return;
    if (heap.is_checked) {
        heap_checked_free(block, by);
        return;
    }
    const size_t page = slab_page_number(&heap.slab, block);
    if (page < heap.slab.window && heap.slab.kinds[page] - 1U < SLAB_CLASSES) {
        struct heap_list *const list = &heap.lists[heap.slab.kinds[page] - 1];
        if (is_in_list(list, block))
            refuse(block, ALLOCATOR_E_FREE);
        heap_list_shorten(list, LIST_REST);
    }
    const enum allocator_status status = slab_free(&heap.slab, block);
    if (status != ALLOCATOR_OK)
        refuse(block, status);
}

static NEVER_INLINE void *allocate_slowly(size_t bytes, size_t alignment, const void *by)
{
    if (heap.slab.kinds == NULL)
        return NULL;
    return heap.is_checked ? heap_checked_allocate(bytes, alignment, by)
                           : slab_allocate(&heap.slab, bytes, alignment);
}

/* fail_is_due without the call. */
static ALWAYS_INLINE bool must_fail(void)
{
    return ++fail_switch.counted == fail_switch.chosen;
}

/* While checking the lists stay empty, so that everything goes past them. */
static ALWAYS_INLINE void *allocate(size_t bytes, const void *by)
{
    if (must_fail())
        return NULL;
    if (bytes > SLAB_LARGEST_BYTES)
        return allocate_slowly(bytes, HEAP_ALIGNMENT, by);
    const size_t unit = (bytes + HEAP_ALIGNMENT - 1) / HEAP_ALIGNMENT;
    struct heap_list *const list = &heap.lists[heap.slab.class_of[unit]];
    void **const block = list->first;
    if (block == NULL)
        return allocate_slowly(bytes, HEAP_ALIGNMENT, by);
    list->first = *block;
    list->blocks--;
    list->allocations++;
    return block;
}

void *heap_allocate(size_t bytes)
{
    return allocate(bytes, __builtin_return_address(0));
}

void *heap_allocate_aligned(size_t bytes, size_t alignment)
{
    if (must_fail())
        return NULL;
    return allocate_slowly(bytes, alignment, __builtin_return_address(0));
}

void *heap_allocate_zeroed(size_t count, size_t bytes)
{
    size_t all;
    if (!checked_mul_size(count, bytes, &all))
        return NULL;
    void *const block = allocate(all, __builtin_return_address(0));
    return block != NULL ? memset(block, 0, all) : NULL;
}

/* NULL is in no page, so it goes the long way. A block that is first in its list is free already. */
void heap_free(void *block)
{
    const size_t page = ((uintptr_t)block - (uintptr_t)heap.slab.first) / FRAME_BYTES;
    const unsigned class = page < heap.slab.window ? heap.slab.kinds[page] - 1U : SLAB_CLASSES;
    if (class < SLAB_CLASSES && (uintptr_t)block % HEAP_ALIGNMENT == 0) {
        struct heap_list *const list = &heap.lists[class];
        if (list->blocks < heap.list_most && list->first != block) {
            *(void **)block = list->first;
            list->first = block;
            list->blocks++;
            return;
        }
    }
    free_slowly(block, __builtin_return_address(0));
}

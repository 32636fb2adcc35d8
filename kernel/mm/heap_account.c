/* SPDX-License-Identifier: MIT
 *
 * Longer blocks of the heap's work that are no part of the short way: changing a
 * block's length, giving back, counting.
 */
#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/heap_state.h"
#include "kernel/sanitize/kasan.h"

/* Bytes that may be used of a live block: its class's, or when checked what was asked for. */
static size_t usable_bytes(const void *block)
{
    struct checked_finding finding = { .fault = CHECKED_FOREIGN, .address = (uintptr_t)block };
    struct slab_place place;
    if (heap.is_checked) {
        kasan_pause();
        const struct checked_record *const record = checked_find(&heap.checked, block, &finding);
        const size_t bytes = record != NULL ? record->bytes : 0;
        kasan_resume();
        if (record != NULL)
            return bytes;
    } else if (slab_find(&heap.slab, block, &place) && place.block == block && place.live) {
        return place.bytes;
    }
    heap_panic(&finding);
}

/* A block stays where it is while it is at least half used. */
void *heap_resize(void *block, size_t bytes)
{
    if (block == NULL)
        return heap_allocate(bytes);
    const size_t usable = usable_bytes(block);
    if (!heap.is_checked && bytes <= usable && bytes >= usable / 2)
        return block;
    void *const moved = heap_allocate(bytes);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, bytes < usable ? bytes : usable);
    heap_free(block);
    return moved;
}

void heap_trim(void)
{
    struct checked_finding finding;
    if (heap.slab.kinds == NULL)
        return;
    kasan_pause();
    if (heap.is_checked && checked_flush(&heap.checked, &finding) != CHECKED_OK)
        heap_panic(&finding);
    for (unsigned class = 0; class < SLAB_CLASSES; class ++)
        heap_list_shorten(&heap.lists[class], 0);
    slab_trim(&heap.slab);
    kasan_resume();
}

/* Blocks of a class in the hands of the kernel: what lies in the list is free. */
static size_t live_of(unsigned class)
{
    return heap.slab.classes[class].live - heap.lists[class].blocks;
}

void heap_account(struct heap_account *account)
{
    *account = (struct heap_account){ .pages = heap.pages, .pages_most = heap.pages_most };
    if (heap.is_checked) {
        account->blocks = heap.checked.live.blocks;
        account->bytes = heap.checked.live.bytes;
        account->blocks_most = heap.checked.blocks_most;
        account->bytes_most = heap.checked.bytes_most;
        account->allocations = heap.checked.allocations;
        return;
    }
    account->blocks = heap.slab.large_live;
    account->bytes = heap.slab.large_pages * FRAME_BYTES;
    account->allocations = heap.slab.large_allocations;
    for (unsigned class = 0; class < SLAB_CLASSES; class ++) {
        account->blocks += live_of(class);
        account->bytes += live_of(class) * heap.slab.classes[class].bytes;
        account->allocations +=
            heap.slab.classes[class].allocations + heap.lists[class].allocations;
    }
}

static void print_row(const char *name, size_t live, size_t most, size_t allocations, size_t pages)
{
    kprintf("  %10s %10llu %10llu %12llu %8llu\n", name, (unsigned long long)live,
            (unsigned long long)most, (unsigned long long)allocations, (unsigned long long)pages);
}

#define NAME_BYTES 16

static void print_class(unsigned class)
{
    const struct slab_class *const account = &heap.slab.classes[class];
    char name[NAME_BYTES];
    if (account->allocations == 0)
        return;
    format_string(name, sizeof(name), "%u", account->bytes);
    print_row(name, live_of(class), account->live_most,
              account->allocations + heap.lists[class].allocations, account->pages);
}

void heap_print(void)
{
    struct heap_account account;
    heap_account(&account);
    kprintf("  %10s %10s %10s %12s %8s\n", "block", "live", "most", "allocations", "pages");
    for (unsigned class = 0; class < SLAB_CLASSES; class ++)
        print_class(class);
    print_row("pages", heap.slab.large_live, heap.slab.large_live, heap.slab.large_allocations,
              heap.slab.large_pages);
    kprintf("  %s: %llu live blocks, %llu bytes; %llu allocations; %llu pages, %llu at most\n",
            heap.is_checked ? "checked" : "fast", (unsigned long long)account.blocks,
            (unsigned long long)account.bytes, (unsigned long long)account.allocations,
            (unsigned long long)account.pages, (unsigned long long)account.pages_most);
}

/* SPDX-License-Identifier: MIT
 *
 * See memory.h. What is RAM was decided by the step memory_judge; here it is
 * only handed out, and never taken back.
 */
#include "stage2/memory.h"

#include "hw/paging.h"
#include "stage2/bios/fail.h"
#include "stage2/plan/taken.h"

#define KIB              1024
#define LARGE_PAGE_BYTES ((uint64_t)PAGE_BYTES * TABLE_ENTRIES) /* of one page directory entry */

static const struct phys_range taken_window = { TAKEN_FIRST, TAKEN_LAST };

/* Free bytes in the window, and the largest run of them. */
static uint64_t free_bytes(const struct memory_map *map, uint64_t *largest)
{
    uint64_t total = 0;

    *largest = 0;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct boot_memory_range *range = &map->ranges[i];
        if (range->type != BOOT_MEMORY_USABLE || range->last < TAKEN_FIRST ||
            range->first > TAKEN_LAST)
            continue;
        const uint64_t first = range->first > TAKEN_FIRST ? range->first : TAKEN_FIRST;
        const uint64_t last = range->last < TAKEN_LAST ? range->last : TAKEN_LAST;
        const uint64_t bytes = last - first + 1;
        total += bytes;
        if (bytes > *largest)
            *largest = bytes;
    }
    return total;
}

/* Too little in all, or enough but in pieces: two sentences. */
NORETURN static void fail_to_take(const struct loader *loader, uint64_t bytes, const char *what)
{
    uint64_t largest;
    const uint64_t total = free_bytes(&loader->map, &largest);
    const enum boot_status status = bytes > total ? BOOT_E_LITTLE_MEMORY : BOOT_E_NO_ROOM;
    fail(status, "%s needs %lu KiB, %lu KiB are free, %lu KiB in one piece", what, bytes / KIB,
         total / KIB, largest / KIB);
}

void memory_mark(struct loader *loader, struct phys_range where, enum boot_memory_type type)
{
    if (memory_map_mark(&loader->map, where, type) != BOOT_OK)
        fail(BOOT_E_NO_ROOM, "the memory map has more than %u ranges", loader->map.capacity);
}

static uint64_t whole_pages(uint64_t bytes)
{
    return (bytes + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);
}

uint64_t memory_take(struct loader *loader, uint64_t bytes, enum boot_memory_type type,
                     const char *what)
{
    const uint64_t pages = whole_pages(bytes);
    struct phys_range where;

    if (pages < bytes ||
        !memory_map_find(&loader->map, BOOT_MEMORY_USABLE, taken_window, pages, PAGE_BYTES, &where))
        fail_to_take(loader, bytes, what);
    memory_mark(loader, where, type);
    return where.first;
}

uint64_t memory_take_for(struct loader *loader, uint64_t virt, uint64_t bytes,
                         enum boot_memory_type type, const char *what)
{
    const uint64_t skew = virt % LARGE_PAGE_BYTES;
    struct phys_range where;

    if (bytes < LARGE_PAGE_BYTES || bytes > TAKEN_LAST ||
        !memory_map_find(&loader->map, BOOT_MEMORY_USABLE, taken_window, skew + bytes,
                         LARGE_PAGE_BYTES, &where))
        return memory_take(loader, bytes, type, what);
    where.first += skew;
    memory_mark(loader, where, type);
    return where.first;
}

bool memory_borrow(const struct loader *loader, uint64_t bytes, uint64_t *phys)
{
    struct phys_range where;
    if (!memory_map_find(&loader->map, BOOT_MEMORY_USABLE, taken_window, bytes, PAGE_BYTES, &where))
        return false;
    *phys = where.first;
    return true;
}

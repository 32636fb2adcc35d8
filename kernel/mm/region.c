/* SPDX-License-Identifier: MIT
 *
 * Regions. The page tables are the only record of them: a region begins behind
 * a page that is not mapped, and ends before one.
 */
#include "kernel/mm/region.h"

#include "base/checked.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/kasan_room.h"
#include "kernel/mm/space.h"

#define GUARDS_BYTES (2ULL * PAGE_BYTES) /* one on either side */

static uint64_t search_from = REGION_FIRST; /* behind the region that was made last */

/* Take pages away, from the first on. */
static void drop_pages(uint64_t virt, uint64_t bytes)
{
    for (uint64_t done = 0; done < bytes; done += PAGE_BYTES) {
        uint64_t phys;
        if (!space_translate(space_kernel(), virt + done, &phys) ||
            space_unmap(space_kernel(), virt + done, PAGE_BYTES) != SPACE_OK)
            panic("a page of the region at 0x%llx is not mapped", (unsigned long long)virt);
        frames_free(phys, 0);
    }
}

static bool add_page(uint64_t virt)
{
    const uint64_t phys = frames_allocate_zeroed(FRAMES_ANY);
    if (phys == 0)
        return false;
    if (space_map(space_kernel(), virt, phys, PAGE_BYTES, PAGING_WRITE) == SPACE_OK)
        return true;
    frames_free(phys, 0);
    return false;
}

/* The first hole of so many bytes from `from` to `last`; 0: none. */
static uint64_t find_hole(uint64_t from, uint64_t last, uint64_t bytes)
{
    struct page_table_page page;
    while (from <= last && bytes - 1 <= last - from) {
        if (!page_table_next(&space_kernel()->tables, from, &page) || page.virt - from >= bytes ||
            page.virt > last)
            return from;
        from = page.virt + page.bytes;
    }
    return 0;
}

/* Behind the last region made, or among the others; beyond what has a shadow only when it must. */
static uint64_t choose_hole(uint64_t bytes)
{
    const uint64_t judged_last = kasan_room_regions_last();
    uint64_t hole = find_hole(search_from, judged_last, bytes);
    if (hole == 0)
        hole = find_hole(REGION_FIRST, judged_last, bytes);
    return hole != 0 ? hole : find_hole(judged_last + 1, REGION_LAST, bytes);
}

/* See region.h. Cost: the pages, and past the end of the room the regions there are. */
void *region_allocate(uint64_t bytes)
{
    uint64_t pages, with_guards;
    if (bytes == 0 || !checked_round_up64(bytes, PAGE_BYTES, &pages) ||
        !checked_add64(pages, GUARDS_BYTES, &with_guards))
        return NULL;
    const uint64_t hole = choose_hole(with_guards);
    if (hole == 0)
        return NULL;
    const uint64_t first = hole + PAGE_BYTES;
    for (uint64_t done = 0; done < pages; done += PAGE_BYTES) {
        if (!add_page(first + done)) {
            drop_pages(first, done);
            return NULL;
        }
    }
    search_from = first + pages; /* one guard serves two neighbours */
    return (void *)first;
}

void region_free(void *region)
{
    const uint64_t first = (uint64_t)region;
    struct page_table_page page;
    if (region == NULL)
        return;
    if (first % PAGE_BYTES != 0 || first <= REGION_FIRST || first > REGION_LAST ||
        page_table_find(&space_kernel()->tables, first - 1, &page) ||
        !page_table_find(&space_kernel()->tables, first, &page))
        panic("0x%llx is no region", (unsigned long long)first);
    uint64_t bytes = 0;
    while (page_table_find(&space_kernel()->tables, first + bytes, &page))
        bytes += PAGE_BYTES;
    drop_pages(first, bytes);
}

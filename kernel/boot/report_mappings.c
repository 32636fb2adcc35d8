/* SPDX-License-Identifier: MIT
 *
 * All that the loaded page tables map. Pages that follow one another in both
 * kinds of memory and allow the same are one line.
 */
#include "boot/boot_info.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/boot/report.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"
#include "kernel/mm/region.h"

#define KIB 1024ULL

struct listing {
    struct page_mapping run; /* bytes 0: none yet */
    unsigned lines;
};

static bool lies_in(uint64_t address, uint64_t first, uint64_t last)
{
    return address >= first && address <= last;
}

/* What a mapping is for. */
static const char *purpose(uint64_t virt)
{
    const struct image_section *section = image_section_of(virt);
    struct stack_area stack;
    if (stacks_find(virt, &stack))
        return stack.name;
    if (lies_in(virt, BOOT_DIRECT_MAP_BASE, BOOT_DIRECT_MAP_LAST))
        return "direct map";
    if (lies_in(virt, REGION_FIRST, REGION_LAST))
        return "region";
    return section != NULL ? section->name : "";
}

static void print_run(struct listing *listing)
{
    const struct page_mapping *run = &listing->run;
    if (run->bytes == 0)
        return;
    kprintf("  0x%016llx %10llu  r%c%c%c  0x%012llx  %s\n", (unsigned long long)run->virt,
            (unsigned long long)(run->bytes / KIB), run->writable ? 'w' : '-',
            run->executable ? 'x' : '-', run->user ? 'u' : '-', (unsigned long long)run->phys,
            purpose(run->virt));
    listing->lines++;
}

static bool add_page(void *context, const struct page_mapping *page)
{
    struct listing *listing = context;
    struct page_mapping *run = &listing->run;
    const bool joins = run->bytes != 0 && run->virt + run->bytes == page->virt &&
                       run->phys + run->bytes == page->phys && run->writable == page->writable &&
                       run->executable == page->executable && run->user == page->user;
    if (joins) {
        run->bytes += page->bytes;
        return true;
    }
    print_run(listing);
    *run = *page;
    return true;
}

void report_mappings(void)
{
    const struct page_tables tables = page_tables_current();
    struct listing listing = { .lines = 0 };
    kprintf("\nPage tables at 0x%llx, %u levels:\n", (unsigned long long)tables.root_phys,
            tables.levels);
    kprintf("  virtual                   KiB  may   physical        what\n");
    (void)page_walk_all(&tables, add_page, &listing);
    print_run(&listing);
    kprintf("  %u runs\n", listing.lines);
}

/* SPDX-License-Identifier: MIT
 *
 * What the kernel's space does with a CPU that can do more. The four-level root
 * becomes a table of the five-level one: no address of the kernel moves.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/five_levels.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/page_level.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/space.h"

#define UPPER_HALF_FIRST 0xFFFF800000000000 /* of four levels */

static uint64_t take_frame(enum frames_limit limit)
{
    const uint64_t phys = frames_allocate_zeroed(limit);
    if (phys == 0)
        panic("there is no memory for five levels of page tables");
    return phys;
}

/*
 * The page that leaves long mode lies at its own address for as long as that
 * takes: in the lower half of the old root, which the new one shows at 0, too.
 */
static void extend_levels(struct page_table *tables)
{
    const uint64_t root = take_frame(FRAMES_BELOW_4G);
    const uint64_t page = take_frame(FRAMES_BELOW_1M);
    uint64_t *entries = direct_map_at(root);
    const uint64_t entry = tables->root_phys | PTE_P | PTE_RW;
    entries[0] = entry;
    entries[page_level_index(UPPER_HALF_FIRST, TABLE_LEVELS_57)] = entry;
    const enum space_status mapped =
        space_map(space_kernel(), page, page, PAGE_BYTES, PAGING_EXECUTE);
    if (mapped != SPACE_OK)
        panic("the way to five levels of page tables %s", space_status_words(mapped));

    five_levels_enter((uint32_t)page, (uint32_t)root, direct_map_at(page));

    if (space_unmap(space_kernel(), page, PAGE_BYTES) != SPACE_OK)
        panic("the way to five levels of page tables is lost");
    entries[0] = 0;
    tables->levels = TABLE_LEVELS_57;
    tables->root_phys = root;
    cr3_write(root);
    frames_free(page, 0);
}

void space_extend(void)
{
    if (cpu_has("LA57"))
        extend_levels(&space_kernel()->tables);
    if (cpu_has("PGE"))
        cr4_write(cr4_read() | CR4_PGE);
}

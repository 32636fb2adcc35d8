/* SPDX-License-Identifier: MIT
 *
 * Changes the live page tables under one page. The levels above it may say
 * more than before, which counts for nothing while the last one does not.
 */
#include "kernel/selftest/spoil.h"

#include "base/compiler.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/registers.h"

#define RET_OPCODE 0xC3

uint8_t spoiled_page[PAGE_BYTES] ALIGNED(PAGE_BYTES) = { RET_OPCODE };

void spoil_page(uint64_t set, uint64_t clear, enum spoil_levels levels)
{
    const uint64_t virt = (uint64_t)spoiled_page;
    const struct page_tables tables = page_tables_current();
    uint64_t table = tables.root_phys;
    bool last = false;
    for (unsigned level = tables.levels; !last; level--) {
        const unsigned shift = PAGE_SHIFT + TABLE_SHIFT * (level - 1);
        uint64_t *entry = (uint64_t *)direct_map_at(table) + (virt >> shift) % TABLE_ENTRIES;
        last = page_entry_is_page(*entry, level);
        table = *entry & PTE_ADDR;
        if (last || levels == SPOIL_ALL_LEVELS)
            *entry = (*entry & ~clear) | set;
    }
    tlb_forget(virt);
}

void spoil_mend(void)
{
    spoil_page(0, PTE_US, SPOIL_ALL_LEVELS);
    spoil_page(cpu_no_execute_is_on() ? PTE_XD : 0, SPOIL_RESERVED_BIT, SPOIL_LAST_LEVEL);
    spoiled_page[0] = RET_OPCODE;
}

/* SPDX-License-Identifier: MIT
 *
 * See page_level.h.
 */
#include "kernel/core/page_level.h"

#include "hw/paging.h"

#define ADDRESS_BITS 64

uint64_t page_level_bytes(unsigned level)
{
    return (uint64_t)PAGE_BYTES << (TABLE_SHIFT * (level - 1));
}

unsigned page_level_index(uint64_t virt, unsigned level)
{
    return (unsigned)(virt >> (PAGE_SHIFT + TABLE_SHIFT * (level - 1))) % TABLE_ENTRIES;
}

uint64_t page_canonical(uint64_t virt, unsigned levels)
{
    const unsigned unused = ADDRESS_BITS - (PAGE_SHIFT + TABLE_SHIFT * levels);
    return (uint64_t)((int64_t)(virt << unused) >> unused);
}

bool page_is_lower(uint64_t virt)
{
    return virt >> (ADDRESS_BITS - 1) == 0;
}

bool page_entry_is_page(uint64_t entry, unsigned level)
{
    return level == PAGE_LEVEL_4K || (level <= PAGE_LEVEL_1G && (entry & PTE_PS) != 0);
}

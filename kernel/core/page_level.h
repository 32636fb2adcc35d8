/* SPDX-License-Identifier: MIT
 *
 * The geometry of page tables: what an entry of each level stands for. Levels
 * count from 1, the page table, up to TABLE_LEVELS or TABLE_LEVELS_57. All of
 * it is a shift or two, on the way of every page: no calls.
 *
 * Spec: Intel SDM volume 3A, section 4.5 "4-level paging and 5-level paging".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hw/paging.h"

#define PAGE_LEVEL_4K 1U
#define PAGE_LEVEL_2M 2U
#define PAGE_LEVEL_1G 3U

#define PAGE_VIRT_BITS 64

/* The bytes one entry of a table at this level stands for. */
static inline uint64_t page_level_bytes(unsigned level)
{
    return (uint64_t)PAGE_BYTES << (TABLE_SHIFT * (level - 1));
}

/* Which entry of such a table decides about virt. */
static inline unsigned page_level_index(uint64_t virt, unsigned level)
{
    return (unsigned)(virt >> (PAGE_SHIFT + TABLE_SHIFT * (level - 1))) % TABLE_ENTRIES;
}

/* The address with the copies of its top bit that make it canonical. */
static inline uint64_t page_canonical(uint64_t virt, unsigned levels)
{
    const unsigned unused = PAGE_VIRT_BITS - (PAGE_SHIFT + TABLE_SHIFT * levels);
    return (uint64_t)((int64_t)(virt << unused) >> unused);
}

/* Whether the address lies in the half that begins at 0. */
static inline bool page_is_lower(uint64_t virt)
{
    return virt >> (PAGE_VIRT_BITS - 1) == 0;
}

/* Whether an entry is a page and no table; says nothing about PTE_P. */
static inline bool page_entry_is_page(uint64_t entry, unsigned level)
{
    return level == PAGE_LEVEL_4K || (level <= PAGE_LEVEL_1G && (entry & PTE_PS) != 0);
}

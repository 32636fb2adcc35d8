/* SPDX-License-Identifier: MIT
 *
 * The geometry of page tables: what an entry of each level stands for. Levels
 * count from 1, the page table, up to TABLE_LEVELS or TABLE_LEVELS_57.
 *
 * Spec: Intel SDM volume 3A, section 4.5 "4-level paging and 5-level paging".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PAGE_LEVEL_4K 1U
#define PAGE_LEVEL_2M 2U
#define PAGE_LEVEL_1G 3U

/* The bytes one entry of a table at this level stands for. */
uint64_t page_level_bytes(unsigned level);

/* Which entry of such a table decides about virt. */
unsigned page_level_index(uint64_t virt, unsigned level);

/* The address with the copies of its top bit that make it canonical. */
uint64_t page_canonical(uint64_t virt, unsigned levels);

/* Whether the address lies in the half that begins at 0. */
bool page_is_lower(uint64_t virt);

/* Whether an entry is a page and no table; says nothing about PTE_P. */
bool page_entry_is_page(uint64_t entry, unsigned level);

/* SPDX-License-Identifier: MIT
 *
 * From four levels of page tables to five. CR4_LA57 cannot be changed in long
 * mode, so the CPU leaves it for a moment.
 */
#pragma once

#include <stdint.h>

/*
 * Load the five-level tables at root_phys. The page at page_phys, below 4 GiB, is
 * mapped executable at that very address in both sets of tables, and writable at
 * `page`; what it holds is of no use afterwards.
 */
void five_levels_enter(uint32_t page_phys, uint32_t root_phys, void *page);

/* SPDX-License-Identifier: MIT
 *
 * The page table walk to one address on the console, level by level, in words.
 * For the page-fault report and for whoever debugs page tables.
 */
#pragma once

#include <stdint.h>

struct page_tables;

/*
 * Print every entry on the way to `virt` and what it comes to. Never faults,
 * however damaged the tables are. Any context; about ten lines.
 */
void page_walk_print(const struct page_tables *tables, uint64_t virt);

/* SPDX-License-Identifier: MIT
 *
 * Reads page tables: what one address is mapped to, and every mapping in turn.
 * Never writes them. Spec: Intel SDM, volume 3A, section 4.5.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/core/page_level.h"

/* A set of tables as the CPU would read them. */
struct page_tables {
    uint64_t root_phys;
    unsigned levels; /* TABLE_LEVELS or TABLE_LEVELS_57 */
};

/* One page of any size, with what all levels together allow. */
struct page_mapping {
    uint64_t virt;
    uint64_t phys;
    uint64_t bytes;
    bool writable;
    bool executable; /* no level sets XD */
    bool user;
};

/* One entry on the way to an address. */
struct page_step {
    unsigned level; /* 1: the page table; tables->levels: the root */
    unsigned index;
    uint64_t entry;
};

/* The tables this CPU uses now. */
struct page_tables page_tables_current(void);

/* The page that contains `virt`; false: none is mapped there. */
bool page_walk_find(const struct page_tables *tables, uint64_t virt, struct page_mapping *mapping);

/*
 * The entries that a walk to `virt` reads, the root's first, into steps[TABLE_LEVELS_57]. Back: how
 * many; 0 if the address is not canonical. The last is the page's, or not present, or leads to a
 * table that cannot be read: damaged tables are walked as far as they go, without a fault.
 */
unsigned page_walk_steps(const struct page_tables *tables, uint64_t virt, struct page_step *steps);

/* Whether all of `bytes` bytes from `virt` are mapped, and writable if `write`. */
bool page_walk_covers(const struct page_tables *tables, uint64_t virt, uint64_t bytes, bool write);

/* The physical address behind `virt`; false: not mapped. */
bool page_walk_translate(const struct page_tables *tables, uint64_t virt, uint64_t *phys);

/*
 * Show every mapping to `visit`, in the order of the tables, until it returns
 * false. Returns whether all were shown. Cost: all tables are read once.
 */
bool page_walk_all(const struct page_tables *tables,
                   bool (*visit)(void *context, const struct page_mapping *mapping), void *context);

/* The same for every table, the root first: its physical address. */
bool page_walk_tables(const struct page_tables *tables, bool (*visit)(void *context, uint64_t phys),
                      void *context);

/* SPDX-License-Identifier: MIT
 *
 * Page tables on the host: a port that counts its tables, and a walk that lists
 * every page they map, as the CPU would.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/core/page_table.h"

#define WALK_TABLES_MAX 4096

/* Table i of the port is at physical (i + 1) * PAGE_BYTES. */
struct walk_memory {
    uint64_t (*tables)[512];
    unsigned count;
};

/* One page, as found. */
struct walk_page {
    uint64_t virt;
    uint64_t phys;
    uint64_t bytes;
    uint64_t bits; /* of the entry, without the address */
};

/* It takes no table back. */
struct page_table_port walk_port(struct walk_memory *memory);
void walk_free(struct walk_memory *memory);

/*
 * List the pages in ascending order, at most `room`; returns how many there
 * are. A table without an entry, or an entry that no CPU takes, fails the test.
 */
size_t walk_list(const struct walk_memory *memory, uint64_t root_phys, struct walk_page *pages,
                 size_t room);

/* The same in tables of that many levels. */
size_t walk_list_levels(const struct walk_memory *memory, uint64_t root_phys, unsigned levels,
                        struct walk_page *pages, size_t room);

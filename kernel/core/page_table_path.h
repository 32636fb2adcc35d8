/* SPDX-License-Identifier: MIT
 *
 * The way through page tables to one address, for the files of page_table.h.
 */
#pragma once

#include <stdint.h>

#include "kernel/core/page_table.h"

/* The entries on the way, by level; those below `level` are not set. */
struct page_table_path {
    uint64_t *entries[TABLE_LEVELS_57 + 1];
    unsigned level; /* of the last one: a page, or nothing */
};

/* Go down to the entry that decides about virt, which is canonical. */
void page_table_descend(const struct page_table *table, uint64_t virt,
                        struct page_table_path *path);

/* What an entry that is a page says; virt is any address in it. */
void page_table_read(uint64_t entry, unsigned level, uint64_t virt, struct page_table_page *page);

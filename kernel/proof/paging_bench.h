/* SPDX-License-Identifier: MIT
 *
 * Page tables in the arena, for the proofs of the page-table editor: a port that
 * counts, and what the tests ask again and again.
 */
#pragma once

#include "hw/paging.h"
#include "kernel/core/page_table.h"
#include "kernel/proof/claims.h"

#define PAGE       ((uint64_t)PAGE_BYTES)
#define BYTES_2M   (PAGE << TABLE_SHIFT)
#define BYTES_1G   (BYTES_2M << TABLE_SHIFT)
#define TABLES_MAX (CLAIMS_ARENA_BYTES / PAGE_BYTES)

/* Places for mappings. */
#define LOW   0x0000123440000000 /* a multiple of 1 GiB */
#define HIGH  0xFFFF923440000000
#define FRAME 0x80000000 /* physical, a multiple of 1 GiB */

/* Table i of the arena has the physical address (i + 1) pages. */
struct paging_bench {
    uint8_t *arena;
    bool used[TABLES_MAX];
    unsigned count;    /* given out now */
    unsigned refusing; /* the n-th allocation from now fails; 0: none */
    struct page_table table;
};

/* Start empty tables: with all abilities and four levels, or as said. */
void paging_bench_begin(struct claims *claims, struct paging_bench *bench);
void paging_bench_begin_with(struct claims *claims, struct paging_bench *bench, unsigned levels,
                             struct page_table_abilities abilities);

/* Map FRAME there, and unmap for good; claim that it goes well. */
void paging_bench_map(struct claims *claims, struct paging_bench *bench, uint64_t virt,
                      uint64_t bytes, unsigned access);
void paging_bench_unmap(struct claims *claims, struct paging_bench *bench, uint64_t virt,
                        uint64_t bytes);

/* Claim that virt is in a page of so many bytes, at phys, with this access. */
void paging_bench_claim_page(struct claims *claims, const struct paging_bench *bench, uint64_t virt,
                             uint64_t phys, uint64_t bytes, unsigned access);

bool paging_bench_is_hole(const struct paging_bench *bench, uint64_t virt);

/* The entry of a level on the way to virt, read without the editor. */
uint64_t paging_bench_entry(struct paging_bench *bench, uint64_t virt, unsigned level);

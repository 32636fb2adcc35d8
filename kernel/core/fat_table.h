/* SPDX-License-Identifier: MIT
 *
 * The FAT reader's view of the table and of cluster chains. For the fat_*.c
 * files only; users of a volume include fat.h.
 */
#pragma once

#include "boot/disk_layout.h"
#include "kernel/core/fat.h"

#define SECTOR_SHIFT 9 /* log2 of SECTOR_BYTES */
_Static_assert(1 << SECTOR_SHIFT == SECTOR_BYTES, "the same sector");

/* Neighbouring clusters; count 0: the chain has ended before. */
struct fat_run {
    uint32_t cluster;
    uint32_t count;
};

/* Follow the chain at `last` while the next cluster is its neighbour, `limit` steps at most. */
MUST_CHECK enum boot_status fat_table_follow(struct fat_volume *volume, uint32_t last,
                                             uint32_t limit, uint32_t *steps, uint32_t *next);

/* Begin at the first cluster of a chain; `first` is not trusted. */
MUST_CHECK enum boot_status fat_chain_start(const struct fat_volume *volume, uint32_t first,
                                            struct fat_chain *chain);

/* Find cluster number `index` of a chain, and up to `want` that follow it as neighbours. */
MUST_CHECK enum boot_status fat_chain_find(struct fat_volume *volume, struct fat_chain *chain,
                                           uint32_t index, uint32_t want, struct fat_run *run);

/* Walk from cluster number `index` to the end of a chain, to see that it has one. */
MUST_CHECK enum boot_status fat_chain_find_end(struct fat_volume *volume, struct fat_chain chain,
                                               uint32_t index);

/* First sector of a cluster, which must be in range. */
uint64_t fat_cluster_lba(const struct fat_volume *volume, uint32_t cluster);

/* Bring `sectors` from `lba` on into the scratch buffer, unless they are there already. */
MUST_CHECK enum boot_status fat_scratch_load(struct fat_volume *volume, uint64_t lba,
                                             uint32_t sectors, const uint8_t **bytes);

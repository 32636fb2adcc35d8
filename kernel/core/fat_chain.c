/* SPDX-License-Identifier: MIT
 *
 * Cluster chains: which cluster is the n-th of a chain, in runs of neighbours.
 * A chain remembers its place, so reading on never walks from the start again.
 *
 * A loop must contain a jump to a lower cluster, so only jumps are looked at:
 * Brent's method marks a target now and then, at twice the distance each time,
 * and a chain that comes back to the mark loops. What a short file of a loop
 * would not show, fat_chain_find_end does: a loop has no end.
 * Spec: R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980.
 */
#include "kernel/core/fat_table.h"

#include "hw/fat.h"

static void chain_rewind(struct fat_chain *chain)
{
    chain->run_index = 0;
    chain->run_first = chain->first;
    chain->run_count = 1;
    chain->marked = chain->first;
    chain->jumps = 0;
    chain->jumps_max = 1;
}

/* Go on behind the run, at a cluster that is not its neighbour. */
static enum boot_status chain_jump(struct fat_chain *chain, uint32_t next)
{
    if (next == chain->marked)
        return BOOT_E_FAT_LOOP;
    chain->jumps++;
    if (chain->jumps == chain->jumps_max) {
        chain->marked = next;
        chain->jumps = 0;
        chain->jumps_max *= 2;
    }
    chain->run_index += chain->run_count;
    chain->run_first = next;
    chain->run_count = 1;
    return BOOT_OK;
}

/*
 * Begin at the first cluster of a chain.
 *
 * BOOT_E_FAT_CHAIN  `first` is not a cluster of the volume
 */
enum boot_status fat_chain_start(const struct fat_volume *volume, uint32_t first,
                                 struct fat_chain *chain)
{
    if (first < FAT_FIRST_CLUSTER || first - FAT_FIRST_CLUSTER >= volume->cluster_count)
        return BOOT_E_FAT_CHAIN;
    chain->first = first;
    chain_rewind(chain);
    return BOOT_OK;
}

/*
 * Find cluster number `index` of a chain, and up to `want` clusters that follow
 * one another there. Never looks behind the last cluster wanted.
 *
 * chain  keeps the place; going back is allowed and walks from the start
 * index  from 0, at most the number of clusters in the volume
 * want   at least 1
 * run    set on BOOT_OK; count 0 when the chain ends before `index`
 *
 * BOOT_E_FAT_CHAIN  the chain leaves the volume, or has a free or bad cluster
 * BOOT_E_FAT_LOOP   the chain comes back to itself, or is longer than the volume
 * BOOT_E_DISK_READ  the table cannot be read
 */
enum boot_status fat_chain_find(struct fat_volume *volume, struct fat_chain *chain, uint32_t index,
                                uint32_t want, struct fat_run *run)
{
    /* One more than the volume has may be asked for: only a loop has it. */
    const uint32_t possible = volume->cluster_count + 1;
    if (index >= possible)
        return BOOT_E_FAT_LOOP;
    if (want > possible - index)
        want = possible - index;
    if (index < chain->run_index)
        chain_rewind(chain);

    while (index + want > chain->run_index + chain->run_count) {
        const uint32_t limit = index + want - chain->run_index - chain->run_count;
        const uint32_t last = chain->run_first + chain->run_count - 1;
        uint32_t steps = 0;
        uint32_t next = 0;
        enum boot_status status = fat_table_follow(volume, last, limit, &steps, &next);
        if (status != BOOT_OK)
            return status;
        chain->run_count += steps;
        if (index < chain->run_index + chain->run_count)
            break;
        if (next == 0) {
            *run = (struct fat_run){ .count = 0 };
            return BOOT_OK;
        }
        status = chain_jump(chain, next);
        if (status != BOOT_OK)
            return status;
    }
    const uint32_t skipped = index - chain->run_index;
    const uint32_t known = chain->run_count - skipped;
    *run = (struct fat_run){ .cluster = chain->run_first + skipped,
                             .count = known < want ? known : want };
    return BOOT_OK;
}

/*
 * Walk from cluster number `index` to the end of a chain, to see that it has
 * one. Clusters behind a file's last byte are allowed: some writers allocate
 * ahead. Works on a copy of `chain`.
 *
 * BOOT_E_FAT_CHAIN, BOOT_E_FAT_LOOP, BOOT_E_DISK_READ  as fat_chain_find
 */
enum boot_status fat_chain_find_end(struct fat_volume *volume, struct fat_chain chain,
                                    uint32_t index)
{
    while (index <= volume->cluster_count) {
        struct fat_run run;
        const uint32_t want = volume->cluster_count + 1 - index;
        const enum boot_status status = fat_chain_find(volume, &chain, index, want, &run);
        if (status != BOOT_OK || run.count == 0)
            return status;
        index += run.count;
    }
    return BOOT_E_FAT_LOOP;
}

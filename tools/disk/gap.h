/* SPDX-License-Identifier: MIT
 *
 * The gap between sector 0 and the first partition: what is in each of its sectors, and where in
 * it two copies of stage 2 may go. Decides from bytes; reads and writes no disk.
 */
#pragma once

#include <stddef.h>

#include "boot/stage1.h"
#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

enum gap_use {
    GAP_FREE,    /* zeros, or what belongs to a Coldstart that this disk does not boot */
    GAP_IN_USE,  /* of the copies that this disk's own stage 1 reads */
    GAP_REMAINS, /* behind the header of a stage 2 that is not whole: left alone */
    GAP_FOREIGN, /* somebody's */
};

struct gap {
    uint32_t end;                     /* first sector behind it; its first is 1 */
    uint8_t use[HEAD_SECTORS];        /* enum gap_use; of sectors 1 to end - 1 */
    bool has_loader;                  /* this disk's stage 1 is Coldstart's */
    struct stage1_parameters present; /* and reads these, if it is */
    unsigned whole_copies;            /* of these two, how many it would start; both may be one */
};

/* Look at every sector. `copy` is the stage 2 that is to go there: parts of it count as free. */
void gap_map(struct gap *gap, const struct head *head, uint32_t end, const uint8_t *copy,
             size_t copy_bytes);

/* Is nothing in the gap that is somebody's? False: *refusal names the sectors and, if known, whose. */
MUST_CHECK bool gap_is_ours(const struct gap *gap, const struct head *head,
                            struct refusal *refusal);

/*
 * Two places for copies of `sectors` sectors: the usual ones where they are free, else as far
 * apart as can be. Neither shares a block of the medium with sector 0, with a copy in use or with
 * a partition: what a disk with larger blocks inside loses when its power fails is a whole block.
 */
MUST_CHECK bool gap_choose(const struct gap *gap, uint16_t sectors, uint32_t block_sectors,
                           struct stage1_parameters *where, struct refusal *refusal);

/* SPDX-License-Identifier: MIT
 *
 * Whether the active partition of a disk can be enlarged, and to what. Decided from
 * the disk's head alone; the volume in the partition is not looked at.
 */
#pragma once

#include <stdint.h>

#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

struct grow_plan {
    unsigned index; /* of the partition, 1..4, as people count them */
    uint32_t first_lba;
    uint32_t old_sectors, new_sectors;
    uint8_t old_head[SECTOR_BYTES]; /* sector 0 as it is */
};

/* Judge. False: *refusal, and *plan is undefined. */
MUST_CHECK bool grow_plan_make(struct grow_plan *plan, const struct head *head,
                               struct refusal *refusal);

/* Sector 0 with the enlarged partition, for a volume of FAT16 or FAT32. */
void grow_plan_head(const struct grow_plan *plan, unsigned fat, uint8_t head[SECTOR_BYTES]);

/* SPDX-License-Identifier: MIT
 *
 * The beginning of a disk, all that an install reads and writes of it, and its last sector. Judges
 * nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/disk_layout.h"
#include "tools/disk/device.h"

/* As far as stage 1 can count by cylinder, head and sector. */
#define HEAD_SECTORS BOOT_PARTITION_LBA

struct head {
    uint8_t sector[HEAD_SECTORS][SECTOR_BYTES];
    uint32_t count; /* valid ones: HEAD_SECTORS, or all of a smaller disk */
    uint8_t last[SECTOR_BYTES];
    uint64_t disk_sectors;
    uint32_t
        block_sectors; /* what the medium writes at once; 1, or 8 of a disk with 4 KiB inside */
};

/* Read it from the medium, not from the system's memory of it. False: *problem tells. */
MUST_CHECK bool head_read(struct head *head, const struct device *device,
                          struct device_problem *problem);

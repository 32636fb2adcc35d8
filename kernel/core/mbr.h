/* SPDX-License-Identifier: MIT
 *
 * Which partition to boot from, decided from the bytes of sector 0. Reads no
 * disk; knows primary partitions only.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "boot/status.h"

struct mbr_partition {
    unsigned index; /* 1..4, as people count them */
    uint8_t type;   /* MBR_TYPE_* */
    uint64_t first_lba;
    uint64_t sectors;
};

/* Find the one active partition and believe it only if it can hold a FAT volume. */
MUST_CHECK enum boot_status mbr_find_active(const uint8_t sector[SECTOR_BYTES],
                                            uint64_t disk_sectors, struct mbr_partition *active);

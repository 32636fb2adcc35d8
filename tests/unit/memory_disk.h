/* SPDX-License-Identifier: MIT
 *
 * A disk made of bytes in memory that counts how it is read. A read beyond its
 * end is the reader's broken promise and ends the test there and then.
 */
#pragma once

#include <stdint.h>

#include "kernel/core/blockdev.h"

struct memory_disk {
    struct blockdev device;
    const uint8_t *bytes;
    uint64_t sectors;
    uint64_t reads; /* calls */
    uint64_t sectors_read;
    uint64_t largest_read; /* sectors in one call */
    uint64_t bad_lba;      /* a read that touches it fails; UINT64_MAX: none does */
};

/* Make a disk of `sectors` sectors at `bytes`; both stay the caller's. */
void memory_disk_init(struct memory_disk *disk, const uint8_t *bytes, uint64_t sectors);

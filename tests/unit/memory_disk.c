/* SPDX-License-Identifier: MIT
 *
 * A disk made of bytes in memory that counts how it is read.
 */
#include "tests/unit/memory_disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/disk_layout.h"

#define POISON 0xE7 /* what a failed read leaves in the buffer */

static enum boot_status disk_read(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    struct memory_disk *disk = context;
    if (count == 0 || lba >= disk->sectors || count > disk->sectors - lba) {
        fprintf(stderr, "read of %u sectors at %llu leaves the disk\n", count,
                (unsigned long long)lba);
        abort();
    }
    disk->reads++;
    disk->sectors_read += count;
    if (count > disk->largest_read)
        disk->largest_read = count;
    if (disk->bad_lba >= lba && disk->bad_lba - lba < count) {
        memset(buffer, POISON, (size_t)count * SECTOR_BYTES);
        return BOOT_E_DISK_READ;
    }
    memcpy(buffer, disk->bytes + lba * SECTOR_BYTES, (size_t)count * SECTOR_BYTES);
    return BOOT_OK;
}

/* Make a disk of `sectors` sectors at `bytes`; both stay the caller's. */
void memory_disk_init(struct memory_disk *disk, const uint8_t *bytes, uint64_t sectors)
{
    *disk = (struct memory_disk){
        .device = { .read = disk_read, .context = disk, .sectors = sectors },
        .bytes = bytes,
        .sectors = sectors,
        .bad_lba = UINT64_MAX,
    };
}

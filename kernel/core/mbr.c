/* SPDX-License-Identifier: MIT
 *
 * Which partition to boot from, decided from the bytes of sector 0. Reads no
 * disk; knows primary partitions only. The CHS fields are not looked at: they
 * are for BIOSes (Q14), and cannot reach where the LBA fields can.
 * Spec: the conventional PC MBR; UEFI 2.10, section 5.2.1.
 */
#include "kernel/core/mbr.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "hw/mbr.h"

static bool type_is_fat(uint8_t type)
{
    switch (type) {
    case MBR_TYPE_FAT12:
    case MBR_TYPE_FAT16_32M:
    case MBR_TYPE_FAT16:
    case MBR_TYPE_FAT32_CHS:
    case MBR_TYPE_FAT32_LBA:
    case MBR_TYPE_FAT16_LBA:
        return true;
    default:
        return false;
    }
}

/* Does the partition lie on the disk, behind the MBR? Size 0 and "all ones" mean unknown (Q27). */
static bool partition_is_on_disk(const struct mbr_partition *partition, uint64_t disk_sectors)
{
    if (partition->first_lba == 0 || partition->sectors == 0)
        return false;
    if (disk_sectors == 0)
        return true;
    return partition->first_lba < disk_sectors &&
           partition->sectors <= disk_sectors - partition->first_lba;
}

/*
 * Find the one active partition and believe it only if it can hold a FAT volume.
 *
 * sector        the 512 bytes of LBA 0; nothing in them is trusted
 * disk_sectors  size of the disk; 0 or UINT64_MAX when the BIOS does not tell
 * active        set only on BOOT_OK
 *
 * BOOT_E_MBR_SIGNATURE  the sector does not end in 55h AAh
 * BOOT_E_PARTITION      a status byte that is neither 00h nor 80h: this is no partition
 *                       table; or the active entry is empty, extended, of a type that is
 *                       not FAT, covers the MBR, or leaves the disk
 * BOOT_E_NO_ACTIVE      no entry is active
 * BOOT_E_MANY_ACTIVE    more than one is
 */
enum boot_status mbr_find_active(const uint8_t sector[SECTOR_BYTES], uint64_t disk_sectors,
                                 struct mbr_partition *active)
{
    if (load_le16(sector + MBR_BOOT_SIGNATURE) != MBR_SIGNATURE)
        return BOOT_E_MBR_SIGNATURE;

    const struct mbr_entry *entries = (const struct mbr_entry *)(sector + MBR_PARTITION_TABLE);
    struct mbr_partition found = { .index = 0 };
    unsigned active_count = 0;
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++) {
        if (entries[i].status == MBR_STATUS_INACTIVE)
            continue;
        if (entries[i].status != MBR_STATUS_ACTIVE)
            return BOOT_E_PARTITION;
        active_count++;
        found.index = i + 1;
        found.type = entries[i].type;
        found.first_lba = load_le32(entries[i].lba_first);
        found.sectors = load_le32(entries[i].sectors);
    }
    if (active_count == 0)
        return BOOT_E_NO_ACTIVE;
    if (active_count > 1)
        return BOOT_E_MANY_ACTIVE;
    if (!type_is_fat(found.type) || !partition_is_on_disk(&found, disk_sectors))
        return BOOT_E_PARTITION;
    *active = found;
    return BOOT_OK;
}

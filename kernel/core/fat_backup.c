/* SPDX-License-Identifier: MIT
 *
 * The second opinion on a FAT32 volume: its backup boot sector. Asked only when
 * something on the volume was not to be had: a volume that can be read is not
 * refused because of a copy that nobody keeps up.
 * Spec: Microsoft FAT specification 1.03, BPB_BkBootSec.
 */
#include "kernel/core/fat_table.h"

#include <stddef.h>

#include "base/bytes.h"
#include "hw/fat.h"
#include "kernel/core/string.h"

/* What the reader goes by: up to the media byte and small table, and the FAT32 part. */
#define FIRST_OFFSET  offsetof(struct fat_boot_sector, sector_bytes)
#define FIRST_BYTES   (offsetof(struct fat_boot_sector, track_sectors) - FIRST_OFFSET)
#define SECOND_OFFSET offsetof(struct fat_boot_sector, sectors_32)
#define SECOND_BYTES  (offsetof(struct fat_boot_sector, info_sector) - SECOND_OFFSET)

struct claims {
    uint8_t first[FIRST_BYTES];
    uint8_t second[SECOND_BYTES];
};

/* Read a boot sector and keep what it claims; NULL if there is none. */
static const struct fat_boot_sector *claims_load(struct fat_volume *volume, uint64_t lba,
                                                 struct claims *claims)
{
    const uint8_t *bytes;
    if (fat_scratch_load(volume, lba, 1, &bytes) != BOOT_OK)
        return NULL;
    const struct fat_boot_sector *sector = (const struct fat_boot_sector *)bytes;
    if (load_le16(sector->signature) != FAT_SIGNATURE ||
        load_le16(sector->sector_bytes) != SECTOR_BYTES)
        return NULL;
    memcpy(claims->first, bytes + FIRST_OFFSET, sizeof(claims->first));
    memcpy(claims->second, bytes + SECOND_OFFSET, sizeof(claims->second));
    return sector;
}

/*
 * Does the backup boot sector describe the volume otherwise than the first one?
 *
 * backup_lba  set when it does: where the backup is
 *
 * False also when there is no backup, or when either cannot be read.
 * Cost: two disk reads; the scratch buffer is used.
 */
bool fat_backup_differs(struct fat_volume *volume, uint64_t *backup_lba)
{
    struct claims first;
    struct claims backup;
    if (volume->kind != FAT_KIND_32)
        return false;
    const struct fat_boot_sector *sector = claims_load(volume, volume->boot_lba, &first);
    if (sector == NULL)
        return false;
    const uint16_t number = load_le16(sector->backup_sector);
    if (number == 0 || number >= load_le16(sector->reserved_sectors) ||
        claims_load(volume, volume->boot_lba + number, &backup) == NULL ||
        memcmp(&first, &backup, sizeof(first)) == 0)
        return false;
    *backup_lba = volume->boot_lba + number;
    return true;
}

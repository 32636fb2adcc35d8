/* SPDX-License-Identifier: MIT
 *
 * Judging a FAT boot sector: after this every number in struct fat_volume is
 * true of the volume, and no later code needs to doubt it.
 *
 * FAT12 and FAT16 are told apart by the cluster count, as specified. FAT32 is
 * told by its zero 16-bit table size: the specification would call a small
 * FAT32 volume FAT16, but Windows and Linux mount it, and mkfs.fat makes it.
 * Spec: Microsoft FAT specification 1.03, "Boot Sector and BPB".
 */
#include "kernel/core/fat_table.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "hw/fat.h"

#define SECTOR_BYTES_MAX   4096
#define ENTRIES_PER_SECTOR (SECTOR_BYTES / (uint32_t)sizeof(struct fat_entry))

_Static_assert(sizeof(struct fat_boot_sector) == SECTOR_BYTES, "a boot sector is one sector");

static bool is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* Is this a FAT volume at all, of the sector size we read? */
static enum boot_status sector_recognise(const struct fat_boot_sector *sector)
{
    const uint32_t sector_bytes = load_le16(sector->sector_bytes);
    const bool media_is_known =
        sector->media == FAT_MEDIA_REMOVABLE || sector->media >= FAT_MEDIA_FIXED_FIRST;
    if (load_le16(sector->signature) != FAT_SIGNATURE || !media_is_known ||
        sector->table_count == 0 || !is_power_of_two(sector_bytes) || sector_bytes < SECTOR_BYTES ||
        sector_bytes > SECTOR_BYTES_MAX)
        return BOOT_E_NOT_FAT;
    return sector_bytes == SECTOR_BYTES ? BOOT_OK : BOOT_E_SECTOR_SIZE;
}

/* The sizes a boot sector names, in sectors; each fits 32 bits, sums may not. */
struct layout {
    bool is_fat32;
    uint32_t cluster_sectors;
    uint32_t reserved;
    uint32_t table;
    uint32_t table_count;
    uint32_t root_entries;
    uint32_t total;
};

static struct layout layout_load(const struct fat_boot_sector *sector)
{
    struct layout layout = {
        .is_fat32 = load_le16(sector->table_sectors_16) == 0,
        .cluster_sectors = sector->cluster_sectors,
        .reserved = load_le16(sector->reserved_sectors),
        .table = load_le16(sector->table_sectors_16),
        .table_count = sector->table_count,
        .root_entries = load_le16(sector->root_entries),
        .total = load_le16(sector->sectors_16),
    };
    if (layout.is_fat32)
        layout.table = load_le32(sector->table_sectors_32);
    if (layout.total == 0)
        layout.total = load_le32(sector->sectors_32);
    return layout;
}

static bool layout_is_sane(const struct layout *layout, uint64_t sectors)
{
    return is_power_of_two(layout->cluster_sectors) &&
           layout->cluster_sectors <= FAT_MAX_SECTORS_PER_CLUSTER && layout->reserved != 0 &&
           layout->table != 0 && (layout->root_entries == 0) == layout->is_fat32 &&
           layout->total != 0 && layout->total <= sectors;
}

/* Set kind and entry_mask; tell whether the table holds an entry for each cluster. */
static bool kind_decide(struct fat_volume *volume, bool is_fat32)
{
    const uint32_t count = volume->cluster_count;
    if (is_fat32) {
        volume->kind = FAT_KIND_32;
        volume->entry_mask = FAT32_ENTRY_MASK;
    } else if (count < FAT12_CLUSTERS_BELOW) {
        volume->kind = FAT_KIND_12;
        volume->entry_mask = FAT12_ENTRY_MASK;
    } else {
        volume->kind = FAT_KIND_16;
        volume->entry_mask = FAT16_ENTRY_MASK;
    }
    if (count == 0 || count >= (is_fat32 ? FAT32_CLUSTERS_BELOW : FAT16_CLUSTERS_BELOW))
        return false;
    const uint64_t entries = (uint64_t)count + FAT_FIRST_CLUSTER;
    const uint64_t table_bits = (uint64_t)volume->table_sectors * SECTOR_BYTES * 8;
    return entries * (uint32_t)volume->kind <= table_bits;
}

/* Lay the parts out one behind the other: reserved, tables, root folder, clusters. */
static enum boot_status layout_apply(const struct layout *layout, uint64_t first_lba,
                                     struct fat_volume *volume)
{
    const uint32_t root = (layout->root_entries + ENTRIES_PER_SECTOR - 1) / ENTRIES_PER_SECTOR;
    const uint64_t root_at = layout->reserved + (uint64_t)layout->table * layout->table_count;
    const uint64_t data_at = root_at + root;
    if (data_at >= layout->total)
        return BOOT_E_FAT_GEOMETRY;

    volume->table_lba = first_lba + layout->reserved;
    volume->table_sectors = layout->table;
    volume->root_lba = first_lba + root_at;
    volume->root_sectors = root;
    volume->data_lba = first_lba + data_at;
    volume->cluster_shift = (uint32_t)__builtin_ctz(layout->cluster_sectors);
    volume->cluster_count = (layout->total - (uint32_t)data_at) >> volume->cluster_shift;
    return kind_decide(volume, layout->is_fat32) ? BOOT_OK : BOOT_E_FAT_GEOMETRY;
}

/* What only FAT32 has: which of the tables counts, and a root folder made of clusters. */
static enum boot_status fat32_apply(const struct fat_boot_sector *sector, struct fat_volume *volume)
{
    const uint32_t flags = load_le16(sector->extended_flags);
    const uint32_t active = flags & FAT32_FLAG_ACTIVE_MASK;
    volume->root_cluster = load_le32(sector->root_cluster);
    if (load_le16(sector->version) != 0 || volume->root_cluster < FAT_FIRST_CLUSTER ||
        volume->root_cluster - FAT_FIRST_CLUSTER >= volume->cluster_count)
        return BOOT_E_FAT_GEOMETRY;
    if ((flags & FAT32_FLAG_ONE_ACTIVE) != 0) {
        if (active >= sector->table_count)
            return BOOT_E_FAT_GEOMETRY;
        volume->table_lba += (uint64_t)active * volume->table_sectors;
    }
    return BOOT_OK;
}

static bool buffers_are_usable(const struct fat_buffers *buffers)
{
    return buffers->window_bytes >= FAT_WINDOW_MIN && buffers->window_bytes % SECTOR_BYTES == 0 &&
           buffers->scratch_bytes >= SECTOR_BYTES && buffers->scratch_bytes % SECTOR_BYTES == 0;
}

/*
 * Judge the boot sector at first_lba and prepare to read.
 *
 * volume     set only on BOOT_OK
 * device     must outlive the volume
 * first_lba  where the partition starts
 * sectors    how long the partition is; the volume must not be longer
 * buffers    must outlive the volume, which alone may change them
 *
 * BOOT_E_PARTITION     the partition leaves the device
 * BOOT_E_NOT_FAT       no FAT boot sector there
 * BOOT_E_SECTOR_SIZE   a FAT volume of sectors other than 512 bytes
 * BOOT_E_FAT_GEOMETRY  its numbers contradict each other or the partition
 * BOOT_E_NO_ROOM       a buffer is too small
 * BOOT_E_DISK_READ     the boot sector cannot be read
 */
enum boot_status fat_mount(struct fat_volume *volume, const struct blockdev *device,
                           uint64_t first_lba, uint64_t sectors, struct fat_buffers buffers)
{
    if (!buffers_are_usable(&buffers))
        return BOOT_E_NO_ROOM;
    if (first_lba >= device->sectors || sectors > device->sectors - first_lba || sectors == 0)
        return BOOT_E_PARTITION;
    const struct fat_boot_sector *sector = (const struct fat_boot_sector *)buffers.scratch;
    enum boot_status status = device->read(device->context, first_lba, 1, buffers.scratch);
    if (status == BOOT_OK)
        status = sector_recognise(sector);
    if (status != BOOT_OK)
        return status;

    const struct layout layout = layout_load(sector);
    if (!layout_is_sane(&layout, sectors))
        return BOOT_E_FAT_GEOMETRY;
    struct fat_volume mounted = { .device = device, .buffers = buffers, .boot_lba = first_lba };
    status = layout_apply(&layout, first_lba, &mounted);
    if (status == BOOT_OK && layout.is_fat32)
        status = fat32_apply(sector, &mounted);
    if (status != BOOT_OK)
        return status;
    *volume = mounted;
    return BOOT_OK;
}

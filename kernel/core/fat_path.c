/* SPDX-License-Identifier: MIT
 *
 * From a path to an open file: folders are searched from the root down, each
 * from its first entry on. Nothing is remembered between two paths but the
 * sectors that happen to be in the buffers.
 * Spec: Microsoft FAT specification 1.03, "Directory Structure".
 */
#include "kernel/core/fat_table.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "hw/fat.h"
#include "kernel/core/fat_name.h"

#define DIRECTORY_MAX_SECTORS (FAT_DIRECTORY_MAX / SECTOR_BYTES)
#define ENTRIES_PER_SECTOR    (SECTOR_BYTES / (uint32_t)sizeof(struct fat_entry))

/* A folder: a chain of clusters, or the fixed root of FAT12 and FAT16. */
struct directory {
    bool is_fixed_root;
    struct fat_chain chain;
};

/* Neighbouring sectors on disk; count 0: behind the end. */
struct extent {
    uint64_t lba;
    uint32_t sectors;
};

/* Find the sectors of a folder from number `sector` on, as many as the scratch buffer takes. */
static enum boot_status directory_find(struct fat_volume *volume, struct directory *directory,
                                       uint32_t sector, struct extent *extent)
{
    const uint32_t room = volume->buffers.scratch_bytes / SECTOR_BYTES;
    uint32_t known = 0;
    uint64_t lba = 0;
    if (directory->is_fixed_root) {
        known = volume->root_sectors - sector;
        lba = volume->root_lba + sector;
    } else {
        const uint32_t in_cluster = sector & ((1U << volume->cluster_shift) - 1);
        const uint32_t want = ((in_cluster + room - 1) >> volume->cluster_shift) + 1;
        struct fat_run run;
        const enum boot_status status =
            fat_chain_find(volume, &directory->chain, sector >> volume->cluster_shift, want, &run);
        if (status != BOOT_OK)
            return status;
        if (run.count != 0) {
            known = (run.count << volume->cluster_shift) - in_cluster;
            lba = fat_cluster_lba(volume, run.cluster) + in_cluster;
        }
    }
    *extent = (struct extent){ .lba = lba, .sectors = known < room ? known : room };
    return BOOT_OK;
}

/* A search under way: the long name may begin in one piece of the folder and end in the next. */
struct search {
    const struct fat_name *wanted;
    struct fat_long_name long_name;
    bool is_over; /* the folder's end was met */
};

/* Look at `count` entries; the wanted one, or NULL. */
static const struct fat_entry *entries_search(const struct fat_entry *entries, uint32_t count,
                                              struct search *search)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct fat_entry *entry = &entries[i];
        if (entry->name[0] == FAT_NAME_END) {
            search->is_over = true;
            return NULL;
        }
        if (entry->name[0] == FAT_NAME_DELETED) {
            search->long_name.pieces = 0;
            continue;
        }
        if ((entry->attributes & FAT_ATTR_LONG_MASK) == FAT_ATTR_LONG) {
            fat_long_name_add(&search->long_name, (const struct fat_long_entry *)entry);
            continue;
        }
        if ((entry->attributes & FAT_ATTR_VOLUME) == 0 &&
            fat_name_matches(search->wanted, entry, &search->long_name))
            return entry;
        search->long_name.pieces = 0;
    }
    return NULL;
}

/* Search a folder for a name. BOOT_E_NOT_FOUND, or what reading it may end in. */
static enum boot_status directory_search(struct fat_volume *volume, struct directory *directory,
                                         const struct fat_name *wanted, struct fat_entry *entry)
{
    struct search search = { .wanted = wanted };
    uint32_t sector = 0;
    while (sector < DIRECTORY_MAX_SECTORS) {
        struct extent extent;
        enum boot_status status = directory_find(volume, directory, sector, &extent);
        if (status != BOOT_OK)
            return status;
        if (extent.sectors == 0)
            return BOOT_E_NOT_FOUND;
        const uint8_t *bytes;
        status = fat_scratch_load(volume, extent.lba, extent.sectors, &bytes);
        if (status != BOOT_OK)
            return status;
        const struct fat_entry *found = entries_search(
            (const struct fat_entry *)bytes, extent.sectors * ENTRIES_PER_SECTOR, &search);
        if (found != NULL) {
            *entry = *found;
            return BOOT_OK;
        }
        if (search.is_over)
            return BOOT_E_NOT_FOUND;
        sector += extent.sectors;
    }
    return BOOT_E_FAT_CHAIN;
}

static uint32_t entry_cluster(const struct fat_volume *volume, const struct fat_entry *entry)
{
    const uint32_t low = load_le16(entry->cluster_low);
    if (volume->kind != FAT_KIND_32)
        return low;
    return low | (uint32_t)load_le16(entry->cluster_high) << 16;
}

static enum boot_status root_open(const struct fat_volume *volume, struct directory *directory)
{
    *directory = (struct directory){ .is_fixed_root = volume->kind != FAT_KIND_32 };
    if (directory->is_fixed_root)
        return BOOT_OK;
    return fat_chain_start(volume, volume->root_cluster, &directory->chain);
}

/* Make a file of its entry; an empty one has no chain. */
static enum boot_status file_open(struct fat_volume *volume, const struct fat_entry *entry,
                                  struct fat_file *file)
{
    struct fat_file opened = { .volume = volume, .bytes = load_le32(entry->bytes) };
    if (opened.bytes != 0) {
        const uint32_t sectors = (opened.bytes - 1) / SECTOR_BYTES + 1;
        if ((sectors - 1) >> volume->cluster_shift >= volume->cluster_count)
            return BOOT_E_FAT_CHAIN;
        const enum boot_status status =
            fat_chain_start(volume, entry_cluster(volume, entry), &opened.chain);
        if (status != BOOT_OK)
            return status;
    }
    *file = opened;
    return BOOT_OK;
}

/*
 * Find a file by its path and open it.
 *
 * path  absolute, '/' between names, UTF-8, NUL-terminated; long names and
 *       short ones; ASCII letters in either case; no empty names, no dots
 * file  set only on BOOT_OK; good for as long as the volume
 *
 * BOOT_E_BAD_PATH    the path is not of that form
 * BOOT_E_NOT_FOUND   no such name, or a file where a folder is wanted
 * BOOT_E_NOT_A_FILE  the path leads to a folder
 * BOOT_E_FAT_CHAIN, BOOT_E_FAT_LOOP  a folder's chain is broken, or the file's
 *                    first cluster or size cannot be
 * BOOT_E_DISK_READ   a folder or the table cannot be read
 */
enum boot_status fat_open_path(struct fat_volume *volume, const char *path, struct fat_file *file)
{
    struct directory directory;
    enum boot_status status = root_open(volume, &directory);
    while (status == BOOT_OK) {
        struct fat_name name;
        struct fat_entry entry;
        if (*path != '/')
            return BOOT_E_BAD_PATH;
        path++;
        status = fat_name_take(&path, &name);
        if (status == BOOT_OK)
            status = directory_search(volume, &directory, &name, &entry);
        if (status != BOOT_OK)
            return status;
        const bool is_directory = (entry.attributes & FAT_ATTR_DIRECTORY) != 0;
        if (*path == '\0')
            return is_directory ? BOOT_E_NOT_A_FILE : file_open(volume, &entry, file);
        if (!is_directory)
            return BOOT_E_NOT_FOUND;
        directory.is_fixed_root = false;
        status = fat_chain_start(volume, entry_cluster(volume, &entry), &directory.chain);
    }
    return status;
}

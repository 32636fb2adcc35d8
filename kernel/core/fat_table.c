/* SPDX-License-Identifier: MIT
 *
 * The file allocation table, seen through a window of it in memory. A chain of
 * neighbours is followed in one tight loop per window, because most files lie
 * in one piece and have very many clusters. Says nothing about loops.
 * Spec: Microsoft FAT specification 1.03, "FAT Data Structure".
 */
#include "kernel/core/fat_table.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "hw/fat.h"

#define FAT12_GROUP_SECTORS 3 /* hold 1024 entries of 12 bits, none cut in two */
#define FAT12_GROUP_ENTRIES 1024
#define FAT16_ENTRY_BYTES   2
#define FAT32_ENTRY_BYTES   4

_Static_assert(FAT12_GROUP_ENTRIES * 12 == FAT12_GROUP_SECTORS * SECTOR_BYTES * 8, "no entry cut");
_Static_assert(FAT_WINDOW_MIN == FAT12_GROUP_SECTORS * SECTOR_BYTES, "a group fits the window");

/* How much of the table one window holds. */
struct window_shape {
    uint32_t sectors;
    uint32_t entries;
};

static struct window_shape window_shape(const struct fat_volume *volume)
{
    const uint32_t room = volume->buffers.window_bytes / SECTOR_BYTES;
    if (volume->kind == FAT_KIND_12) {
        const uint32_t groups = room / FAT12_GROUP_SECTORS;
        return (struct window_shape){ groups * FAT12_GROUP_SECTORS, groups * FAT12_GROUP_ENTRIES };
    }
    const uint32_t bytes = volume->kind == FAT_KIND_16 ? FAT16_ENTRY_BYTES : FAT32_ENTRY_BYTES;
    return (struct window_shape){ room, room * (SECTOR_BYTES / bytes) };
}

/* Have the window that holds the entry of `cluster`; one disk read if it is another one. */
static enum boot_status window_load(struct fat_volume *volume, uint32_t cluster)
{
    if (cluster - volume->window_first < volume->window_entries)
        return BOOT_OK;

    const struct window_shape shape = window_shape(volume);
    const uint32_t window = cluster / shape.entries;
    const uint32_t first_sector = window * shape.sectors;
    uint32_t sectors = volume->table_sectors - first_sector;
    if (sectors > shape.sectors)
        sectors = shape.sectors;

    volume->window_entries = 0;
    const struct blockdev *device = volume->device;
    const enum boot_status status = device->read(device->context, volume->table_lba + first_sector,
                                                 sectors, volume->buffers.window);
    if (status != BOOT_OK)
        return status;
    volume->window_first = window * shape.entries;
    volume->window_entries = shape.entries;
    return BOOT_OK;
}

/* The entry of a cluster that is in the window. */
static uint32_t window_entry(const struct fat_volume *volume, uint32_t cluster)
{
    const size_t index = cluster - volume->window_first;
    const uint8_t *window = volume->buffers.window;
    if (volume->kind == FAT_KIND_32)
        return load_le32(window + index * FAT32_ENTRY_BYTES) & FAT32_ENTRY_MASK;
    if (volume->kind == FAT_KIND_16)
        return load_le16(window + index * FAT16_ENTRY_BYTES);
    const uint16_t pair = load_le16(window + index + index / 2);
    return index % 2 == 0 ? pair & FAT12_ENTRY_MASK : pair >> 4;
}

/*
 * Count the entries from `cluster` on that name their neighbour, `limit` at
 * most, all in the window. Three loops and not one: this is the inner loop of
 * the whole reader, a handful of instructions for each cluster of a file.
 */
static uint32_t window_count_neighbours(const struct fat_volume *volume, uint32_t cluster,
                                        uint32_t limit)
{
    const uint32_t end = cluster + limit;
    const size_t index = cluster - volume->window_first;
    uint32_t at = cluster;
    if (volume->kind == FAT_KIND_32) {
        const uint8_t *entry = volume->buffers.window + index * FAT32_ENTRY_BYTES;
        /* The difference is masked, not the entry: then the load is one instruction. */
        for (; at < end && ((load_le32(entry) - (at + 1)) & FAT32_ENTRY_MASK) == 0; at++)
            entry += FAT32_ENTRY_BYTES;
    } else if (volume->kind == FAT_KIND_16) {
        const uint8_t *entry = volume->buffers.window + index * FAT16_ENTRY_BYTES;
        for (; at < end && load_le16(entry) == at + 1; at++)
            entry += FAT16_ENTRY_BYTES;
    } else {
        while (at < end && window_entry(volume, at) == at + 1)
            at++;
    }
    return at - cluster;
}

/* What an entry says comes next: a cluster, 0 for the end; else the chain is broken. */
static enum boot_status entry_decode(const struct fat_volume *volume, uint32_t entry,
                                     uint32_t *next)
{
    if (entry >= volume->entry_mask - FAT_ENTRY_END) {
        *next = 0;
        return BOOT_OK;
    }
    if (entry < FAT_FIRST_CLUSTER || entry - FAT_FIRST_CLUSTER >= volume->cluster_count)
        return BOOT_E_FAT_CHAIN;
    *next = entry;
    return BOOT_OK;
}

/*
 * Follow a chain while the next cluster is the neighbour of the one before.
 *
 * last   a cluster in range; the chain is followed from its entry on
 * limit  how many steps are wanted, at least 1
 * steps  set to how many neighbours follow; below `limit` the run ends there
 * next   set when the run ends: where the chain goes on, 0 where it ends
 *
 * BOOT_E_FAT_CHAIN  the run ends in an entry that is free, bad, or no cluster
 * BOOT_E_DISK_READ  the table cannot be read
 * Cost: 8 instructions a step on x86-64; one disk read for each window entered.
 */
enum boot_status fat_table_follow(struct fat_volume *volume, uint32_t last, uint32_t limit,
                                  uint32_t *steps, uint32_t *next)
{
    /* No run passes the last cluster: its neighbour is never looked at. */
    const uint32_t room = volume->cluster_count + FAT_FIRST_CLUSTER - 1 - last;
    const uint32_t most = limit < room ? limit : room;
    uint32_t done = 0;
    for (;;) {
        enum boot_status status = window_load(volume, last + done);
        if (status != BOOT_OK)
            return status;
        const uint32_t left = volume->window_first + volume->window_entries - (last + done);
        const uint32_t wanted = most - done < left ? most - done : left;
        const uint32_t found = window_count_neighbours(volume, last + done, wanted);
        done += found;
        if (done == limit)
            break;
        if (found == left)
            continue;
        status = entry_decode(volume, window_entry(volume, last + done), next);
        if (status != BOOT_OK)
            return status;
        break;
    }
    *steps = done;
    return BOOT_OK;
}

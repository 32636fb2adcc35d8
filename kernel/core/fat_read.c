/* SPDX-License-Identifier: MIT
 *
 * Reading the bytes of an open file. Whole sectors go from the disk straight to
 * where they are wanted, a run of neighbouring clusters in one read; sectors
 * wanted only in part go through the scratch buffer.
 */
#include "kernel/core/fat_table.h"

#include <stddef.h>

#include "boot/disk_layout.h"
#include "hw/fat.h"
#include "kernel/core/string.h"

/* First sector of a cluster, which must be in range. */
uint64_t fat_cluster_lba(const struct fat_volume *volume, uint32_t cluster)
{
    return volume->data_lba + ((uint64_t)(cluster - FAT_FIRST_CLUSTER) << volume->cluster_shift);
}

/*
 * Bring sectors into the scratch buffer, unless they are there already.
 *
 * sectors  1 .. what the buffer holds
 * bytes    set on BOOT_OK: where they are, until the next call
 *
 * BOOT_E_DISK_READ  they cannot be read; the buffer holds nothing
 */
enum boot_status fat_scratch_load(struct fat_volume *volume, uint64_t lba, uint32_t sectors,
                                  const uint8_t **bytes)
{
    const uint64_t skipped = lba - volume->scratch_lba;
    if (lba >= volume->scratch_lba && skipped < volume->scratch_sectors &&
        sectors <= volume->scratch_sectors - skipped) {
        *bytes = volume->buffers.scratch + (size_t)skipped * SECTOR_BYTES;
        return BOOT_OK;
    }
    volume->scratch_sectors = 0;
    const struct blockdev *device = volume->device;
    const enum boot_status status =
        device->read(device->context, lba, sectors, volume->buffers.scratch);
    if (status != BOOT_OK)
        return status;
    volume->scratch_lba = lba;
    volume->scratch_sectors = sectors;
    *bytes = volume->buffers.scratch;
    return BOOT_OK;
}

/* Read `bytes` from byte `skip` of the sectors at `lba` on. */
static enum boot_status extent_read(struct fat_volume *volume, uint64_t lba, uint32_t skip,
                                    uint64_t bytes, uint8_t *buffer)
{
    while (bytes > 0) {
        if (skip == 0 && bytes >= SECTOR_BYTES) {
            const uint32_t sectors = (uint32_t)(bytes / SECTOR_BYTES);
            const struct blockdev *device = volume->device;
            const enum boot_status status = device->read(device->context, lba, sectors, buffer);
            if (status != BOOT_OK)
                return status;
            lba += sectors;
            buffer += (size_t)sectors * SECTOR_BYTES;
            bytes -= (uint64_t)sectors * SECTOR_BYTES;
            continue;
        }
        const uint32_t rest = SECTOR_BYTES - skip;
        const uint32_t piece = bytes < rest ? (uint32_t)bytes : rest;
        const uint8_t *sector;
        const enum boot_status status = fat_scratch_load(volume, lba, 1, &sector);
        if (status != BOOT_OK)
            return status;
        memcpy(buffer, sector + skip, piece);
        lba++;
        buffer += piece;
        bytes -= piece;
        skip = 0;
    }
    return BOOT_OK;
}

/* A read that touches the last cluster also sees that the chain ends behind it, once. */
static enum boot_status file_check_end(struct fat_file *file, uint32_t last_index)
{
    const uint32_t cluster_bits = file->volume->cluster_shift + SECTOR_SHIFT;
    if (file->end_checked || last_index != (file->bytes - 1) >> cluster_bits)
        return BOOT_OK;
    const enum boot_status status = fat_chain_find_end(file->volume, file->chain, last_index + 1);
    if (status == BOOT_OK)
        file->end_checked = 1;
    return status;
}

/*
 * Read bytes of an open file.
 *
 * offset, bytes  which; all of them must lie in the file
 * buffer         room for `bytes`; undefined unless BOOT_OK
 *
 * BOOT_E_TRUNCATED  the file ends before offset + bytes; nothing was read
 * BOOT_E_FAT_CHAIN  the chain ends too early, leaves the volume, or has a free
 *                   or bad cluster
 * BOOT_E_FAT_LOOP   the chain loops
 * BOOT_E_DISK_READ  the disk says so
 * Cost: one disk read for each run of neighbouring clusters, one for each end
 * that is not at a sector's boundary, one for each window of the table. Reading
 * on from where the last read ended costs nothing extra; going back walks the
 * chain from its start.
 */
enum boot_status fat_read(struct fat_file *file, uint64_t offset, uint64_t bytes, void *buffer)
{
    if (offset > file->bytes || bytes > file->bytes - offset)
        return BOOT_E_TRUNCATED;

    struct fat_volume *volume = file->volume;
    const uint32_t cluster_bits = volume->cluster_shift + SECTOR_SHIFT;
    uint8_t *to = buffer;
    while (bytes > 0) {
        const uint32_t index = (uint32_t)(offset >> cluster_bits);
        const uint32_t last_index = (uint32_t)((offset + bytes - 1) >> cluster_bits);
        struct fat_run run;
        enum boot_status status =
            fat_chain_find(volume, &file->chain, index, last_index - index + 1, &run);
        if (status == BOOT_OK && run.count == 0)
            status = BOOT_E_FAT_CHAIN;
        if (status == BOOT_OK && run.count == last_index - index + 1)
            status = file_check_end(file, last_index);
        if (status != BOOT_OK)
            return status;

        const uint64_t skip = offset - ((uint64_t)index << cluster_bits);
        const uint64_t known = ((uint64_t)run.count << cluster_bits) - skip;
        const uint64_t piece = bytes < known ? bytes : known;
        status = extent_read(volume, fat_cluster_lba(volume, run.cluster) + skip / SECTOR_BYTES,
                             skip % SECTOR_BYTES, piece, to);
        if (status != BOOT_OK)
            return status;
        offset += piece;
        bytes -= piece;
        to += piece;
    }
    return BOOT_OK;
}

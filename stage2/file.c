/* SPDX-License-Identifier: MIT
 *
 * See file.h. The checksum is taken of the bytes on their way from the disk's
 * windows to where they are loaded; parts of the file that nobody loads are read
 * only to be summed.
 */
#include "stage2/file.h"

#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "hw/edd.h"
#include "kernel/core/string.h"
#include "stage2/bios/console.h"
#include "stage2/bios/fail.h"
#include "stage2/memory.h"
#include "stage2/plan/detail.h"

#define KIB 1024

/* A long file is read in so many pieces, and a dot is shown for each. */
#define LONG_FILE_BYTES (1024 * KIB)
#define DOTS            16

/* One trip of full calls. A piece is a whole number of them, or calls would be cut short. */
#define TRIP_BYTES    ((uint64_t)EDD_MAX_SECTORS * SECTOR_BYTES * LOW_DISK_WINDOWS)
#define DISCARD_BYTES TRIP_BYTES

/* What is not there, or in pieces, may be elsewhere: has the FAT volume's boot sector lied? */
static void fail_other_volume(struct loader *loader, enum boot_status status)
{
    uint64_t backup_lba;

    if (status >= BOOT_E_FAT_CHAIN && status <= BOOT_E_TRUNCATED &&
        fat_backup_differs(&loader->volume, &backup_lba))
        fail(BOOT_E_FAT_GEOMETRY, DETAIL_BACKUP, loader->disk.drive, loader->volume.boot_lba,
             backup_lba);
}

void file_fail(const struct file_reader *reader, enum boot_status status)
{
    const struct file_name *const name = &reader->name;
    const struct disk *const disk = &reader->loader->disk;

    if (status == BOOT_E_DISK_READ)
        fail(status, DETAIL_FILE_READ, disk->failed_lba, disk->failed_status, name->path);
    fail_other_volume(reader->loader, status);
    if (name->line == 0)
        fail(status, DETAIL_FILE, name->path);
    fail(status, DETAIL_FILE_LINE, name->path, name->line);
}

/* Taken for the first file with a checksum; one file is read at a time. */
static struct crc32c_fold *fold_of(struct loader *loader)
{
    if (loader->fold == NULL)
        loader->fold = memory_at(
            memory_take(loader, sizeof(*loader->fold), BOOT_MEMORY_LOADER, "the checksum"));
    return loader->fold;
}

void file_open(struct loader *loader, const struct file_name *name, struct file_reader *reader)
{
    *reader = (struct file_reader){ .loader = loader, .name = *name };
    if (loader->config != NULL)
        reader->checksum = config_checksum_for(loader->config, name->path);

    const enum boot_status status = fat_open_path(&loader->volume, name->path, &reader->file);
    if (status != BOOT_OK)
        file_fail(reader, status);
    if (reader->checksum != NULL)
        crc32c_fold_start(fold_of(loader), crc32c_fold_sse2, reader->file.bytes);
    reader->piece_bytes = (reader->file.bytes / (DOTS * TRIP_BYTES) + 1) * TRIP_BYTES;
}

void file_peek(struct file_reader *reader, uint64_t offset, uint64_t bytes, void *to)
{
    const enum boot_status status = fat_read(&reader->file, offset, bytes, to);
    if (status != BOOT_OK)
        file_fail(reader, status);
}

/* The disk's copy: sums up what comes in its turn. Tables and lone sectors only pass through. */
static void copy_and_sum(void *context, void *to, const void *from, size_t bytes)
{
    struct file_reader *const reader = context;

    if (to != reader->next) {
        memcpy(to, from, bytes);
        return;
    }
    crc32c_fold_copy(reader->loader->fold, to, from, bytes);
    reader->next += bytes;
}

/* Look at bytes and take them into the sum, except those that are in it already. */
static void peek_and_sum(struct file_reader *reader, uint64_t offset, uint64_t bytes, uint8_t *to)
{
    struct disk *const disk = &reader->loader->disk;
    const uint64_t known = reader->summed - offset;

    if (reader->checksum == NULL || bytes <= known) {
        file_peek(reader, offset, bytes, to);
        return;
    }
    reader->next = to + known;
    disk->copy = copy_and_sum;
    disk->copy_context = reader;
    file_peek(reader, offset, bytes, to);
    disk->copy = NULL;
    crc32c_fold_copy(reader->loader->fold, reader->next, reader->next,
                     (size_t)(to + bytes - reader->next));
    reader->summed = offset + bytes;
}

/* Sum up the bytes before `end` that nobody loads. */
static void sum_up_gap(struct file_reader *reader, uint64_t end)
{
    uint64_t phys = LOW_SCRATCH;
    uint64_t room = LOW_SCRATCH_BYTES / 2;

    if (reader->summed >= end)
        return;
    if (memory_borrow(reader->loader, DISCARD_BYTES, &phys))
        room = DISCARD_BYTES;
    while (reader->summed < end) {
        const uint64_t left = end - reader->summed;
        const uint64_t bytes = left < room ? left : room;
        peek_and_sum(reader, reader->summed, bytes, memory_at(phys));
    }
}

void file_read(struct file_reader *reader, uint64_t offset, uint64_t bytes, void *to)
{
    uint8_t *at = to;

    if (reader->checksum != NULL)
        sum_up_gap(reader, offset);
    while (bytes != 0) {
        const uint64_t piece = bytes < reader->piece_bytes ? bytes : reader->piece_bytes;
        peek_and_sum(reader, offset, piece, at);
        if (piece == reader->piece_bytes && reader->file.bytes >= LONG_FILE_BYTES)
            console_say(".");
        offset += piece;
        bytes -= piece;
        at += piece;
    }
}

void file_announce(const struct file_reader *reader)
{
    const uint32_t bytes = reader->file.bytes;
    console_say("coldstart: loading %s, %u KiB%s", reader->name.path,
                bytes / KIB + (bytes % KIB != 0), bytes < LONG_FILE_BYTES ? "\n" : " ");
}

void file_finish(struct file_reader *reader)
{
    if (console_is_mid_line())
        console_say("\n");
    if (reader->checksum == NULL)
        return;
    sum_up_gap(reader, reader->file.bytes);
    const uint32_t crc32c = crc32c_fold_finish(reader->loader->fold);
    if (crc32c != reader->checksum->crc32c)
        fail(BOOT_E_CRC, DETAIL_CRC, reader->name.path, crc32c, reader->checksum->line,
             reader->checksum->crc32c);
}

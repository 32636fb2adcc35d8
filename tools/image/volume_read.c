/* SPDX-License-Identifier: MIT
 *
 * See volume_read.h. What the BIOS's status would be is a guess; only beyond the end
 * of a disk is it known.
 */
#include "tools/image/volume_read.h"

#include <string.h>

#include "hw/edd.h"
#include "stage2/plan/detail.h"
#include "tools/image/report.h"

static bool is_beyond(const struct volume_read *from, uint64_t lba)
{
    return lba >= from->disk->sectors;
}

/* A sector at a time, as the loader does in the end: which one is it? */
static enum boot_status find_failed(struct volume_read *from, uint64_t lba, uint32_t count,
                                    uint8_t *buffer)
{
    for (uint32_t i = 0; i < count; i++, lba++, buffer += SECTOR_BYTES) {
        const bool beyond = is_beyond(from, lba);
        if (!beyond && from->disk->read(from->disk->context, lba, 1, buffer) == BOOT_OK)
            continue;
        from->failed_lba = lba;
        from->failed_status = beyond ? INT13_E_SECTOR_NOT_FOUND : INT13_E_UNCORRECTABLE;
        return BOOT_E_DISK_READ;
    }
    return BOOT_OK;
}

static enum boot_status watched_read(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    struct volume_read *const from = context;

    if (count != 0 && !is_beyond(from, lba) && !is_beyond(from, lba + (count - 1)) &&
        from->disk->read(from->disk->context, lba, count, buffer) == BOOT_OK)
        return BOOT_OK;
    return find_failed(from, lba, count, buffer);
}

static bool refuse_volume(const struct volume_read *from, enum boot_status status, uint64_t lba,
                          struct check_report *report)
{
    if (status == BOOT_E_DISK_READ)
        return report_refuse(report, status, DETAIL_VOLUME_READ, BOOT_DRIVE, from->failed_lba,
                             from->failed_status);
    return report_refuse(report, status, DETAIL_VOLUME, BOOT_DRIVE, lba);
}

void volume_begin(struct volume_read *from, const struct blockdev *disk)
{
    memset(from, 0, sizeof(*from));
    from->disk = disk;
    /* As the loader: it does not believe what a BIOS says of a disk's size. */
    from->device =
        (struct blockdev){ .read = watched_read, .context = from, .sectors = UINT64_MAX };
}

bool volume_find_partition(struct volume_read *from, struct mbr_partition *active,
                           struct check_report *report)
{
    uint8_t sector[SECTOR_BYTES];

    enum boot_status status = from->device.read(from, 0, 1, sector);
    if (status == BOOT_OK)
        status = mbr_find_active(sector, UINT64_MAX, active);
    return status == BOOT_OK || refuse_volume(from, status, 0, report);
}

bool volume_mount(struct volume_read *from, const struct mbr_partition *active,
                  struct check_report *report)
{
    const struct fat_buffers buffers = {
        .window = from->window,
        .window_bytes = sizeof(from->window),
        .scratch = from->scratch,
        .scratch_bytes = sizeof(from->scratch),
    };
    const enum boot_status status =
        fat_mount(&from->volume, &from->device, active->first_lba, active->sectors, buffers);
    return status == BOOT_OK || refuse_volume(from, status, active->first_lba, report);
}

static enum boot_status file_read(const struct source *source, uint64_t offset, uint64_t bytes,
                                  void *to)
{
    struct volume_file *const file = source->context;
    return fat_read(&file->file, offset, bytes, to);
}

/* The loader's file_fail. */
static bool file_refuse(const struct source *source, enum boot_status status,
                        struct check_report *report)
{
    struct volume_file *const file = source->context;
    struct volume_read *const from = file->from;
    uint64_t backup_lba;

    if (status == BOOT_E_DISK_READ)
        return report_refuse(report, status, DETAIL_FILE_READ, from->failed_lba,
                             from->failed_status, source->path);
    if (status >= BOOT_E_FAT_CHAIN && status <= BOOT_E_TRUNCATED &&
        fat_backup_differs(&from->volume, &backup_lba))
        return report_refuse(report, BOOT_E_FAT_GEOMETRY, DETAIL_BACKUP, BOOT_DRIVE,
                             from->volume.boot_lba, backup_lba);
    if (source->line == 0)
        return report_refuse(report, status, DETAIL_FILE, source->path);
    return report_refuse(report, status, DETAIL_FILE_LINE, source->path, source->line);
}

bool volume_open(struct volume_read *from, const char *path, unsigned line,
                 const struct config *config, struct volume_file *file, struct check_report *report)
{
    *file = (struct volume_file){
        .from = from,
        .source = { .read = file_read,
                    .refuse = file_refuse,
                    .context = file,
                    .path = path,
                    .line = line,
                    .checksum = config == NULL ? NULL : config_checksum_for(config, path) },
    };
    const enum boot_status status = fat_open_path(&from->volume, path, &file->file);
    if (status != BOOT_OK)
        return file_refuse(&file->source, status, report);
    file->source.bytes = file->file.bytes;
    return true;
}

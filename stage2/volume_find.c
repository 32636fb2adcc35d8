/* SPDX-License-Identifier: MIT
 *
 * The step volume_find: the drive that was booted, its active partition, and
 * the FAT volume in it. Opens no file.
 */
#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "kernel/core/mbr.h"
#include "kernel/core/mbr_code.h"
#include "stage2/bios/console.h"
#include "stage2/bios/disk_probe.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/trace.h"
#include "stage2/loader.h"
#include "stage2/memory.h"
#include "stage2/plan/detail.h"
#include "stage2/real/bios_call.h"

/* The scratch area: one half for whoever needs it now, one for the FAT reader. */
#define SCRATCH_FAT       (LOW_SCRATCH + LOW_SCRATCH_BYTES / 2)
#define SCRATCH_FAT_BYTES (LOW_SCRATCH_BYTES / 2)

NORETURN static void fail_volume(const struct loader *loader, enum boot_status status, uint64_t lba)
{
    if (status == BOOT_E_DISK_READ)
        fail(status, DETAIL_VOLUME_READ, loader->disk.drive, loader->disk.failed_lba,
             loader->disk.failed_status);
    fail(status, DETAIL_VOLUME, loader->disk.drive, lba);
}

/*
 * Stage 1 cannot check itself, but what it brought can: is it, as the BIOS read
 * it, the one that was sealed with this stage 2? It came this far, yet the next
 * boot may take another way through it; and nobody knows whether it still
 * compares sums. Asked before the disk, which it may have named wrongly.
 */
static void check_stage1(void)
{
    const struct stage2_header *const header = memory_at(LOW_STAGE2);
    const struct fletcher64 sums = mbr_code_sums(memory_at(LOW_STAGE1));

    if (sums.sum != header->mbr_code[0] || sums.sum_of_sums != header->mbr_code[1])
        fail(BOOT_E_STAGE1, DETAIL_STAGE1, exchange.drive, sums.sum, sums.sum_of_sums,
             header->mbr_code[0], header->mbr_code[1]);
}

/*
 * Stage 1 reads by cylinder, head and sector only where EDD failed it, and stage
 * 2 came through that way: it is not tried again (Q18). Should the BIOS not tell
 * the geometry this time, stage 1's is good.
 */
static void follow_stage1(struct disk *disk)
{
    const struct stage1_state *const state = memory_at(LOW_STAGE1 + MBR_BPB_OFFSET);

    if (state->call_sectors != STAGE1_CHS_SECTORS)
        return;
    disk->use_edd = false;
    if (!disk_probe_geometry(disk)) {
        disk->track_sectors = state->sectors_per_track;
        disk->heads = state->heads;
    }
}

static void mount(struct loader *loader, const struct mbr_partition *active)
{
    const struct fat_buffers buffers = {
        .window = memory_at(LOW_FAT_WINDOW),
        .window_bytes = LOW_FAT_WINDOW_BYTES,
        .scratch = memory_at(SCRATCH_FAT),
        .scratch_bytes = SCRATCH_FAT_BYTES,
    };
    const enum boot_status status =
        fat_mount(&loader->volume, &loader->device, active->first_lba, active->sectors, buffers);
    if (status != BOOT_OK)
        fail_volume(loader, status, active->first_lba);
}

/*
 * The step: a mounted boot volume.
 *
 * E20  a read failed for good    E25  no drive holds the booted sector
 * E27  stage 1 is damaged        E21-E24  the partition table
 * E26, E30, E31  the volume
 */
void volume_find(struct loader *loader)
{
    uint8_t *const sector = memory_at(LOW_SCRATCH);
    struct mbr_partition active;

    trace_step(BOOT_STEP_VOLUME, exchange.drive);
    check_stage1();
    disk_probe(&loader->disk, exchange.drive);
    follow_stage1(&loader->disk);
    const struct stage1_entry *const entry = memory_at(LOW_STAGE1_ENTRY);
    enum boot_status status = disk_confirm(&loader->disk, (uint8_t)entry->dx, sector);
    if (status != BOOT_OK)
        fail_volume(loader, status, 0);
    loader->device = disk_blockdev(&loader->disk);

    /* Not judged by the drive's size: AH=48h is not always right (Q27). */
    status = mbr_find_active(sector, UINT64_MAX, &active);
    if (status != BOOT_OK)
        fail_volume(loader, status, 0);
    mount(loader, &active);
    console_say("coldstart: disk %02Xh (%s), partition %u, FAT%u\n", loader->disk.drive,
                loader->disk.use_edd ? "EDD" : "CHS", active.index, loader->volume.kind);
}

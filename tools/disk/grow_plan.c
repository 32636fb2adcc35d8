/* SPDX-License-Identifier: MIT
 *
 * See grow_plan.h. Spec: the conventional PC MBR.
 */
#include "tools/disk/grow_plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/mbr.h"
#include "kernel/core/mbr.h"
#include "stage2/plan/reason.h"
#include "tools/disk/entry.h"
#include "tools/disk/table.h"

#define ALIGN_SECTORS 2048 /* partitions end where partitioning programs let them end */
#define MBR_LAST_LBA  UINT32_MAX
#define FAT32         32

static struct mbr_entry *entry_of(uint8_t head[SECTOR_BYTES], unsigned index)
{
    return (struct mbr_entry *)(head + MBR_PARTITION_TABLE) + index - 1;
}

/* Sectors from `first` to the disk's end, or to the last that an MBR can name, in whole MiB. */
static uint32_t room_from(uint64_t first, uint64_t disk_sectors)
{
    const uint64_t end = disk_sectors < MBR_LAST_LBA ? disk_sectors : MBR_LAST_LBA;

    return end <= first ? 0 : (uint32_t)(end / ALIGN_SECTORS * ALIGN_SECTORS - first);
}

static bool is_last(struct grow_plan *plan, struct refusal *refusal)
{
    for (unsigned index = 1; index <= MBR_ENTRY_COUNT; index++) {
        const struct mbr_entry *const entry = entry_of(plan->old_head, index);
        if (entry->type == MBR_TYPE_EMPTY || load_le32(entry->lba_first) <= plan->first_lba)
            continue;
        refuse(refusal, "partition %u lies behind partition %u, which therefore cannot grow", index,
               plan->index);
        return advise(refusal,
                      "If nothing in it is needed, delete it first:\n"
                      "    sfdisk --delete DEVICE %u",
                      index);
    }
    return true;
}

bool grow_plan_make(struct grow_plan *plan, const struct head *head, struct refusal *refusal)
{
    struct mbr_partition active;
    uint32_t gap_end;

    if (!table_judge(head, &gap_end, refusal))
        return false;
    memcpy(plan->old_head, head->sector[0], sizeof(plan->old_head));
    const enum boot_status status = mbr_find_active(plan->old_head, head->disk_sectors, &active);
    if (status != BOOT_OK)
        return refuse(refusal, "it cannot be told what should grow: %s", reason_text(status));
    plan->index = active.index;
    plan->first_lba = (uint32_t)active.first_lba;
    plan->old_sectors = (uint32_t)active.sectors;
    plan->new_sectors = room_from(active.first_lba, head->disk_sectors);
    if (!is_last(plan, refusal))
        return false;
    if (plan->new_sectors <= plan->old_sectors)
        return refuse(refusal, "there is no room: partition %u ends where the disk does",
                      plan->index);
    return true;
}

void grow_plan_head(const struct grow_plan *plan, unsigned fat, uint8_t head[SECTOR_BYTES])
{
    memcpy(head, plan->old_head, SECTOR_BYTES);
    struct mbr_entry *const entry = entry_of(head, plan->index);
    entry_place(entry, plan->first_lba, plan->new_sectors);
    entry->type = fat == FAT32 ? MBR_TYPE_FAT32_LBA : MBR_TYPE_FAT16_LBA;
}

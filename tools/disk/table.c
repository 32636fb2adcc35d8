/* SPDX-License-Identifier: MIT
 *
 * See table.h. Spec: the conventional PC MBR; UEFI 2.10, sections 5.2 and 5.3 (GPT); A. Brouwer,
 * "Partition types", for those of disk managers.
 */
#include "tools/disk/table.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/mbr.h"

#define TYPE_DISK_MANAGER 0x54 /* Ontrack Disk Manager 6 */
#define TYPE_EZ_DRIVE     0x55
#define TYPE_GPT          0xEE /* all that an MBR says of a GPT disk */

static const char gpt_magic[] = { 'E', 'F', 'I', ' ', 'P', 'A', 'R', 'T' };

struct area {
    unsigned number; /* 1..4, as people count them */
    uint8_t status, type;
    uint64_t first, sectors;
};

static struct area area_of(const struct head *head, unsigned index)
{
    const struct mbr_entry *const entry =
        (const struct mbr_entry *)(head->sector[0] + MBR_PARTITION_TABLE) + index;

    return (struct area){ .number = index + 1,
                          .status = entry->status,
                          .type = entry->type,
                          .first = load_le32(entry->lba_first),
                          .sectors = load_le32(entry->sectors) };
}

static bool is_gpt_header(const uint8_t *sector)
{
    return memcmp(sector, gpt_magic, sizeof(gpt_magic)) == 0;
}

/* At its beginning: the header, or an entry of its MBR. */
static bool begins_as_gpt(const struct head *head)
{
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++)
        if (area_of(head, i).type == TYPE_GPT)
            return true;
    return head->count > 1 && is_gpt_header(head->sector[1]);
}

static bool has_gpt(const struct head *head)
{
    return begins_as_gpt(head) || is_gpt_header(head->last);
}

static bool refuse_gpt(const struct head *head, struct refusal *refusal)
{
    if (begins_as_gpt(head)) {
        refuse(refusal, "the disk has a GPT, whose own sectors lie where the loader would go");
        return advise(refusal, "Coldstart boots from disks with an MBR partition table only");
    }
    refuse(refusal, "the last sector, %" PRIu64 ", is the backup header of a GPT",
           head->disk_sectors - 1);
    return advise(refusal, "If it was left over when the disk was partitioned anew, `wipefs "
                           "DEVICE` shows it and can remove it");
}

/* A file system that begins in sector 0: a stick without a partition table. */
static bool is_volume(const uint8_t *sector)
{
    return memcmp(sector + 0x36, "FAT1", 4) == 0 || memcmp(sector + 0x52, "FAT32", 5) == 0 ||
           memcmp(sector + 3, "NTFS ", 5) == 0 || memcmp(sector + 3, "EXFAT ", 6) == 0;
}

static bool refuse_no_table(const struct head *head, struct refusal *refusal)
{
    if (is_volume(head->sector[0]))
        refuse(refusal, "the disk has no partition table: one file system begins in sector 0");
    else
        refuse(refusal, "the disk has no partition table");
    return advise(refusal,
                  "Partition it first (one active FAT partition from sector %d on), or "
                  "write the whole image, which erases the disk: tools/write DEVICE",
                  BOOT_PARTITION_LBA);
}

static bool judge_entry(const struct head *head, const struct area *area, struct refusal *refusal)
{
    if (area->type == TYPE_DISK_MANAGER || area->type == TYPE_EZ_DRIVE)
        return refuse(refusal,
                      "partition %u is a disk manager's (type %02Xh), which keeps the "
                      "true table and its own code in front of the partitions",
                      area->number, area->type);
    if (area->first == 0)
        return refuse(refusal, "partition %u begins in sector 0, where the boot code goes",
                      area->number);
    if (area->sectors == 0 || area->first >= head->disk_sectors ||
        area->sectors > head->disk_sectors - area->first)
        return refuse(refusal,
                      "partition %u (sectors %" PRIu64 " to %" PRIu64 ") is not on this "
                      "disk of %" PRIu64 " sectors",
                      area->number, area->first, area->first + area->sectors - 1,
                      head->disk_sectors);
    return true;
}

static bool areas_overlap(const struct area *one, const struct area *other)
{
    return one->first < other->first + other->sectors && other->first < one->first + one->sectors;
}

/* The entries one by one, then in pairs; counts those in use. */
static bool judge_entries(const struct head *head, unsigned *used, struct refusal *refusal)
{
    struct area kept[MBR_ENTRY_COUNT];

    *used = 0;
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++) {
        const struct area area = area_of(head, i);
        if (area.type == MBR_TYPE_EMPTY)
            continue;
        if (!judge_entry(head, &area, refusal))
            return false;
        for (unsigned other = 0; other < *used; other++)
            if (areas_overlap(&area, &kept[other]))
                return refuse(refusal, "partitions %u and %u overlap", kept[other].number,
                              area.number);
        kept[(*used)++] = area;
    }
    return true;
}

static bool statuses_are_sane(const struct head *head)
{
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++) {
        const uint8_t status = area_of(head, i).status;
        if (status != MBR_STATUS_ACTIVE && status != MBR_STATUS_INACTIVE)
            return false;
    }
    return true;
}

/* Lowest beginning of any entry. An empty one with numbers in it may have been a partition once. */
static uint32_t find_gap_end(const struct head *head)
{
    uint64_t end = head->count;

    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++) {
        const struct area area = area_of(head, i);
        if (area.first != 0 && area.sectors != 0 && area.first < end)
            end = area.first;
    }
    return (uint32_t)end;
}

bool table_judge(const struct head *head, uint32_t *gap_end, struct refusal *refusal)
{
    unsigned used;

    if (has_gpt(head))
        return refuse_gpt(head, refusal);
    if (load_le16(head->sector[0] + MBR_BOOT_SIGNATURE) != MBR_SIGNATURE ||
        !statuses_are_sane(head))
        return refuse_no_table(head, refusal);
    if (!judge_entries(head, &used, refusal)) {
        if (refusal->advice[0] == '\0')
            advise(refusal, "Look at the table: sfdisk --list DEVICE");
        return false;
    }
    if (used == 0)
        return refuse_no_table(head, refusal);
    *gap_end = find_gap_end(head);
    return true;
}

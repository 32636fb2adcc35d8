/* SPDX-License-Identifier: MIT
 *
 * See gap.h.
 */
#include "tools/disk/gap.h"

#include <string.h>

#include "base/bytes.h"
#include "boot/stage2_header.h"
#include "kernel/core/fletcher64.h"
#include "kernel/core/mbr_code.h"
#include "tools/disk/owners.h"
#include "tools/disk/sector0.h"

#define WORD_BYTES   sizeof(uint32_t)
#define HEADER_BYTES sizeof(struct stage2_header)
#define FIRST_SECTOR 1
#define NO_PLACE     0

/* ---- what is there */

static bool is_zero(const uint8_t *sector)
{
    for (size_t i = 0; i < SECTOR_BYTES; i++)
        if (sector[i] != 0)
            return false;
    return true;
}

static bool has_magic(const uint8_t *copy)
{
    return load_le32(copy) == STAGE2_MAGIC_0 && load_le32(copy + WORD_BYTES) == STAGE2_MAGIC_1;
}

/* Length in sectors that a header claims, or 0 when no stage 2 can be so long or end there. */
static uint32_t claimed_sectors(const struct gap *gap, const struct head *head, uint32_t lba)
{
    const uint8_t *const copy = head->sector[lba];
    const uint32_t bytes = load_le32(copy + offsetof(struct stage2_header, bytes));

    if (!has_magic(copy) || bytes == 0 || bytes % SECTOR_BYTES != 0 ||
        bytes / SECTOR_BYTES > STAGE2_MAX_SECTORS || bytes / SECTOR_BYTES > gap->end - lba)
        return 0;
    return bytes / SECTOR_BYTES;
}

/* Is it a stage 2 that stage 1 would start? */
static bool copy_is_whole(const struct head *head, uint32_t lba, uint32_t sectors)
{
    struct fletcher64 sums = FLETCHER64_START;

    fletcher64_update(&sums, head->sector[lba], (size_t)sectors * SECTOR_BYTES / WORD_BYTES);
    return sums.sum == FLETCHER64_BALANCED && sums.sum_of_sums == FLETCHER64_BALANCED;
}

static void mark(struct gap *gap, uint32_t first, uint32_t sectors, enum gap_use use)
{
    for (uint32_t lba = first; lba < gap->end && lba - first < sectors; lba++)
        gap->use[lba] = (uint8_t)use;
}

/* The sectors that this disk's own stage 1 reads, if it is one: whatever is in them, they stay. */
static void map_present(struct gap *gap, const struct head *head)
{
    const uint8_t *const parameters = head->sector[0] + STAGE1_PARAMETERS_OFFSET;
    const uint16_t sectors = load_le16(parameters + offsetof(struct stage1_parameters, sectors));

    gap->has_loader = sector0_is_coldstart(head->sector[0]);
    gap->whole_copies = 0;
    if (!gap->has_loader || sectors == 0 || sectors > STAGE2_MAX_SECTORS)
        return;
    gap->present.sectors = sectors;
    for (unsigned i = 0; i < ARRAY_COUNT(gap->present.copy_lba); i++) {
        const uint16_t lba = load_le16(parameters + i * sizeof(uint16_t));
        gap->present.copy_lba[i] = lba;
        if (lba < FIRST_SECTOR || lba >= gap->end)
            continue;
        mark(gap, lba, sectors, GAP_IN_USE);
        if (claimed_sectors(gap, head, lba) == sectors && copy_is_whole(head, lba, sectors))
            gap->whole_copies++;
    }
}

/* Part of the very stage 2 that is to be written: an install that was cut off left it. */
static bool is_part_of(const uint8_t *sector, const uint8_t *copy, size_t copy_bytes)
{
    const bool is_header =
        memcmp(sector, copy, sizeof(uint64_t)) == 0 &&
        memcmp(sector + HEADER_BYTES, copy + HEADER_BYTES, SECTOR_BYTES - HEADER_BYTES) == 0;

    if (is_header)
        return true;
    for (size_t at = SECTOR_BYTES; at < copy_bytes; at += SECTOR_BYTES)
        if (memcmp(sector, copy + at, SECTOR_BYTES) == 0)
            return true;
    return false;
}

static enum gap_use use_alone(const uint8_t *sector, const uint8_t *copy, size_t copy_bytes)
{
    return is_zero(sector) || is_part_of(sector, copy, copy_bytes) ? GAP_FREE : GAP_FOREIGN;
}

void gap_map(struct gap *gap, const struct head *head, uint32_t end, const uint8_t *copy,
             size_t copy_bytes)
{
    *gap = (struct gap){ .end = end };
    for (uint32_t lba = FIRST_SECTOR; lba < end; lba++)
        gap->use[lba] = (uint8_t)use_alone(head->sector[lba], copy, copy_bytes);
    for (uint32_t lba = FIRST_SECTOR; lba < end; lba++) {
        const uint32_t sectors = claimed_sectors(gap, head, lba);
        if (sectors == 0)
            continue;
        if (copy_is_whole(head, lba, sectors))
            mark(gap, lba, sectors, GAP_FREE);
        else if (gap->use[lba] == GAP_FOREIGN)
            mark(gap, lba, sectors, GAP_REMAINS);
    }
    map_present(gap, head);
}

bool gap_is_ours(const struct gap *gap, const struct head *head, struct refusal *refusal)
{
    uint32_t first = FIRST_SECTOR;
    uint32_t last = FIRST_SECTOR;

    while (first < gap->end && gap->use[first] != GAP_FOREIGN)
        first++;
    if (first == gap->end)
        return true;
    for (uint32_t lba = first; lba < gap->end; lba++)
        if (gap->use[lba] == GAP_FOREIGN)
            last = lba;
    const char *const owner = owners_find(head, first, last);
    refuse(refusal,
           "the gap in front of the first partition is not free: something lies between "
           "sector %u and sector %u%s%s",
           first, last, owner != NULL ? ": " : "", owner != NULL ? owner : "");
    advise(refusal, "It may be what boots this disk now, or hold its data; nothing says that it "
                    "can be spared, so it is left alone.");
    return advise(refusal, "If an install by another version of Coldstart was cut off here, take "
                           "that back first: tools/write --uninstall DEVICE --saved FILE");
}

/* ---- where there is room */

static uint32_t round_down(uint32_t lba, uint32_t block)
{
    return lba / block * block;
}

static bool place_is_free(const struct gap *gap, uint32_t lba, uint32_t sectors, uint32_t block)
{
    if (lba < FIRST_SECTOR || lba > gap->end || sectors > gap->end - lba)
        return false;
    const uint32_t first = round_down(lba, block);
    const uint32_t end = round_down(lba + sectors + block - 1, block);
    if ((first < FIRST_SECTOR && block > 1) || end > gap->end)
        return false;
    for (uint32_t at = first; at < end; at++) {
        const bool is_inside = at >= lba && at < lba + sectors;
        if (gap->use[at] == GAP_IN_USE || (is_inside && gap->use[at] != GAP_FREE))
            return false;
    }
    return true;
}

/* The lowest place not below `from`; NO_PLACE if there is none. */
static uint32_t lowest_place(const struct gap *gap, uint32_t from, uint32_t sectors, uint32_t block)
{
    for (uint32_t lba = from; lba < gap->end; lba++)
        if (lba % block == 0 && place_is_free(gap, lba, sectors, block))
            return lba;
    return NO_PLACE;
}

/* The highest place not below `from`; NO_PLACE if there is none. */
static uint32_t highest_place(const struct gap *gap, uint32_t from, uint32_t sectors,
                              uint32_t block)
{
    for (uint32_t lba = gap->end; lba-- > from;)
        if (lba % block == 0 && place_is_free(gap, lba, sectors, block))
            return lba;
    return NO_PLACE;
}

static bool refuse_room(const struct gap *gap, uint32_t sectors, struct refusal *refusal)
{
    uint32_t unused = 0;

    for (uint32_t lba = FIRST_SECTOR; lba < gap->end; lba++)
        unused += gap->use[lba] == GAP_FREE;
    refuse(refusal,
           "the gap in front of the first partition is too small: %u sectors, %u of them "
           "free; the loader needs two pieces of %u, one for each copy of stage 2",
           gap->end - FIRST_SECTOR, unused, sectors);
    if (gap->has_loader && gap->whole_copies != 0)
        return advise(refusal,
                      "The Coldstart that boots this disk stays whole until the new one is "
                      "in place. Take it away first: tools/write --uninstall DEVICE "
                      "--saved FILE");
    return advise(refusal,
                  "Partitioning programs of today begin the first partition in sector %d "
                  "(1 MiB); one that begins earlier must be moved (gparted can)",
                  BOOT_PARTITION_LBA);
}

bool gap_choose(const struct gap *gap, uint16_t sectors, uint32_t block_sectors,
                struct stage1_parameters *where, struct refusal *refusal)
{
    uint32_t a = STAGE2_COPY_A_LBA;
    uint32_t b = STAGE2_COPY_B_LBA;

    if (!place_is_free(gap, a, sectors, block_sectors))
        a = lowest_place(gap, FIRST_SECTOR, sectors, block_sectors);
    if (a == NO_PLACE)
        return refuse_room(gap, sectors, refusal);
    if (b < a + sectors || !place_is_free(gap, b, sectors, block_sectors))
        b = highest_place(gap, a + sectors, sectors, block_sectors);
    if (b == NO_PLACE)
        return refuse_room(gap, sectors, refusal);
    *where = (struct stage1_parameters){ { (uint16_t)a, (uint16_t)b }, sectors };
    return true;
}

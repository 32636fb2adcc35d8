/* SPDX-License-Identifier: MIT
 *
 * See stages.h. Spec: the conventional PC master boot record.
 */
#include "tools/image/stages.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage2_header.h"
#include "hw/mbr.h"
#include "tools/disk/entry.h"
#include "tools/image/host_file.h"
#include "tools/image/say.h"

#define STAGE2_MAGIC "COLDSTG2"

#define NT_JUMP_END 4 /* behind XOR AX, AX and a jump to the code */

static void put_le32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < sizeof(value); i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t stage2_word(const struct stages *stages, size_t offset)
{
    return load_le32(stages->stage2 + offset);
}

static void parameters_read(struct stages *stages)
{
    const uint8_t *const at = stages->stage1 + STAGE1_PARAMETERS_OFFSET;

    stages->where.copy_lba[0] = load_le16(at);
    stages->where.copy_lba[1] = load_le16(at + sizeof(uint16_t));
    stages->where.sectors = load_le16(at + offsetof(struct stage1_parameters, sectors));
}

void stages_read(const char *stage1, const char *stage2, struct stages *stages)
{
    const uint64_t stage1_bytes = host_file_need(stage1);
    const uint64_t stage2_bytes = host_file_need(stage2);

    if (stage1_bytes != SECTOR_BYTES)
        fail("%s: not one sector of %d bytes", stage1, SECTOR_BYTES);
    host_file_read(stage1, stages->stage1, SECTOR_BYTES);
    if (stage2_bytes < sizeof(struct stage2_header))
        fail("%s: not a stage 2: it does not start with " STAGE2_MAGIC, stage2);
    stages->stage2_bytes =
        stage2_bytes < sizeof(stages->stage2) ? (size_t)stage2_bytes : sizeof(stages->stage2);
    host_file_read(stage2, stages->stage2, stages->stage2_bytes);
    if (memcmp(stages->stage2, STAGE2_MAGIC, strlen(STAGE2_MAGIC)) != 0)
        fail("%s: not a stage 2: it does not start with " STAGE2_MAGIC, stage2);
    if (stage2_word(stages, offsetof(struct stage2_header, bytes)) != stage2_bytes)
        fail("%s: not the length its header says, or not sealed", stage2);
    stages->build_id = stage2_word(stages, offsetof(struct stage2_header, build_id));
    parameters_read(stages);
    if ((uint64_t)stages->where.sectors * SECTOR_BYTES != stage2_bytes)
        fail("%s was not sealed together with %s", stage1, stage2);
}

uint32_t stages_signature(const struct options *options, const struct stages *stages)
{
    if (options->signature != 0)
        return options->signature;
    return stages->build_id == 0 ? 1 : stages->build_id;
}

/* Both choices change bytes that stage 1 never relies on. */
static void place_first_sector(const struct options *options, const struct stages *stages,
                               uint8_t *sector)
{
    static const uint8_t nt[NT_JUMP_END] = { 0x33, 0xC0, 0xEB, MBR_CODE_OFFSET - NT_JUMP_END };

    memcpy(sector, stages->stage1, MBR_CODE_END);
    if (options->nt_first_bytes) /* some BIOSes look for the first two of them (Q10) */
        memcpy(sector, nt, sizeof(nt));
    if (options->no_bpb) /* a BPB in front of a partition table confuses some (Q9) */
        memset(sector + MBR_BPB_OFFSET, 0, MBR_CODE_OFFSET - MBR_BPB_OFFSET);
}

/* FAT12 and FAT16 of less than 32 MiB have types of their own; all others are found by LBA. */
static uint8_t partition_type(const struct layout *layout)
{
    if (layout->fat == 32)
        return MBR_TYPE_FAT32_LBA;
    if (layout->sectors > UINT16_MAX)
        return MBR_TYPE_FAT16_LBA;
    return layout->fat == 16 ? MBR_TYPE_FAT16_32M : MBR_TYPE_FAT12;
}

/*
 * One active entry, right in every field, for BIOSes that judge it (Q11); a plain MBR, for
 * some refuse every other (Q12). The disk's signature is stage 2's build id unless another is
 * asked for: the same for the same loader, and never 0.
 */
static void place_table(uint32_t signature, const struct layout *layout, uint8_t *sector)
{
    struct mbr_entry *const entry = (struct mbr_entry *)(sector + MBR_PARTITION_TABLE);

    put_le32(sector + MBR_DISK_SIGNATURE, signature);
    entry->status = MBR_STATUS_ACTIVE;
    entry->type = partition_type(layout);
    entry_place(entry, BOOT_PARTITION_LBA, (uint32_t)layout->sectors);
    sector[MBR_BOOT_SIGNATURE] = (uint8_t)MBR_SIGNATURE;
    sector[MBR_BOOT_SIGNATURE + 1] = MBR_SIGNATURE >> 8;
}

void sector_make(const struct options *options, const struct stages *stages,
                 const struct layout *layout, uint8_t sector[SECTOR_BYTES])
{
    memset(sector, 0, SECTOR_BYTES);
    place_first_sector(options, stages, sector);
    place_table(stages_signature(options, stages), layout, sector);
}

/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a disk's first sectors: sector 0, and pieces of the gap. Places that are chosen are
 * in front of every partition, apart from each other, and hold nothing but zeros or what begins as
 * a stage 2 that the disk's own stage 1 does not read.
 * Input: 512 bytes of sector 0; then pieces: first sector (2 bytes), length in bytes (2 bytes), data.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/mbr.h"
#include "tools/disk/gap.h"
#include "tools/disk/table.h"

#define SECTORS      3
#define COUNT        64 /* of the disk's first sectors: enough for every case, and fast */
#define PIECE_HEADER 4
#define DISK_SECTORS 200000

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

static struct head head;
static struct gap gap;

static void build(const uint8_t *data, size_t size)
{
    const size_t first = size < SECTOR_BYTES ? size : SECTOR_BYTES;

    memset(head.sector, 0, COUNT * SECTOR_BYTES);
    head.count = COUNT;
    head.disk_sectors = DISK_SECTORS;
    head.block_sectors = 1;
    memcpy(head.sector[0], data, first);
    data += first;
    size -= first;
    while (size >= PIECE_HEADER) {
        const size_t lba = 1 + load_le16(data) % (COUNT - 1U);
        size_t bytes = load_le16(data + 2);
        const size_t room = (COUNT - lba) * SECTOR_BYTES;
        data += PIECE_HEADER;
        size -= PIECE_HEADER;
        bytes = bytes > size ? size : bytes;
        memcpy(head.sector[lba], data, bytes > room ? room : bytes);
        data += bytes;
        size -= bytes;
    }
}

static bool is_zero(uint32_t lba)
{
    static const uint8_t zeros[SECTOR_BYTES];
    return memcmp(head.sector[lba], zeros, SECTOR_BYTES) == 0;
}

/* Is a header that claims this sector somewhere in front of it? */
static bool is_claimed(uint32_t lba)
{
    for (uint32_t first = lba < STAGE2_MAX_SECTORS ? 1 : lba - STAGE2_MAX_SECTORS + 1; first <= lba;
         first++)
        if (memcmp(head.sector[first], "COLDSTG2", 8) == 0 &&
            load_le32(head.sector[first] + 8) / SECTOR_BYTES > lba - first)
            return true;
    return false;
}

static void check_place(uint32_t first)
{
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++) {
        const uint8_t *const entry = head.sector[0] + MBR_PARTITION_TABLE + 16 * i;
        REQUIRE(entry[4] == 0 || load_le32(entry + 8) >= first + SECTORS);
    }
    REQUIRE(first >= 1);
    for (uint32_t lba = first; lba < first + SECTORS; lba++) {
        REQUIRE(is_zero(lba) || is_claimed(lba));
        for (unsigned i = 0; i < 2 && gap.has_loader; i++)
            REQUIRE(lba < gap.present.copy_lba[i] ||
                    lba >= gap.present.copy_lba[i] + gap.present.sectors);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t copy[SECTORS * SECTOR_BYTES] = { "COLDSTG2, but nobody's" };
    struct stage1_parameters where;
    struct refusal refusal;
    uint32_t end;

    build(data, size);
    if (!table_judge(&head, &end, &refusal))
        return 0;
    gap_map(&gap, &head, end, copy, sizeof(copy));
    if (!gap_is_ours(&gap, &head, &refusal) ||
        !gap_choose(&gap, SECTORS, head.block_sectors, &where, &refusal))
        return 0;
    REQUIRE(where.copy_lba[1] >= where.copy_lba[0] + SECTORS);
    check_place(where.copy_lba[0]);
    check_place(where.copy_lba[1]);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * See entry.h. Some BIOSes work a stick's geometry out of these fields (Q14).
 */
#include "tools/disk/entry.h"

#include "base/bytes.h"

#define CYLINDER_SECTORS (ENTRY_HEADS * ENTRY_TRACK_SECTORS)
#define CYLINDER_LAST    1023 /* ten bits; what lies beyond is written as the last there is */

static void store_le32(uint8_t bytes[4], uint32_t value)
{
    for (unsigned i = 0; i < sizeof(value); i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static void store_chs(uint8_t chs[3], uint64_t lba)
{
    uint64_t cylinder = lba / CYLINDER_SECTORS;
    uint64_t head = lba / ENTRY_TRACK_SECTORS % ENTRY_HEADS;
    uint64_t sector = lba % ENTRY_TRACK_SECTORS + 1;

    if (cylinder > CYLINDER_LAST) {
        cylinder = CYLINDER_LAST;
        head = ENTRY_HEADS - 1;
        sector = ENTRY_TRACK_SECTORS;
    }
    chs[0] = (uint8_t)head;
    chs[1] = (uint8_t)(sector | cylinder >> 8 << 6);
    chs[2] = (uint8_t)cylinder;
}

void entry_place(struct mbr_entry *entry, uint32_t first_lba, uint32_t sectors)
{
    store_chs(entry->chs_first, first_lba);
    store_chs(entry->chs_last, (uint64_t)first_lba + sectors - 1);
    store_le32(entry->lba_first, first_lba);
    store_le32(entry->sectors, sectors);
}

void entry_end_on_cylinder(struct mbr_entry *entry)
{
    const uint64_t end = (uint64_t)load_le32(entry->lba_first) + load_le32(entry->sectors);
    const uint64_t cylinders = (end + CYLINDER_SECTORS - 1) / CYLINDER_SECTORS;

    store_chs(entry->chs_last, cylinders * CYLINDER_SECTORS - 1);
}

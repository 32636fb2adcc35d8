/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any sector as sector 0, of a disk of any size. What is believed
 * must be the only active entry, a FAT type, behind the MBR, and on the disk.
 * Input: up to 512 bytes of the sector, from its end, and before them 8 bytes
 * of disk size.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/mbr.h"
#include "kernel/core/mbr.h"

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

static void require_sound(const uint8_t *sector, uint64_t disk_sectors,
                          const struct mbr_partition *found)
{
    const uint8_t *entries = sector + MBR_PARTITION_TABLE;
    unsigned active = 0;
    for (unsigned i = 0; i < MBR_ENTRY_COUNT; i++)
        active += entries[i * sizeof(struct mbr_entry)] == 0x80;
    REQUIRE(active == 1);
    REQUIRE(found->index >= 1 && found->index <= MBR_ENTRY_COUNT);
    const uint8_t *entry = entries + (found->index - 1) * sizeof(struct mbr_entry);
    REQUIRE(entry[0] == 0x80);
    REQUIRE(found->first_lba == load_le32(entry + 8) && found->sectors == load_le32(entry + 12));
    REQUIRE(found->type == entry[4] && memchr("\x01\x04\x06\x0B\x0C\x0E", entry[4], 6) != NULL);
    REQUIRE(found->first_lba >= 1 && found->sectors >= 1);
    REQUIRE(disk_sectors == 0 || found->first_lba + found->sectors <= disk_sectors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t sector[SECTOR_BYTES] = { 0 };
    uint64_t disk_sectors = 0;
    if (size < sizeof(disk_sectors) || size > sizeof(disk_sectors) + sizeof(sector))
        return 0;
    disk_sectors = load_le64(data);
    data += sizeof(disk_sectors);
    size -= sizeof(disk_sectors);
    memcpy(sector + sizeof(sector) - size, data, size);
    struct mbr_partition found;
    if (mbr_find_active(sector, disk_sectors, &found) == BOOT_OK)
        require_sound(sector, disk_sectors, &found);
    return 0;
}

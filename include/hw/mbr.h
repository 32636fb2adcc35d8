/* SPDX-License-Identifier: MIT
 *
 * The partition table of a master boot record: its four entries and the types
 * that mean FAT. Where the table lies in the sector is in boot/disk_layout.h.
 * Spec: the conventional PC MBR; as written down in UEFI 2.10, section 5.2.1.
 */
#pragma once

#include "base/compiler.h"

#define MBR_ENTRY_COUNT     4
#define MBR_SIGNATURE       0xAA55 /* the last two bytes, as a little-endian word */
#define MBR_STATUS_ACTIVE   0x80
#define MBR_STATUS_INACTIVE 0x00

/* Partition types. Those that are not here are not ours to boot from. */
#define MBR_TYPE_EMPTY     0x00
#define MBR_TYPE_FAT12     0x01
#define MBR_TYPE_FAT16_32M 0x04 /* below 32 MiB */
#define MBR_TYPE_FAT16     0x06
#define MBR_TYPE_FAT32_CHS 0x0B
#define MBR_TYPE_FAT32_LBA 0x0C
#define MBR_TYPE_FAT16_LBA 0x0E

/* Bytes only, so that an entry may lie at any address on any machine. */
struct mbr_entry {
    uint8_t status;       /* MBR_STATUS_ACTIVE or MBR_STATUS_INACTIVE */
    uint8_t chs_first[3]; /* head; sector and cylinder bits 8-9; cylinder */
    uint8_t type;
    uint8_t chs_last[3];
    uint8_t lba_first[4];
    uint8_t sectors[4];
};
ASSERT_SIZE(struct mbr_entry, 16);
ASSERT_OFFSET(struct mbr_entry, type, 4);
ASSERT_OFFSET(struct mbr_entry, lba_first, 8);
ASSERT_OFFSET(struct mbr_entry, sectors, 12);

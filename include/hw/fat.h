/* SPDX-License-Identifier: MIT
 *
 * The FAT file system as it lies on disk: boot sector, directory entries, the
 * values of the table. Every member is bytes, least significant first, so a
 * record may lie at any address; load_le16 and load_le32 read them.
 * Spec: Microsoft Extensible Firmware Initiative FAT32 File System
 * Specification, version 1.03.
 */
#pragma once

#include "base/compiler.h"

#define FAT_SIGNATURE 0xAA55 /* bytes 510 and 511, whatever the sector size */

/* The cluster count alone tells FAT12 from FAT16 (section "FAT Type Determination"). */
#define FAT12_CLUSTERS_BELOW 4085
#define FAT16_CLUSTERS_BELOW 65525
#define FAT32_CLUSTERS_BELOW 0x0FFFFFF5 /* so that no cluster number is a mark */

/* Numbers in the table. Two entries have no cluster: counting starts at 2. */
#define FAT_FIRST_CLUSTER 2
#define FAT_ENTRY_FREE    0
#define FAT12_ENTRY_MASK  0x00000FFF
#define FAT16_ENTRY_MASK  0x0000FFFF
#define FAT32_ENTRY_MASK  0x0FFFFFFF /* the top four bits are nobody's */
#define FAT_ENTRY_END     7          /* mask - 7 .. mask end a chain */

#define FAT_MAX_SECTORS_PER_CLUSTER 128
#define FAT_MEDIA_REMOVABLE         0xF0
#define FAT_MEDIA_FIXED_FIRST       0xF8 /* .. FFh */

/* extended_flags of FAT32: which table counts when they are not mirrored. */
#define FAT32_FLAG_ONE_ACTIVE  0x0080
#define FAT32_FLAG_ACTIVE_MASK 0x000F

struct fat_boot_sector {
    uint8_t jump[3];
    uint8_t oem_name[8];
    uint8_t sector_bytes[2];
    uint8_t cluster_sectors;
    uint8_t reserved_sectors[2];
    uint8_t table_count;
    uint8_t root_entries[2]; /* 0 on FAT32 */
    uint8_t sectors_16[2];   /* 0: see sectors_32 */
    uint8_t media;
    uint8_t table_sectors_16[2]; /* 0 on FAT32 */
    uint8_t track_sectors[2];
    uint8_t heads[2];
    uint8_t hidden_sectors[4];
    uint8_t sectors_32[4];
    /* From here on only FAT32 has this meaning. */
    uint8_t table_sectors_32[4];
    uint8_t extended_flags[2];
    uint8_t version[2]; /* 0:0 */
    uint8_t root_cluster[4];
    uint8_t info_sector[2];
    uint8_t backup_sector[2];
    uint8_t reserved[12];
    uint8_t code[446];
    uint8_t signature[2];
};
ASSERT_OFFSET(struct fat_boot_sector, sector_bytes, 11);
ASSERT_OFFSET(struct fat_boot_sector, sectors_16, 19);
ASSERT_OFFSET(struct fat_boot_sector, hidden_sectors, 28);
ASSERT_OFFSET(struct fat_boot_sector, table_sectors_32, 36);
ASSERT_OFFSET(struct fat_boot_sector, root_cluster, 44);
ASSERT_OFFSET(struct fat_boot_sector, signature, 510);
ASSERT_SIZE(struct fat_boot_sector, 512);

/* Directory entries. The first byte of the name also says what the entry is. */
#define FAT_NAME_END       0x00 /* neither this entry nor any behind it is used */
#define FAT_NAME_DELETED   0xE5
#define FAT_NAME_KANJI_E5  0x05 /* stands for a name that begins with E5h */
#define FAT_SHORT_BASE     8
#define FAT_SHORT_NAME     11
#define FAT_DIRECTORY_MAX  0x200000 /* bytes: 65536 entries */
#define FAT_ATTR_VOLUME    0x08
#define FAT_ATTR_DIRECTORY 0x10
#define FAT_ATTR_LONG      0x0F /* all of these, of FAT_ATTR_LONG_MASK */
#define FAT_ATTR_LONG_MASK 0x3F

struct fat_entry {
    uint8_t name[FAT_SHORT_NAME]; /* 8 + 3, padded with spaces */
    uint8_t attributes;
    uint8_t case_flags; /* Windows NT: show base (bit 3), extension (bit 4) in lower case */
    uint8_t created[5];
    uint8_t accessed[2];
    uint8_t cluster_high[2]; /* FAT32 only */
    uint8_t written[4];
    uint8_t cluster_low[2];
    uint8_t bytes[4];
};
ASSERT_OFFSET(struct fat_entry, attributes, 11);
ASSERT_OFFSET(struct fat_entry, cluster_high, 20);
ASSERT_OFFSET(struct fat_entry, cluster_low, 26);
ASSERT_OFFSET(struct fat_entry, bytes, 28);
ASSERT_SIZE(struct fat_entry, 32);

/* A piece of a long name. Pieces stand before their entry, the last one first. */
#define FAT_LONG_LAST       0x40 /* in `order`: the end of the name, so the first piece met */
#define FAT_LONG_ORDER_MASK 0x3F
#define FAT_LONG_PIECE      13 /* UTF-16 units in a piece */
#define FAT_LONG_PIECES     20
#define FAT_LONG_NAME       255 /* UTF-16 units in a name */

struct fat_long_entry {
    uint8_t order;      /* 1 .. FAT_LONG_PIECES, and FAT_LONG_LAST */
    uint8_t name_1[10]; /* UTF-16 units 1-5 */
    uint8_t attributes; /* FAT_ATTR_LONG */
    uint8_t type;       /* 0 */
    uint8_t checksum;   /* of the short name it belongs to */
    uint8_t name_2[12]; /* units 6-11 */
    uint8_t cluster[2]; /* 0 */
    uint8_t name_3[4];  /* units 12-13 */
};
ASSERT_OFFSET(struct fat_long_entry, attributes, 11);
ASSERT_OFFSET(struct fat_long_entry, checksum, 13);
ASSERT_OFFSET(struct fat_long_entry, name_3, 28);
ASSERT_SIZE(struct fat_long_entry, 32);

/* SPDX-License-Identifier: MIT
 *
 * Small FAT volumes built by hand, so that a test can then spoil any number in
 * them. The volume begins at sector FAT_BUILDER_LBA of its disk.
 */
#pragma once

#include <stdint.h>

#include "hw/fat.h"
#include "kernel/core/fat.h"

#define FAT_BUILDER_LBA      3
#define FAT_BUILDER_RESERVED 2
#define FAT_BUILDER_TABLES   2
#define FAT_BUILDER_ROOT     32 /* entries of a fixed root folder */

struct fat_builder {
    enum fat_kind kind;
    uint8_t *disk; /* malloc'd */
    uint64_t disk_sectors;
    uint32_t total_sectors;
    uint32_t table_sectors;
    uint32_t cluster_sectors;
    uint32_t clusters;
    uint32_t data_sector; /* of cluster 2, in the volume */
};

/* Make an empty volume; on FAT32 the root folder is cluster 2. */
void fat_builder_make(struct fat_builder *builder, enum fat_kind kind, uint32_t cluster_sectors,
                      uint32_t clusters);
void fat_builder_free(struct fat_builder *builder);

/* A sector of the volume; its boot sector; a cluster's bytes; the root folder's first entry. */
uint8_t *fat_builder_sector(const struct fat_builder *builder, uint32_t sector);
struct fat_boot_sector *fat_builder_boot(const struct fat_builder *builder);
uint8_t *fat_builder_cluster(const struct fat_builder *builder, uint32_t cluster);
struct fat_entry *fat_builder_root(const struct fat_builder *builder);

/* Write a number into all tables; or chain `count` neighbours and end them. */
void fat_builder_set(struct fat_builder *builder, uint32_t cluster, uint32_t value);
void fat_builder_chain(struct fat_builder *builder, uint32_t first, uint32_t count);

/* Fill in an entry: an 11-byte name, attributes, first cluster, size. */
void fat_builder_entry(struct fat_entry *entry, const char *name, uint8_t attributes,
                       uint32_t cluster, uint32_t bytes);

/* Fill in one piece of a long name: up to 13 units of ASCII text, for the short name given. */
void fat_builder_long(struct fat_entry *entry, uint8_t order, const char *text,
                      const char *short_name);

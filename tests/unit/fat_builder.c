/* SPDX-License-Identifier: MIT
 *
 * Small FAT volumes built by hand. Written from the specification, not from
 * the reader: the two agree only if both are right.
 * Spec: Microsoft FAT specification 1.03.
 */
#include "tests/unit/fat_builder.h"

#include <stdlib.h>
#include <string.h>

#include "boot/disk_layout.h"

#define MEDIA_FIXED     0xF8
#define GUARD_SECTORS   4 /* of the disk, behind the volume */
#define ENTRY_BITS_BYTE 8

static void put16(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *bytes, uint32_t value)
{
    put16(bytes, value);
    put16(bytes + 2, value >> 16);
}

uint8_t *fat_builder_sector(const struct fat_builder *builder, uint32_t sector)
{
    return builder->disk + (size_t)(FAT_BUILDER_LBA + sector) * SECTOR_BYTES;
}

struct fat_boot_sector *fat_builder_boot(const struct fat_builder *builder)
{
    return (struct fat_boot_sector *)fat_builder_sector(builder, 0);
}

uint8_t *fat_builder_cluster(const struct fat_builder *builder, uint32_t cluster)
{
    return fat_builder_sector(builder,
                              builder->data_sector + (cluster - 2) * builder->cluster_sectors);
}

struct fat_entry *fat_builder_root(const struct fat_builder *builder)
{
    if (builder->kind == FAT_KIND_32)
        return (struct fat_entry *)fat_builder_cluster(builder, 2);
    return (struct fat_entry *)fat_builder_sector(
        builder, FAT_BUILDER_RESERVED + FAT_BUILDER_TABLES * builder->table_sectors);
}

static void boot_sector_fill(struct fat_builder *builder)
{
    struct fat_boot_sector *boot = fat_builder_boot(builder);
    memcpy(boot->jump, "\xEB\x58\x90", sizeof(boot->jump));
    put16(boot->sector_bytes, SECTOR_BYTES);
    boot->cluster_sectors = (uint8_t)builder->cluster_sectors;
    put16(boot->reserved_sectors, FAT_BUILDER_RESERVED);
    boot->table_count = FAT_BUILDER_TABLES;
    boot->media = MEDIA_FIXED;
    put32(boot->sectors_32, builder->total_sectors);
    put32(boot->hidden_sectors, FAT_BUILDER_LBA);
    if (builder->kind == FAT_KIND_32) {
        put32(boot->table_sectors_32, builder->table_sectors);
        put32(boot->root_cluster, 2);
    } else {
        put16(boot->table_sectors_16, builder->table_sectors);
        put16(boot->root_entries, FAT_BUILDER_ROOT);
    }
    put16(boot->signature, FAT_SIGNATURE);
}

void fat_builder_make(struct fat_builder *builder, enum fat_kind kind, uint32_t cluster_sectors,
                      uint32_t clusters)
{
    const uint32_t table_bits = (clusters + 2) * (uint32_t)kind;
    const uint32_t sector_bits = SECTOR_BYTES * ENTRY_BITS_BYTE;
    const uint32_t root_sectors =
        kind == FAT_KIND_32 ? 0 : FAT_BUILDER_ROOT * sizeof(struct fat_entry) / SECTOR_BYTES;
    *builder = (struct fat_builder){
        .kind = kind,
        .table_sectors = (table_bits + sector_bits - 1) / sector_bits,
        .cluster_sectors = cluster_sectors,
        .clusters = clusters,
    };
    builder->data_sector =
        FAT_BUILDER_RESERVED + FAT_BUILDER_TABLES * builder->table_sectors + root_sectors;
    builder->total_sectors = builder->data_sector + clusters * cluster_sectors;
    builder->disk_sectors = FAT_BUILDER_LBA + builder->total_sectors + GUARD_SECTORS;
    builder->disk = calloc(builder->disk_sectors, SECTOR_BYTES);
    if (builder->disk == NULL)
        abort();
    boot_sector_fill(builder);
    fat_builder_set(builder, 0, 0x0FFFFF00 | MEDIA_FIXED);
    fat_builder_set(builder, 1, 0x0FFFFFFF);
    if (kind == FAT_KIND_32)
        fat_builder_set(builder, 2, 0x0FFFFFFF);
}

void fat_builder_free(struct fat_builder *builder)
{
    free(builder->disk);
}

void fat_builder_set(struct fat_builder *builder, uint32_t cluster, uint32_t value)
{
    for (uint32_t table = 0; table < FAT_BUILDER_TABLES; table++) {
        uint8_t *bytes =
            fat_builder_sector(builder, FAT_BUILDER_RESERVED + table * builder->table_sectors);
        if (builder->kind == FAT_KIND_32) {
            put32(bytes + 4 * cluster, value);
        } else if (builder->kind == FAT_KIND_16) {
            put16(bytes + 2 * cluster, value);
        } else if (cluster % 2 == 0) {
            bytes += cluster / 2 * 3;
            bytes[0] = (uint8_t)value;
            bytes[1] = (uint8_t)((bytes[1] & 0xF0) | (value >> 8 & 0x0F));
        } else {
            bytes += cluster / 2 * 3;
            bytes[1] = (uint8_t)((bytes[1] & 0x0F) | (value << 4 & 0xF0));
            bytes[2] = (uint8_t)(value >> 4);
        }
    }
}

void fat_builder_chain(struct fat_builder *builder, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i + 1 < count; i++)
        fat_builder_set(builder, first + i, first + i + 1);
    fat_builder_set(builder, first + count - 1, 0x0FFFFFFF);
}

void fat_builder_entry(struct fat_entry *entry, const char *name, uint8_t attributes,
                       uint32_t cluster, uint32_t bytes)
{
    memset(entry, 0, sizeof(*entry));
    memcpy(entry->name, name, sizeof(entry->name));
    entry->attributes = attributes;
    put16(entry->cluster_low, cluster);
    put16(entry->cluster_high, cluster >> 16);
    put32(entry->bytes, bytes);
}

static uint8_t checksum_of(const char *short_name)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < FAT_SHORT_NAME; i++)
        sum = (((sum & 1) << 7) + (sum >> 1) + (uint8_t)short_name[i]) & 0xFF;
    return (uint8_t)sum;
}

void fat_builder_long(struct fat_entry *entry, uint8_t order, const char *text,
                      const char *short_name)
{
    static const uint8_t places[FAT_LONG_PIECE] = { 1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30 };
    uint8_t *bytes = (uint8_t *)entry;
    const size_t length = strlen(text);
    memset(bytes, 0, sizeof(*entry));
    bytes[0] = order;
    entry->attributes = FAT_ATTR_LONG;
    bytes[offsetof(struct fat_long_entry, checksum)] = checksum_of(short_name);
    for (size_t i = 0; i < FAT_LONG_PIECE; i++)
        put16(bytes + places[i], i < length ? (uint8_t)text[i] : i == length ? 0 : 0xFFFF);
}

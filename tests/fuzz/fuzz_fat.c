/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: FAT volumes with any bytes of them spoiled. The reader must end
 * within a bounded number of disk reads, and come to the very verdict, and the
 * very bytes, of a slow reader that marks each cluster it has seen.
 *
 * Input: kind of volume, path, then patches: where (boot sector, table, folder,
 * other sector), offset, length, bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "hw/fat.h"
#include "tests/unit/fat_builder.h"
#include "tests/unit/memory_disk.h"

#define SMALL_CLUSTERS  150
#define FAT16_CLUSTERS  4085
#define VOLUMES         4
#define PATCHES_MAX     16
#define PATCH_BYTES_MAX 40
#define READS_MAX       (20 * FAT16_CLUSTERS)
#define PIECES          8

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

static uint8_t window[FAT_WINDOW_MIN];
static uint8_t scratch[3 * SECTOR_BYTES];
static const struct fat_buffers buffers = { window, sizeof(window), scratch, sizeof(scratch) };

static struct fat_builder builders[VOLUMES];

/* A volume with a file in pieces, and a folder with a long name and a file in it. */
static void volume_fill(struct fat_builder *builder)
{
    struct fat_entry *root = fat_builder_root(builder);
    const uint32_t cluster_bytes = builder->cluster_sectors * SECTOR_BYTES;
    for (uint32_t i = 3; i < builder->clusters + 2; i++)
        for (uint32_t j = 0; j < cluster_bytes; j += 2)
            fat_builder_cluster(builder, i)[j] = (uint8_t)i;
    fat_builder_entry(&root[0], "COLDSTART  ", 0x08, 0, 0);
    fat_builder_entry(&root[1], "KERNEL  ELF", 0x20, 20, 12 * cluster_bytes - 100);
    fat_builder_entry(&root[2], "BOOT       ", 0x10, 10, 0);
    fat_builder_chain(builder, 20, 5);
    fat_builder_set(builder, 24, 40);
    fat_builder_chain(builder, 40, 4);
    fat_builder_set(builder, 43, 30);
    fat_builder_chain(builder, 30, 3);
    struct fat_entry *boot = (struct fat_entry *)fat_builder_cluster(builder, 10);
    memset(boot, 0, 2 * (size_t)cluster_bytes);
    fat_builder_chain(builder, 10, 2);
    fat_builder_entry(&boot[0], ".          ", 0x10, 10, 0);
    fat_builder_entry(&boot[1], "..         ", 0x10, 0, 0);
    fat_builder_long(&boot[2], 2 | FAT_LONG_LAST, "module", "ALONG~1    ");
    fat_builder_long(&boot[3], 1, "a long named ", "ALONG~1    ");
    fat_builder_entry(&boot[4], "ALONG~1    ", 0x20, 60, 3 * cluster_bytes);
    fat_builder_chain(builder, 60, 3);
}

static void volumes_make(void)
{
    fat_builder_make(&builders[0], FAT_KIND_12, 1, SMALL_CLUSTERS);
    fat_builder_make(&builders[1], FAT_KIND_16, 1, FAT16_CLUSTERS);
    fat_builder_make(&builders[2], FAT_KIND_32, 1, SMALL_CLUSTERS);
    fat_builder_make(&builders[3], FAT_KIND_32, 4, SMALL_CLUSTERS);
    for (unsigned i = 0; i < VOLUMES; i++)
        volume_fill(&builders[i]);
}

/* The entry of a cluster, as a slow reader finds it. */
static uint32_t slow_entry(const struct fat_volume *volume, const uint8_t *disk, uint32_t cluster)
{
    const uint8_t *table = disk + volume->table_lba * SECTOR_BYTES;
    if (volume->kind == FAT_KIND_32)
        return load_le32(table + 4 * cluster) & 0x0FFFFFFF;
    uint32_t entry;
    if (volume->kind == FAT_KIND_16) {
        entry = load_le16(table + 2 * cluster);
        return entry >= 0xFFF8 ? 0x0FFFFFF8 : entry;
    }
    entry = table[cluster * 3 / 2] | (uint32_t)table[cluster * 3 / 2 + 1] << 8;
    entry = cluster % 2 == 0 ? entry & 0xFFF : entry >> 4;
    return entry >= 0xFF8 ? 0x0FFFFFF8 : entry;
}

/* Read a file one cluster at a time, marking each; follow the chain to its end. */
static enum boot_status slow_read(const struct fat_file *file, const uint8_t *disk,
                                  uint8_t *content)
{
    const struct fat_volume *volume = file->volume;
    const uint32_t cluster_bytes = (uint32_t)SECTOR_BYTES << volume->cluster_shift;
    uint32_t left = file->bytes;
    uint32_t cluster = file->chain.first;
    enum boot_status status = BOOT_OK;
    uint8_t *seen = calloc(1, volume->cluster_count + 2);
    REQUIRE(seen != NULL);
    while (file->bytes != 0 && status == BOOT_OK && cluster < 0x0FFFFFF8) {
        if (cluster < 2 || cluster >= volume->cluster_count + 2) {
            status = BOOT_E_FAT_CHAIN;
        } else if (seen[cluster]) {
            status = BOOT_E_FAT_LOOP;
        } else {
            const uint32_t piece = left < cluster_bytes ? left : cluster_bytes;
            memcpy(content + (file->bytes - left),
                   disk + volume->data_lba * SECTOR_BYTES + (size_t)(cluster - 2) * cluster_bytes,
                   piece);
            left -= piece;
            seen[cluster] = 1;
            cluster = slow_entry(volume, disk, cluster);
        }
    }
    free(seen);
    return status == BOOT_OK && left > 0 ? BOOT_E_FAT_CHAIN : status;
}

/* Everything a mounted volume claims lies within its partition. */
static void require_sound(const struct fat_volume *volume, const struct fat_builder *builder)
{
    const uint64_t end = FAT_BUILDER_LBA + builder->total_sectors;
    const uint64_t clusters = (uint64_t)volume->cluster_count << volume->cluster_shift;
    const uint64_t bits = (uint64_t)volume->table_sectors * SECTOR_BYTES * 8;
    REQUIRE(volume->cluster_count >= 1 && volume->data_lba + clusters <= end);
    REQUIRE(volume->table_lba > FAT_BUILDER_LBA);
    REQUIRE(volume->table_lba + volume->table_sectors <= volume->data_lba);
    REQUIRE(volume->root_lba + volume->root_sectors == volume->data_lba);
    REQUIRE(((uint64_t)volume->cluster_count + 2) * (unsigned)volume->kind <= bits);
}

/* Read the file at once and in pieces, and compare with the slow reader. */
static void read_and_compare(struct fat_file *file, const uint8_t *disk, uint32_t seed)
{
    uint8_t *content = malloc(file->bytes + 1);
    uint8_t *expected = malloc(file->bytes + 1);
    REQUIRE(content != NULL && expected != NULL);
    const enum boot_status status = fat_read(file, 0, file->bytes, content);
    REQUIRE(status == slow_read(file, disk, expected));
    if (status == BOOT_OK)
        REQUIRE(memcmp(content, expected, file->bytes) == 0);
    for (unsigned i = 0; i < PIECES && status == BOOT_OK; i++) {
        seed = seed * 1664525 + 1013904223;
        const uint32_t offset = (uint32_t)((uint64_t)seed * (file->bytes + 1ULL) >> 32);
        seed = seed * 1664525 + 1013904223;
        const uint32_t bytes = (uint32_t)((uint64_t)seed * (file->bytes - offset + 1ULL) >> 32);
        REQUIRE(fat_read(file, offset, bytes, content) == BOOT_OK);
        REQUIRE(memcmp(content, expected + offset, bytes) == 0);
    }
    free(content);
    free(expected);
}

static void volume_try(const struct fat_builder *builder, unsigned path, uint32_t seed)
{
    static const char *const paths[] = {
        "/kernel.elf", "/boot/a long named module", "/BOOT/ALONG~1", "/boot/missing",
        "/boot",       "/boot/a long named/x",
    };
    struct memory_disk disk;
    struct fat_volume volume;
    struct fat_file file;
    memory_disk_init(&disk, builder->disk, builder->disk_sectors);
    if (fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder->total_sectors, buffers) !=
        BOOT_OK)
        return;
    require_sound(&volume, builder);
    if (fat_open_path(&volume, paths[path % ARRAY_COUNT(paths)], &file) == BOOT_OK)
        read_and_compare(&file, builder->disk, seed);
    uint64_t backup_lba = 0;
    if (fat_backup_differs(&volume, &backup_lba))
        REQUIRE(backup_lba > FAT_BUILDER_LBA && backup_lba < volume.table_lba);
    REQUIRE(disk.reads <= READS_MAX);
}

/* What a patch has overwritten. */
struct patch {
    uint8_t *at;
    uint8_t bytes;
    uint8_t old[PATCH_BYTES_MAX];
};

/* Where a patch goes: parts that decide something more often than the rest. */
static uint8_t *patch_place(const struct fat_builder *builder, uint8_t where, uint16_t offset)
{
    const uint32_t table_bytes = builder->table_sectors * SECTOR_BYTES;
    switch (where % 5) {
    case 0:
        return fat_builder_sector(builder, 0) + offset % SECTOR_BYTES;
    case 1:
        return fat_builder_sector(builder, FAT_BUILDER_RESERVED) + offset % table_bytes;
    case 2:
        return (uint8_t *)fat_builder_root(builder) + offset % SECTOR_BYTES;
    case 3:
        return fat_builder_cluster(builder, 10) + offset % (2 * SECTOR_BYTES);
    default:
        return fat_builder_sector(builder, offset % builder->total_sectors);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct patch patches[PATCHES_MAX];
    unsigned count = 0;
    if (builders[0].disk == NULL)
        volumes_make();
    if (size < 2)
        return 0;
    const struct fat_builder *builder = &builders[data[0] % VOLUMES];
    const unsigned path = data[1];
    data += 2;
    size -= 2;
    while (size >= 4 && count < PATCHES_MAX) {
        struct patch *patch = &patches[count++];
        const size_t wanted = data[3] % PATCH_BYTES_MAX;
        patch->at = patch_place(builder, data[0], load_le16(data + 1));
        patch->bytes = (uint8_t)(wanted < size - 4 ? wanted : size - 4);
        memcpy(patch->old, patch->at, patch->bytes);
        memcpy(patch->at, data + 4, patch->bytes);
        data += 4 + patch->bytes;
        size -= 4 + patch->bytes;
    }
    volume_try(builder, path, (uint32_t)size + path);
    while (count-- > 0)
        memcpy(patches[count].at, patches[count].old, patches[count].bytes);
    return 0;
}

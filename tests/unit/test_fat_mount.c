/* SPDX-License-Identifier: MIT
 *
 * Unit tests of mounting: what a good boot sector is understood to say, and
 * each number of it spoiled in turn.
 */
#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/fat_builder.h"
#include "tests/unit/memory_disk.h"

static uint8_t window[FAT_WINDOW_MIN];
static uint8_t scratch[SECTOR_BYTES];
static const struct fat_buffers buffers = { window, sizeof(window), scratch, sizeof(scratch) };

static struct fat_builder builder;
static struct memory_disk disk;

static void make(enum fat_kind kind, uint32_t cluster_sectors, uint32_t clusters)
{
    fat_builder_make(&builder, kind, cluster_sectors, clusters);
    memory_disk_init(&disk, builder.disk, builder.disk_sectors);
}

static int tear_down(void **state)
{
    (void)state;
    fat_builder_free(&builder);
    return 0;
}

/* The verdict on the volume as it stands; a failure must leave the output alone. */
static enum boot_status verdict(void)
{
    struct fat_volume volume = { .cluster_count = 4711 };
    const enum boot_status status =
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers);
    if (status != BOOT_OK)
        assert_int_equal(volume.cluster_count, 4711);
    return status;
}

static void expect_mounted(enum fat_kind kind, uint32_t cluster_sectors, uint32_t clusters)
{
    struct fat_volume volume;
    make(kind, cluster_sectors, clusters);
    assert_int_equal(
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers), BOOT_OK);
    assert_int_equal(volume.kind, kind);
    assert_int_equal(volume.cluster_count, clusters);
    assert_int_equal(1U << volume.cluster_shift, cluster_sectors);
    assert_int_equal(volume.table_lba, FAT_BUILDER_LBA + FAT_BUILDER_RESERVED);
    assert_int_equal(volume.data_lba, FAT_BUILDER_LBA + builder.data_sector);
    assert_int_equal(disk.reads, 1);
}

static void tells_the_kinds_apart(void **state)
{
    (void)state;
    static const struct {
        enum fat_kind kind;
        uint32_t cluster_sectors, clusters;
    } volumes[] = {
        { FAT_KIND_12, 1, 1 },     { FAT_KIND_12, 1, 4084 },  { FAT_KIND_16, 1, 4085 },
        { FAT_KIND_16, 1, 65524 }, { FAT_KIND_32, 1, 65525 }, { FAT_KIND_12, 128, 20 },
        { FAT_KIND_32, 2, 40 }, /* too small by the book; mkfs.fat and Windows do not care */
    };
    for (size_t i = 0; i < ARRAY_COUNT(volumes); i++) {
        expect_mounted(volumes[i].kind, volumes[i].cluster_sectors, volumes[i].clusters);
        fat_builder_free(&builder);
    }
    make(FAT_KIND_12, 1, 1);
}

static void refuses_too_many_clusters_for_its_kind(void **state)
{
    (void)state;
    make(FAT_KIND_16, 1, 65525);
    assert_int_equal(verdict(), BOOT_E_FAT_GEOMETRY);
}

/* One byte of the boot sector spoiled, and the verdict that must follow. */
struct spoiled {
    enum fat_kind kind;
    uint16_t offset;
    uint8_t value;
    enum boot_status expected;
};

static const struct spoiled cases[] = {
    { FAT_KIND_16, 510, 0x54, BOOT_E_NOT_FAT },
    { FAT_KIND_16, 511, 0x00, BOOT_E_NOT_FAT },
    { FAT_KIND_16, 12, 0x00, BOOT_E_NOT_FAT },      /* sectors of 0 bytes: exFAT */
    { FAT_KIND_16, 12, 0x01, BOOT_E_NOT_FAT },      /* of 256 */
    { FAT_KIND_16, 12, 0x03, BOOT_E_NOT_FAT },      /* of 768 */
    { FAT_KIND_16, 12, 0x20, BOOT_E_NOT_FAT },      /* of 8192 */
    { FAT_KIND_16, 12, 0x04, BOOT_E_SECTOR_SIZE },  /* of 1024 */
    { FAT_KIND_16, 12, 0x10, BOOT_E_SECTOR_SIZE },  /* of 4096 */
    { FAT_KIND_16, 16, 0x00, BOOT_E_NOT_FAT },      /* no tables: NTFS */
    { FAT_KIND_16, 16, 0xFF, BOOT_E_FAT_GEOMETRY }, /* so many tables that no data is left */
    { FAT_KIND_16, 21, 0x00, BOOT_E_NOT_FAT },      /* media */
    { FAT_KIND_16, 21, 0xF7, BOOT_E_NOT_FAT },
    { FAT_KIND_16, 21, 0xF0, BOOT_OK },
    { FAT_KIND_16, 21, 0xFF, BOOT_OK },
    { FAT_KIND_16, 13, 0x00, BOOT_E_FAT_GEOMETRY }, /* sectors per cluster */
    { FAT_KIND_16, 13, 0x03, BOOT_E_FAT_GEOMETRY },
    { FAT_KIND_16, 13, 0xFF, BOOT_E_FAT_GEOMETRY },
    { FAT_KIND_16, 14, 0x00, BOOT_E_FAT_GEOMETRY }, /* reserved sectors */
    { FAT_KIND_16, 15, 0xFF, BOOT_E_FAT_GEOMETRY }, /* reserved beyond the end */
    { FAT_KIND_16, 17, 0x00, BOOT_E_FAT_GEOMETRY }, /* no root folder */
    { FAT_KIND_16, 19, 0x01, BOOT_E_FAT_GEOMETRY }, /* one sector in all */
    { FAT_KIND_16, 32, 0x00, BOOT_OK },             /* fewer sectors: still FAT16 */
    { FAT_KIND_16, 34, 0x01, BOOT_E_FAT_GEOMETRY }, /* more than the partition */
    { FAT_KIND_16, 35, 0xFF, BOOT_E_FAT_GEOMETRY },
    { FAT_KIND_16, 22, 0x01, BOOT_E_FAT_GEOMETRY }, /* a table of one sector */
    { FAT_KIND_16, 23, 0xFF, BOOT_E_FAT_GEOMETRY }, /* a table beyond the end */
    { FAT_KIND_32, 17, 0x10, BOOT_E_FAT_GEOMETRY }, /* a fixed root on FAT32 */
    { FAT_KIND_32, 36, 0x00, BOOT_E_FAT_GEOMETRY }, /* no table */
    { FAT_KIND_32, 39, 0xFF, BOOT_E_FAT_GEOMETRY }, /* a table of 2^32 bytes and more */
    { FAT_KIND_32, 42, 0x01, BOOT_E_FAT_GEOMETRY }, /* version 0:1 */
    { FAT_KIND_32, 44, 0x00, BOOT_E_FAT_GEOMETRY }, /* root cluster 0, 1, beyond the end */
    { FAT_KIND_32, 44, 0x01, BOOT_E_FAT_GEOMETRY },
    { FAT_KIND_32, 47, 0x0F, BOOT_E_FAT_GEOMETRY },
    { FAT_KIND_32, 40, 0x81, BOOT_OK },             /* only the second table is kept */
    { FAT_KIND_32, 40, 0x82, BOOT_E_FAT_GEOMETRY }, /* only the third of two is kept */
    { FAT_KIND_32, 40, 0x02, BOOT_OK },             /* mirrored: the number says nothing */
};

static void refuses_each_spoiled_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        make(cases[i].kind, 1, cases[i].kind == FAT_KIND_32 ? 200 : 5000);
        fat_builder_sector(&builder, 0)[cases[i].offset] = cases[i].value;
        const enum boot_status status = verdict();
        if (status != cases[i].expected)
            fail_msg("byte %u = %02x: status %02x", cases[i].offset, cases[i].value, status);
        fat_builder_free(&builder);
    }
    make(FAT_KIND_12, 1, 1);
}

/* The table must have an entry for the very last cluster. */
static void wants_a_table_for_every_cluster(void **state)
{
    (void)state;
    make(FAT_KIND_32, 1, 126); /* with the first two, 128 entries: one sector */
    assert_int_equal(builder.table_sectors, 1);
    assert_int_equal(verdict(), BOOT_OK);
    fat_builder_free(&builder);
    make(FAT_KIND_32, 1, 127);
    assert_int_equal(builder.table_sectors, 2);
    fat_builder_boot(&builder)->table_sectors_32[0] = 1;
    fat_builder_boot(&builder)->sectors_32[0] -= 2;
    assert_int_equal(verdict(), BOOT_E_FAT_GEOMETRY);
}

static void wants_the_volume_inside_partition_and_disk(void **state)
{
    (void)state;
    struct fat_volume volume;
    make(FAT_KIND_16, 1, 5000);
    const struct blockdev *device = &disk.device;
    const uint32_t total = builder.total_sectors;
    assert_int_equal(fat_mount(&volume, device, FAT_BUILDER_LBA, total - 1, buffers),
                     BOOT_E_FAT_GEOMETRY);
    assert_int_equal(fat_mount(&volume, device, FAT_BUILDER_LBA, 0, buffers), BOOT_E_PARTITION);
    assert_int_equal(fat_mount(&volume, device, FAT_BUILDER_LBA, disk.sectors, buffers),
                     BOOT_E_PARTITION);
    assert_int_equal(fat_mount(&volume, device, disk.sectors, 1, buffers), BOOT_E_PARTITION);
    assert_int_equal(fat_mount(&volume, device, UINT64_MAX, UINT64_MAX, buffers), BOOT_E_PARTITION);
    /* Nobody knows how large the disk is: then only the partition bounds. */
    disk.device.sectors = UINT64_MAX;
    assert_int_equal(fat_mount(&volume, device, FAT_BUILDER_LBA, total, buffers), BOOT_OK);
}

static void wants_buffers_it_can_use(void **state)
{
    (void)state;
    struct fat_volume volume;
    make(FAT_KIND_16, 1, 5000);
    static const struct {
        uint32_t window, scratch;
    } sizes[] = {
        { FAT_WINDOW_MIN - SECTOR_BYTES, SECTOR_BYTES },
        { FAT_WINDOW_MIN + 1, SECTOR_BYTES },
        { FAT_WINDOW_MIN, 0 },
        { FAT_WINDOW_MIN, SECTOR_BYTES + 1 },
    };
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        const struct fat_buffers poor = { window, sizes[i].window, scratch, sizes[i].scratch };
        assert_int_equal(
            fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, poor),
            BOOT_E_NO_ROOM);
    }
}

static void hands_read_errors_through(void **state)
{
    (void)state;
    make(FAT_KIND_16, 1, 5000);
    disk.bad_lba = FAT_BUILDER_LBA;
    assert_int_equal(verdict(), BOOT_E_DISK_READ);
}

/* Whether the backup contradicts the first boot sector, `spoiled` bytes into both. */
static bool backup_differs(uint16_t backup_sector, size_t spoiled)
{
    struct fat_volume volume;
    uint64_t lba = 0;
    assert_int_equal(
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers), BOOT_OK);
    fat_builder_boot(&builder)->backup_sector[0] = (uint8_t)backup_sector;
    memcpy(fat_builder_sector(&builder, 1), fat_builder_boot(&builder), SECTOR_BYTES);
    fat_builder_sector(&builder, 1)[spoiled] ^= 0x02;
    const bool differs = fat_backup_differs(&volume, &lba);
    assert_int_equal(lba, differs ? FAT_BUILDER_LBA + 1 : 0);
    return differs;
}

/* Each byte the reader goes by, and none of the others; and only a backup that is one. */
static void asks_the_backup(void **state)
{
    (void)state;
    make(FAT_KIND_32, 1, 100);
    for (size_t at = 0; at < SECTOR_BYTES; at++) {
        const bool is_size = at == 11 || at == 12; /* of another sector size: no boot sector */
        const bool is_used = (at >= 11 && at < 24) || (at >= 32 && at < 48);
        assert_int_equal(backup_differs(1, at), is_used && !is_size);
    }
    assert_false(backup_differs(0, 14));
    assert_false(backup_differs(FAT_BUILDER_RESERVED, 14));
    assert_true(backup_differs(1, 14));
    disk.bad_lba = FAT_BUILDER_LBA + 1;
    assert_false(backup_differs(1, 14));
}

static void asks_no_backup_of_fat16(void **state)
{
    (void)state;
    make(FAT_KIND_16, 1, 5000);
    assert_false(backup_differs(1, 14));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(tells_the_kinds_apart, tear_down),
        cmocka_unit_test_teardown(refuses_too_many_clusters_for_its_kind, tear_down),
        cmocka_unit_test_teardown(refuses_each_spoiled_number, tear_down),
        cmocka_unit_test_teardown(wants_a_table_for_every_cluster, tear_down),
        cmocka_unit_test_teardown(wants_the_volume_inside_partition_and_disk, tear_down),
        cmocka_unit_test_teardown(wants_buffers_it_can_use, tear_down),
        cmocka_unit_test_teardown(hands_read_errors_through, tear_down),
        cmocka_unit_test_teardown(asks_the_backup, tear_down),
        cmocka_unit_test_teardown(asks_no_backup_of_fat16, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Unit tests of reading: chains that are whole, in pieces, broken, looping or
 * too long, on all three kinds of table; and how few disk reads it takes.
 */
#include <string.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/fat_builder.h"
#include "tests/unit/memory_disk.h"
#include "tests/unit/random.h"

#define CLUSTERS_12   4000 /* more than one small window of each kind of table */
#define CLUSTERS      4200 /* of FAT16 and FAT32 */
#define RUN           1500 /* neighbours */
#define FIRST         5    /* of the test file */
#define FILE_NAME     "KERNEL  ELF"
#define FILE_PATH     "/KERNEL.ELF"
#define CLUSTER_BYTES SECTOR_BYTES

static uint8_t window[FAT_WINDOW_MIN];
static uint8_t scratch[SECTOR_BYTES];
static const struct fat_buffers buffers = { window, sizeof(window), scratch, sizeof(scratch) };
static const enum fat_kind kinds[] = { FAT_KIND_12, FAT_KIND_16, FAT_KIND_32 };

static struct fat_builder builder;
static struct memory_disk disk;
static struct fat_volume volume;
static struct fat_file file;
static uint8_t content[CLUSTERS * CLUSTER_BYTES];

/* Each sector of the data area says which cluster it is. */
static void set_up(enum fat_kind kind, uint32_t bytes)
{
    fat_builder_make(&builder, kind, 1, kind == FAT_KIND_12 ? CLUSTERS_12 : CLUSTERS);
    for (uint32_t i = 3; i < builder.clusters + 2; i++)
        memset(fat_builder_cluster(&builder, i), (int)(i % 251), CLUSTER_BYTES);
    fat_builder_entry(fat_builder_root(&builder), FILE_NAME, 0x20, FIRST, bytes);
    memory_disk_init(&disk, builder.disk, builder.disk_sectors);
}

static enum boot_status open_file(void)
{
    const enum boot_status status =
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers);
    return status != BOOT_OK ? status : fat_open_path(&volume, FILE_PATH, &file);
}

/* Open the file afresh and read all of it; then the volume is gone. */
static enum boot_status read_all(void)
{
    enum boot_status status = open_file();
    disk.reads = 0;
    if (status == BOOT_OK)
        status = fat_read(&file, 0, file.bytes, content);
    fat_builder_free(&builder);
    return status;
}

static void assert_cluster_is(uint32_t index, uint32_t cluster)
{
    for (uint32_t i = 0; i < CLUSTER_BYTES; i++)
        assert_int_equal(content[index * CLUSTER_BYTES + i], cluster % 251);
}

static void merges_neighbours_into_one_read(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        set_up(kinds[k], RUN * CLUSTER_BYTES);
        fat_builder_chain(&builder, FIRST, RUN);
        assert_int_equal(read_all(), BOOT_OK);
        for (uint32_t i = 0; i < RUN; i++)
            assert_cluster_is(i, FIRST + i);
        /* One read of data, and one for each window of 3 sectors that the chain passes. */
        const uint32_t entries = FAT_WINDOW_MIN * 8 / (uint32_t)kinds[k];
        assert_int_equal(disk.reads, 1 + (FIRST + RUN + entries - 1) / entries);
        assert_int_equal(disk.largest_read, RUN);
    }
}

static void follows_a_chain_in_pieces(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        set_up(kinds[k], 9 * CLUSTER_BYTES);
        fat_builder_chain(&builder, FIRST, 3);
        fat_builder_set(&builder, FIRST + 2, 590);
        fat_builder_chain(&builder, 590, 4);
        fat_builder_set(&builder, 593, 300);
        fat_builder_chain(&builder, 300, 2);
        assert_int_equal(read_all(), BOOT_OK);
        static const uint32_t expected[] = { 5, 6, 7, 590, 591, 592, 593, 300, 301 };
        for (uint32_t i = 0; i < ARRAY_COUNT(expected); i++)
            assert_cluster_is(i, expected[i]);
    }
}

static void reads_any_piece_of_a_file(void **state)
{
    (void)state;
    static uint8_t piece[3 * CLUSTER_BYTES];
    struct random random = { .state = 1 };
    set_up(FAT_KIND_16, 6 * CLUSTER_BYTES - 100);
    fat_builder_chain(&builder, FIRST, 2);
    fat_builder_set(&builder, FIRST + 1, 400);
    fat_builder_chain(&builder, 400, 4);
    for (uint32_t i = 0; i < 6; i++)
        for (uint32_t j = 0; j < CLUSTER_BYTES; j++)
            fat_builder_cluster(&builder, i < 2 ? FIRST + i : 398 + i)[j] =
                (uint8_t)random_next(&random);
    assert_int_equal(open_file(), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, file.bytes, content), BOOT_OK);
    for (uint32_t i = 0; i < 6; i++)
        assert_memory_equal(content + i * CLUSTER_BYTES,
                            fat_builder_cluster(&builder, i < 2 ? FIRST + i : 398 + i),
                            i == 5 ? CLUSTER_BYTES - 100 : CLUSTER_BYTES);
    for (unsigned turn = 0; turn < 3000; turn++) {
        const uint32_t offset = (uint32_t)random_below(&random, file.bytes);
        uint32_t bytes = (uint32_t)random_below(&random, sizeof(piece));
        if (bytes > file.bytes - offset)
            bytes = file.bytes - offset;
        assert_int_equal(fat_read(&file, offset, bytes, piece), BOOT_OK);
        assert_memory_equal(piece, content + offset, bytes);
    }
    assert_int_equal(fat_read(&file, file.bytes, 0, piece), BOOT_OK);
    assert_int_equal(fat_read(&file, file.bytes, 1, piece), BOOT_E_TRUNCATED);
    assert_int_equal(fat_read(&file, 1, file.bytes, piece), BOOT_E_TRUNCATED);
    assert_int_equal(fat_read(&file, UINT64_MAX, 2, piece), BOOT_E_TRUNCATED);
    assert_int_equal(fat_read(&file, 1, UINT64_MAX, piece), BOOT_E_TRUNCATED);
    fat_builder_free(&builder);
}

/* A megabyte in slices costs no more table reads than in one piece: nothing is walked twice. */
static void reading_on_does_not_walk_again(void **state)
{
    (void)state;
    set_up(FAT_KIND_32, RUN * CLUSTER_BYTES);
    fat_builder_chain(&builder, FIRST, RUN);
    assert_int_equal(open_file(), BOOT_OK);
    disk.reads = 0;
    for (uint32_t i = 0; i < RUN; i++)
        assert_int_equal(fat_read(&file, (uint64_t)i * CLUSTER_BYTES, CLUSTER_BYTES, content),
                         BOOT_OK);
    const uint32_t entries = FAT_WINDOW_MIN / 4;
    assert_int_equal(disk.reads, RUN + (FIRST + RUN + entries - 1) / entries);
    fat_builder_free(&builder);
}

/* What the table says at the fourth cluster of a file of eight, and what must come of it. */
static void refuses_each_broken_entry(void **state)
{
    (void)state;
    static const struct {
        uint32_t value;
        enum boot_status expected;
    } cases[] = {
        { 0, BOOT_E_FAT_CHAIN },          /* free */
        { 1, BOOT_E_FAT_CHAIN },          /* reserved */
        { UINT32_MAX, BOOT_E_FAT_CHAIN }, /* stands for: one behind the last */
        { 0x0FFFFFF7, BOOT_E_FAT_CHAIN }, /* bad */
        { 0x0FFFFFF0, BOOT_E_FAT_CHAIN },
        { 0x0FFFFFF8, BOOT_E_FAT_CHAIN }, /* the end, too early */
        { 0x0FFFFFFF, BOOT_E_FAT_CHAIN },
        { FIRST, BOOT_E_FAT_LOOP },
        { FIRST + 2, BOOT_E_FAT_LOOP },
        { FIRST + 3, BOOT_E_FAT_LOOP }, /* itself */
        { FIRST + 4, BOOT_OK },
        { FIRST + 5, BOOT_E_FAT_CHAIN }, /* skips one, so the end comes too early */
    };
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
            set_up(kinds[k], 8 * CLUSTER_BYTES);
            fat_builder_chain(&builder, FIRST, 8);
            fat_builder_set(&builder, FIRST + 3,
                            cases[i].value == UINT32_MAX ? builder.clusters + 2 : cases[i].value);
            const enum boot_status status = read_all();
            if (status != cases[i].expected)
                fail_msg("FAT%d, entry %x: status %02x", kinds[k], cases[i].value, status);
        }
    }
}

/* Every loop there can be in a file of a dozen clusters, in every order of its jumps. */
static void finds_every_loop(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 12; count++) {
        for (uint32_t back = 0; back < count; back++) {
            for (uint32_t stride = 1; stride <= 5; stride += 2) {
                set_up(FAT_KIND_16, count * CLUSTER_BYTES);
                for (uint32_t i = 0; i < count; i++)
                    fat_builder_set(&builder, FIRST + i * stride,
                                    FIRST + (i + 1 < count ? i + 1 : back) * stride);
                assert_int_equal(read_all(), BOOT_E_FAT_LOOP);
            }
        }
    }
}

/* A loop as long as the volume, entered late: found, and within a bounded number of reads. */
static void finds_the_longest_loop(void **state)
{
    (void)state;
    for (uint32_t back = 3; back < CLUSTERS_12 + 2; back += 97) {
        set_up(FAT_KIND_12, 0);
        fat_builder_entry(fat_builder_root(&builder), FILE_NAME, 0x20, CLUSTERS_12 + 1,
                          (CLUSTERS_12 - 2) * CLUSTER_BYTES);
        for (uint32_t i = CLUSTERS_12 + 1; i > 3; i--)
            fat_builder_set(&builder, i, i - 1);
        fat_builder_set(&builder, 3, back);
        assert_int_equal(read_all(), BOOT_E_FAT_LOOP);
        assert_in_range(disk.reads, 0, 4 * CLUSTERS_12);
    }
}

/* Three pieces in a circle: found although only the front of the file is read. */
static void finds_a_loop_before_the_end(void **state)
{
    (void)state;
    set_up(FAT_KIND_16, 1000 * CLUSTER_BYTES);
    fat_builder_set(&builder, FIRST, 300);
    fat_builder_set(&builder, 300, 200);
    fat_builder_set(&builder, 200, 100);
    fat_builder_set(&builder, 100, 300);
    assert_int_equal(open_file(), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, 20 * CLUSTER_BYTES, content), BOOT_E_FAT_LOOP);
    fat_builder_free(&builder);
}

/* Behind the entry of the last cluster the table has room for a few that mean nothing. */
static void refuses_clusters_that_only_the_table_has(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        set_up(kinds[k], 2 * CLUSTER_BYTES);
        const uint32_t outside = builder.clusters + 2;
        fat_builder_set(&builder, FIRST, outside);
        fat_builder_chain(&builder, outside, 1);
        assert_int_equal(read_all(), BOOT_E_FAT_CHAIN);
        /* The same, reached as the neighbour of the last. */
        set_up(kinds[k], 3 * CLUSTER_BYTES);
        fat_builder_set(&builder, FIRST, outside - 1);
        fat_builder_set(&builder, outside - 1, outside);
        fat_builder_chain(&builder, outside, 1);
        assert_int_equal(read_all(), BOOT_E_FAT_CHAIN);
    }
}

/* A window of 5 sectors would cut an entry of FAT12 in two: only 3 of them are used. */
static void never_cuts_an_entry_in_two(void **state)
{
    (void)state;
    static uint8_t odd_window[5 * SECTOR_BYTES];
    set_up(FAT_KIND_12, RUN * CLUSTER_BYTES);
    for (uint32_t i = 0; i + 1 < RUN; i++)
        fat_builder_set(&builder, FIRST + 2 * i, FIRST + 2 * i + 2);
    fat_builder_chain(&builder, FIRST + 2 * RUN - 2, 1);
    const struct fat_buffers odd = { odd_window, sizeof(odd_window), scratch, sizeof(scratch) };
    assert_int_equal(fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, odd),
                     BOOT_OK);
    assert_int_equal(fat_open_path(&volume, FILE_PATH, &file), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, file.bytes, content), BOOT_OK);
    for (uint32_t i = 0; i < RUN; i++)
        assert_cluster_is(i, FIRST + 2 * i);
    fat_builder_free(&builder);
}

static void allows_clusters_behind_the_end(void **state)
{
    (void)state;
    set_up(FAT_KIND_16, 3 * CLUSTER_BYTES - 1);
    fat_builder_chain(&builder, FIRST, 5);
    fat_builder_set(&builder, FIRST + 4, 100);
    fat_builder_chain(&builder, 100, 5);
    assert_int_equal(read_all(), BOOT_OK);
    /* They are looked at once, not with every read of the last cluster. */
    set_up(FAT_KIND_16, 1);
    fat_builder_set(&builder, FIRST, CLUSTERS);
    fat_builder_chain(&builder, CLUSTERS, 1);
    assert_int_equal(open_file(), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, 1, content), BOOT_OK);
    disk.reads = 0;
    assert_int_equal(fat_read(&file, 0, 1, content), BOOT_OK);
    assert_int_equal(disk.reads, 0);
    fat_builder_free(&builder);
    /* A chain that breaks there is broken. */
    set_up(FAT_KIND_16, 3 * CLUSTER_BYTES - 1);
    fat_builder_chain(&builder, FIRST, 5);
    fat_builder_set(&builder, FIRST + 4, 0);
    assert_int_equal(read_all(), BOOT_E_FAT_CHAIN);
}

static void reads_the_whole_volume_as_one_file(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        const uint32_t first = kinds[k] == FAT_KIND_32 ? 3 : 2;
        set_up(kinds[k], 0);
        const uint32_t count = builder.clusters + 2 - first;
        fat_builder_entry(fat_builder_root(&builder), FILE_NAME, 0x20, first,
                          count * CLUSTER_BYTES);
        fat_builder_chain(&builder, first, count);
        assert_int_equal(read_all(), BOOT_OK);
        for (uint32_t i = 3 - first; i < count; i++)
            assert_cluster_is(i, first + i);
    }
}

static void ignores_the_top_bits_of_fat32(void **state)
{
    (void)state;
    set_up(FAT_KIND_32, 4 * CLUSTER_BYTES);
    fat_builder_chain(&builder, FIRST, 4);
    fat_builder_set(&builder, FIRST, 0xF0000000 | (FIRST + 1));
    fat_builder_set(&builder, FIRST + 3, 0xAFFFFFF8);
    assert_int_equal(read_all(), BOOT_OK);
}

static void reads_the_active_table_of_fat32(void **state)
{
    (void)state;
    set_up(FAT_KIND_32, 4 * CLUSTER_BYTES);
    fat_builder_chain(&builder, FIRST, 4);
    memset(fat_builder_sector(&builder, FAT_BUILDER_RESERVED), 0,
           builder.table_sectors * SECTOR_BYTES);
    fat_builder_boot(&builder)->extended_flags[0] = 0x81;
    assert_int_equal(read_all(), BOOT_OK);
}

/* The first cluster and the size are as foreign as the table. */
static void refuses_an_impossible_entry(void **state)
{
    (void)state;
    static const struct {
        uint32_t cluster, bytes;
        enum boot_status expected;
    } cases[] = {
        { 0, 1, BOOT_E_FAT_CHAIN },
        { 1, 1, BOOT_E_FAT_CHAIN },
        { CLUSTERS + 2, 1, BOOT_E_FAT_CHAIN },
        { 0xFFFFFFFF, 1, BOOT_E_FAT_CHAIN },
        { FIRST, CLUSTERS * CLUSTER_BYTES + 1, BOOT_E_FAT_CHAIN },
        { FIRST, 0xFFFFFFFF, BOOT_E_FAT_CHAIN },
        { 0, 0, BOOT_OK },
        { 0xFFFFFFFF, 0, BOOT_OK }, /* an empty file has no chain to be wrong */
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        set_up(FAT_KIND_32, 0);
        fat_builder_entry(fat_builder_root(&builder), FILE_NAME, 0x20, cases[i].cluster,
                          cases[i].bytes);
        assert_int_equal(read_all(), cases[i].expected);
    }
}

static void hands_read_errors_through(void **state)
{
    (void)state;
    set_up(FAT_KIND_16, 4 * CLUSTER_BYTES);
    fat_builder_chain(&builder, FIRST, 4);
    const uint64_t data = FAT_BUILDER_LBA + builder.data_sector + FIRST - 2;
    disk.bad_lba = data + 2;
    assert_int_equal(open_file(), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, 2 * CLUSTER_BYTES, content), BOOT_OK);
    assert_int_equal(fat_read(&file, 0, 3 * CLUSTER_BYTES, content), BOOT_E_DISK_READ);
    assert_int_equal(fat_read(&file, 2 * CLUSTER_BYTES, 7, content), BOOT_E_DISK_READ);
    disk.bad_lba = UINT64_MAX;
    assert_int_equal(fat_open_path(&volume, FILE_PATH, &file), BOOT_OK);
    assert_int_equal(fat_read(&file, 2 * CLUSTER_BYTES, 7, content), BOOT_OK);
    assert_int_equal(content[0], FIRST + 2);
    /* The table too, and a window half read is not taken for a whole one. */
    assert_int_equal(open_file(), BOOT_OK);
    fat_builder_set(&builder, FIRST + 3, CLUSTERS);
    fat_builder_chain(&builder, CLUSTERS, 1);
    fat_builder_entry(fat_builder_root(&builder), FILE_NAME, 0x20, FIRST, 5 * CLUSTER_BYTES);
    assert_int_equal(open_file(), BOOT_OK);
    disk.bad_lba = FAT_BUILDER_LBA + FAT_BUILDER_RESERVED + CLUSTERS * 2 / SECTOR_BYTES;
    assert_int_equal(fat_read(&file, 0, file.bytes, content), BOOT_E_DISK_READ);
    disk.bad_lba = UINT64_MAX;
    assert_int_equal(fat_read(&file, 0, file.bytes, content), BOOT_OK);
    assert_cluster_is(3, FIRST + 3);
    assert_cluster_is(4, CLUSTERS);
    fat_builder_free(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_neighbours_into_one_read),
        cmocka_unit_test(follows_a_chain_in_pieces),
        cmocka_unit_test(reads_any_piece_of_a_file),
        cmocka_unit_test(reading_on_does_not_walk_again),
        cmocka_unit_test(refuses_each_broken_entry),
        cmocka_unit_test(finds_every_loop),
        cmocka_unit_test(finds_the_longest_loop),
        cmocka_unit_test(finds_a_loop_before_the_end),
        cmocka_unit_test(refuses_clusters_that_only_the_table_has),
        cmocka_unit_test(never_cuts_an_entry_in_two),
        cmocka_unit_test(allows_clusters_behind_the_end),
        cmocka_unit_test(reads_the_whole_volume_as_one_file),
        cmocka_unit_test(ignores_the_top_bits_of_fat32),
        cmocka_unit_test(reads_the_active_table_of_fat32),
        cmocka_unit_test(refuses_an_impossible_entry),
        cmocka_unit_test(hands_read_errors_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

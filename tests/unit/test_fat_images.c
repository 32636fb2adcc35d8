/* SPDX-License-Identifier: MIT
 *
 * The FAT reader against volumes that mkfs.fat and mtools make: every kind,
 * every cluster size, long names, deep folders, fragmented files. Every byte is
 * compared with what was put in. Needs mkfs.fat and mcopy; says so if they are
 * missing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "kernel/core/fat.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/memory_disk.h"
#include "tests/unit/random.h"
#include "tests/unit/scratch_folder.h"

#define MIB            0x100000
#define WINDOW_BYTES   0x8000
#define FILLERS        60 /* small files; every other one is deleted to make holes */
#define INFO_SECTOR    1
#define INFO_NEXT_FREE 492
#define CALL_SECTORS   127 /* what the layer below puts into one BIOS call */

static uint8_t window[WINDOW_BYTES];
static uint8_t scratch[WINDOW_BYTES];
static const struct fat_buffers buffers = { window, sizeof(window), scratch, sizeof(scratch) };

static struct scratch_folder folder;
static struct random noise = { .state = 4 };

#define run(...) scratch_folder_run(&folder, __VA_ARGS__)

/* The bytes of a file in the test's folder, malloc'd. */
static uint8_t *file_load(const char *name, size_t *bytes)
{
    char path[SCRATCH_PATH_BYTES];
    scratch_folder_path(&folder, name, path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *content = malloc(*bytes + 1);
    assert_non_null(content);
    assert_int_equal(fread(content, 1, *bytes, file), *bytes);
    fclose(file);
    return content;
}

static void file_make(const char *name, size_t bytes)
{
    char path[SCRATCH_PATH_BYTES];
    scratch_folder_path(&folder, name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < bytes; i++)
        putc((int)(random_next(&noise) & 0xFF), file);
    fclose(file);
}

/* A volume image under test, and the reader on it. Mapped, not loaded: most of it is holes. */
struct image {
    uint8_t *bytes;
    size_t length;
    struct memory_disk disk;
    struct fat_volume volume;
};

static void image_mount(struct image *image)
{
    char path[SCRATCH_PATH_BYTES];
    scratch_folder_path(&folder, "image", path);
    const int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    image->length = (size_t)lseek(file, 0, SEEK_END);
    image->bytes = mmap(NULL, image->length, PROT_READ, MAP_PRIVATE, file, 0);
    assert_true(image->bytes != MAP_FAILED);
    close(file);
    const uint64_t sectors = image->length / SECTOR_BYTES;
    memory_disk_init(&image->disk, image->bytes, sectors);
    assert_int_equal(fat_mount(&image->volume, &image->disk.device, 0, sectors, buffers), BOOT_OK);
}

static void image_unmap(struct image *image)
{
    assert_int_equal(munmap(image->bytes, image->length), 0);
}

/* Read a file from the image in slices and compare it with its source; the disk reads it took. */
static uint64_t expect_file(struct image *image, const char *path, const char *source, size_t slice)
{
    size_t bytes;
    uint8_t *expected = file_load(source, &bytes);
    uint8_t *found = calloc(1, bytes + 1);
    assert_non_null(found);
    struct fat_file file;
    const enum boot_status status = fat_open_path(&image->volume, path, &file);
    if (status != BOOT_OK)
        fail_msg("%s: status %02x", path, status);
    assert_int_equal(file.bytes, bytes);
    image->disk.reads = 0;
    for (size_t at = 0; at < bytes; at += slice) {
        const size_t piece = bytes - at < slice ? bytes - at : slice;
        assert_int_equal(fat_read(&file, at, piece, found + at), BOOT_OK);
    }
    assert_memory_equal(found, expected, bytes);
    free(found);
    free(expected);
    return image->disk.reads;
}

static int set_up_all(void **state)
{
    (void)state;
    if (scratch_folder_make(&folder, "mkfs.fat mcopy", "dosfstools, mtools") != 0)
        return -1;
    file_make("big", 3 * MIB / 2 + 77);
    file_make("small", 1000);
    file_make("empty", 0);
    return 0;
}

static int tear_down_all(void **state)
{
    (void)state;
    return scratch_folder_remove(&folder);
}

struct shape {
    unsigned kind, mib, cluster_sectors;
};

static const struct shape shapes[] = {
    { 12, 2, 1 },    { 12, 8, 8 },     { 12, 16, 16 }, { 12, 64, 128 }, { 16, 8, 1 },
    { 16, 16, 2 },   { 16, 32, 8 },    { 32, 40, 1 },  { 32, 64, 1 },   { 32, 300, 8 },
    { 32, 600, 16 }, { 32, 2100, 64 }, { 16, 64, 4 },
};

static void image_make(const struct shape *shape)
{
    run("rm -f image && mkfs.fat -F %u -s %u -n COLDSTART -C image %u >/dev/null 2>&1", shape->kind,
        shape->cluster_sectors, shape->mib * 1024);
}

static void reads_what_was_put_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
        struct image image;
        image_make(&shapes[i]);
        run("mmd -i image ::/boot ::/boot/one ::/boot/one/'a folder with a long name'");
        run("mcopy -i image small ::/coldstart.cfg");
        run("mcopy -i image big ::/boot/kernel.elf");
        run("mcopy -i image empty ::/boot/EMPTY");
        run("mcopy -i image small "
            "::/boot/one/'a folder with a long name'/'And a file, (longer) than 13+13.conf'");
        image_mount(&image);
        assert_int_equal(image.volume.kind, shapes[i].kind);
        assert_int_equal(1 << image.volume.cluster_shift, shapes[i].cluster_sectors);
        expect_file(&image, "/coldstart.cfg", "small", MIB);
        expect_file(&image, "/COLDSTART.CFG", "small", 7);
        expect_file(&image, "/boot/empty", "empty", 1);
        expect_file(&image,
                    "/Boot/ONE/a folder with a long name/and a file, (longer) than 13+13.conf",
                    "small", 512);
        expect_file(&image, "/boot/kernel.elf", "big", 12345);
        expect_file(&image, "/boot/kernel.elf", "big", 4096);
        /* In one piece: the sectors of 1.5 MiB in one read, the tail, a few table windows. */
        const uint64_t reads = expect_file(&image, "/boot/kernel.elf", "big", 2 * MIB);
        print_message("FAT%-2u %4u MiB, clusters of %3u: %2u reads for 1.5 MiB\n", shapes[i].kind,
                      shapes[i].mib, shapes[i].cluster_sectors, (unsigned)reads);
        assert_in_range(reads, 2, 4);
        image_unmap(&image);
    }
}

/* Many names in one folder, so that it grows over several clusters; then the big file in holes. */
static void reads_fragmented_files(void **state)
{
    (void)state;
    static const struct shape few[] = { { 12, 4, 2 }, { 16, 8, 1 }, { 32, 40, 1 } };
    for (size_t i = 0; i < ARRAY_COUNT(few); i++) {
        struct image image;
        image_make(&few[i]);
        run("mmd -i image ::/many");
        for (unsigned n = 0; n < FILLERS; n++)
            run("mcopy -i image small '::/many/file number %u.dat'", n);
        for (unsigned n = 0; n < FILLERS; n += 2)
            run("mdel -i image '::/many/file number %u.dat'", n);
        /* FAT32 keeps a hint where to go on allocating: say that there is none. */
        if (few[i].kind == 32)
            run("printf '\\377\\377\\377\\377' | dd of=image bs=1 seek=%u conv=notrunc 2>/dev/null",
                INFO_SECTOR * SECTOR_BYTES + INFO_NEXT_FREE);
        run("mcopy -i image big ::/holes");
        image_mount(&image);
        for (unsigned n = 1; n < FILLERS; n += 2) {
            char path[64];
            snprintf(path, sizeof(path), "/many/FILE number %u.dat", n);
            expect_file(&image, path, "small", 300);
        }
        const uint64_t reads = expect_file(&image, "/holes", "big", 2 * MIB);
        print_message("FAT%-2u fragmented: %u reads\n", few[i].kind, (unsigned)reads);
        assert_in_range(reads, FILLERS / 2, FILLERS);
        expect_file(&image, "/holes", "big", 1000);
        expect_file(&image, "/holes", "big", 4096);
        image_unmap(&image);
    }
}

/* The contract of the loader: 17 calls of 127 sectors for each MiB, and 60. */
static void keeps_the_budget_of_reads(void **state)
{
    (void)state;
    static const struct shape worst = { 32, 64, 1 };
    struct image image;
    image_make(&worst);
    file_make("huge", 48 * MIB);
    run("mmd -i image ::/boot && mcopy -i image huge ::/boot/kernel.elf");
    image_mount(&image);
    image.disk.reads = 0;
    image.disk.sectors_read = 0;
    const uint64_t reads = expect_file(&image, "/boot/kernel.elf", "huge", 48 * MIB);
    const uint64_t calls = (image.disk.sectors_read + CALL_SECTORS - 1) / CALL_SECTORS + reads;
    print_message("48 MiB in clusters of 512 bytes: %u reads, %u BIOS calls at most\n",
                  (unsigned)reads, (unsigned)calls);
    assert_in_range(calls, 1, 17 * 48 + 60);
    assert_int_equal(image.disk.largest_read, 48 * MIB / SECTOR_BYTES);
    image_unmap(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_put_in),
        cmocka_unit_test(reads_fragmented_files),
        cmocka_unit_test(keeps_the_budget_of_reads),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}

/* SPDX-License-Identifier: MIT
 *
 * Unit tests of paths: names long and short, folders of every shape, and what
 * hostile or merely old folders hold.
 */
#include <string.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/fat_builder.h"
#include "tests/unit/memory_disk.h"

#define CLUSTERS     100
#define FOLDER       0x10
#define LABEL        0x08
#define ARCHIVE      0x20
#define SHORT        "KERNEL~1ELF"
#define LAST         FAT_LONG_LAST
#define ENTRIES      16 /* in a cluster of one sector */
#define KERNEL_BYTES 321

static uint8_t window[FAT_WINDOW_MIN];
static uint8_t scratch[2 * SECTOR_BYTES];
static const struct fat_buffers buffers = { window, sizeof(window), scratch, sizeof(scratch) };

static struct fat_builder builder;
static struct memory_disk disk;
static struct fat_entry *root;

static int set_up(void **state)
{
    (void)state;
    fat_builder_make(&builder, FAT_KIND_32, 1, CLUSTERS);
    root = fat_builder_root(&builder);
    memory_disk_init(&disk, builder.disk, builder.disk_sectors);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fat_builder_free(&builder);
    return 0;
}

/* Open a path on a freshly mounted volume; a failure must leave the output alone. */
static enum boot_status open_bytes(const char *path, uint32_t *bytes)
{
    struct fat_volume volume;
    struct fat_file file = { .bytes = 4711 };
    enum boot_status status =
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers);
    assert_int_equal(status, BOOT_OK);
    status = fat_open_path(&volume, path, &file);
    if (status != BOOT_OK)
        assert_int_equal(file.bytes, 4711);
    *bytes = file.bytes;
    return status;
}

static enum boot_status open_path(const char *path)
{
    uint32_t bytes;
    const enum boot_status status = open_bytes(path, &bytes);
    if (status == BOOT_OK)
        assert_int_equal(bytes, KERNEL_BYTES);
    return status;
}

static void file_at(struct fat_entry *entry, const char *name)
{
    fat_builder_entry(entry, name, ARCHIVE, 50, KERNEL_BYTES);
}

static void finds_short_names(void **state)
{
    (void)state;
    file_at(&root[0], "KERNEL  ELF");
    file_at(&root[1], "README     ");
    file_at(&root[2], "12345678123");
    root[2].case_flags = 0x18; /* shown in lower case by Windows NT */
    static const char *const good[] = { "/KERNEL.ELF", "/kernel.elf", "/KeRnEl.eLf",
                                        "/readme",     "/README",     "/12345678.123" };
    static const char *const bad[] = { "/KERNEL",      "/KERNELELF", "/KERNEL  ELF", "/KERNEL.EL",
                                       "/KERNEL.ELFX", "/README.",   "/1234567.123" };
    for (size_t i = 0; i < ARRAY_COUNT(good); i++)
        assert_int_equal(open_path(good[i]), BOOT_OK);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        assert_int_equal(open_path(bad[i]), BOOT_E_NOT_FOUND);
}

/* A byte above 7Fh belongs to an unknown code page; 05h stands for E5h. */
static void finds_foreign_names_by_their_long_form_only(void **state)
{
    (void)state;
    file_at(&root[0], "\x05"
                      "BC        ");
    file_at(&root[1], "K\x8ERNEL  ELF");
    assert_int_equal(open_path("/\x05"
                               "BC"),
                     BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/\xC3\xA5"
                               "BC"),
                     BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/k\xC2\x8Ernel.elf"), BOOT_E_NOT_FOUND);
}

static void long_at(struct fat_entry *at)
{
    fat_builder_long(&at[0], 2 | LAST, "e.elf", SHORT);
    fat_builder_long(&at[1], 1, "kernel image-", SHORT);
    file_at(&at[2], SHORT);
}

static void finds_long_names(void **state)
{
    (void)state;
    long_at(root);
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_OK);
    assert_int_equal(open_path("/KERNEL Image-E.elF"), BOOT_OK);
    assert_int_equal(open_path("/kernel~1.elf"), BOOT_OK);
    assert_int_equal(open_path("/kernel image-e.el"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/kernel image-e.elf "), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/kernel image-"), BOOT_E_NOT_FOUND);
}

/* A name that fills its pieces has no zero behind it. */
static void finds_names_that_fill_their_pieces(void **state)
{
    (void)state;
    fat_builder_long(&root[0], 1 | LAST, "thirteen.char", SHORT);
    file_at(&root[1], SHORT);
    assert_int_equal(open_path("/thirteen.char"), BOOT_OK);
    assert_int_equal(open_path("/thirteen.chars"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/thirteen.cha"), BOOT_E_NOT_FOUND);
}

/* The longest name there is: 255 units in 20 pieces, over two sectors of the folder. */
static void finds_the_longest_name(void **state)
{
    (void)state;
    char path[1 + FAT_LONG_PIECES * FAT_LONG_PIECE + 1] = "/";
    for (unsigned i = 0; i < FAT_LONG_NAME; i++)
        path[1 + i] = (char)('a' + i % 26);
    fat_builder_set(&builder, 2, 60);
    fat_builder_set(&builder, 60, 0x0FFFFFFF);
    struct fat_entry *second = (struct fat_entry *)fat_builder_cluster(&builder, 60);
    for (unsigned piece = FAT_LONG_PIECES; piece >= 1; piece--) {
        char text[FAT_LONG_PIECE + 1] = "";
        memcpy(text, path + 1 + (piece - 1) * FAT_LONG_PIECE, FAT_LONG_PIECE);
        const unsigned place = FAT_LONG_PIECES - piece;
        fat_builder_long(place < ENTRIES ? &root[place] : &second[place - ENTRIES],
                         (uint8_t)(piece == FAT_LONG_PIECES ? piece | LAST : piece), text, SHORT);
    }
    file_at(&second[FAT_LONG_PIECES - ENTRIES], SHORT);
    assert_int_equal(open_path(path), BOOT_OK);
    path[1 + FAT_LONG_NAME] = 'x';
    assert_int_equal(open_path(path), BOOT_E_BAD_PATH);
}

static void finds_names_outside_ascii(void **state)
{
    (void)state;
    struct fat_long_entry *piece = (struct fat_long_entry *)&root[0];
    fat_builder_long(&root[0], 1 | LAST, "K?rn??", SHORT);
    memcpy(piece->name_1 + 2, "\xE4\x00", 2); /* U+00E4 */
    memcpy(piece->name_1 + 8, "\x3D\xD8", 2); /* U+1F680, lead ... */
    memcpy(piece->name_2, "\x80\xDE", 2);     /* ... and trail */
    file_at(&root[1], SHORT);
    assert_int_equal(open_path("/k\xC3\xA4rn\xF0\x9F\x9A\x80"), BOOT_OK);
    assert_int_equal(open_path("/k\xC3\x84rn\xF0\x9F\x9A\x80"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/k\xC3\xA4rn\xF0\x9F\x9A\x81"), BOOT_E_NOT_FOUND);
}

/* Each way a long name may be spoiled leaves the short one, and nothing else. */
static void ignores_orphaned_long_names(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 10; way++) {
        long_at(root);
        struct fat_long_entry *first = (struct fat_long_entry *)&root[0];
        struct fat_long_entry *second = (struct fat_long_entry *)&root[1];
        switch (way) {
        case 0:
            first->checksum ^= 1;
            break;
        case 1:
            second->checksum ^= 1;
            break;
        case 2:
            first->checksum ^= 1;
            second->checksum ^= 1;
            break;
        case 3:
            first->order = 2; /* does not say that it is the last */
            break;
        case 4:
            first->order = 3 | LAST; /* a piece is missing */
            break;
        case 5:
            second->order = 2;
            break;
        case 6:
            second->order = 0x80; /* order 0; a plain 0 would end the folder */
            break;
        case 7:
            first->order = 21 | LAST;
            break;
        case 8:
            root[0].name[0] = FAT_NAME_DELETED;
            break;
        default:
            first->order = LAST;
            break;
        }
        assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
        assert_int_equal(open_path("/kernel~1.elf"), BOOT_OK);
    }
}

/* What an earlier, skipped long name has left behind does not complete a later one. */
static void forgets_earlier_long_names(void **state)
{
    (void)state;
    long_at(root);
    root[2].attributes = LABEL;
    fat_builder_long(&root[3], 2 | LAST, "e.elf", "OTHER   ELF");
    file_at(&root[4], "OTHER   ELF");
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
    fat_builder_long(&root[3], 1 | LAST, "kernel image-", "OTHER   ELF");
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/kernel image-"), BOOT_OK);
}

/* A long name belongs to the entry right behind it. */
static void gives_a_long_name_to_one_entry_only(void **state)
{
    (void)state;
    long_at(root);
    root[2].name[0] = FAT_NAME_DELETED;
    file_at(&root[3], SHORT);
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
    long_at(root);
    root[2].attributes = LABEL;
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
    long_at(root);
    memcpy(root[2].name, "OTHER   ELF", FAT_SHORT_NAME);
    file_at(&root[3], SHORT);
    assert_int_equal(open_path("/kernel image-e.elf"), BOOT_E_NOT_FOUND);
}

static void skips_what_is_no_file(void **state)
{
    (void)state;
    fat_builder_entry(&root[0], "KERNEL  ELF", LABEL, 0, 0);
    file_at(&root[1], "KERNEL  ELF");
    root[1].name[0] = FAT_NAME_DELETED;
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
    /* What stands behind the end mark was never cleared, and is not there. */
    file_at(&root[3], "KERNEL  ELF");
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
    file_at(&root[2], "OTHER      ");
    assert_int_equal(open_path("/kernel.elf"), BOOT_OK);
    /* Nor what stands in clusters behind the one with the end mark. */
    memset(root, 0, SECTOR_BYTES);
    fat_builder_chain(&builder, 2, 4);
    file_at((struct fat_entry *)fat_builder_cluster(&builder, 4), "KERNEL  ELF");
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
}

static void walks_folders(void **state)
{
    (void)state;
    fat_builder_entry(&root[0], "BOOT       ", FOLDER, 20, 0);
    fat_builder_set(&builder, 20, 0x0FFFFFFF);
    struct fat_entry *boot = (struct fat_entry *)fat_builder_cluster(&builder, 20);
    fat_builder_entry(&boot[0], ".          ", FOLDER, 20, 0);
    fat_builder_entry(&boot[1], "..         ", FOLDER, 0, 0);
    file_at(&boot[2], "KERNEL  ELF");
    file_at(&root[1], "FILE       ");
    assert_int_equal(open_path("/boot/kernel.elf"), BOOT_OK);
    assert_int_equal(open_path("/boot"), BOOT_E_NOT_A_FILE);
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/file/kernel.elf"), BOOT_E_NOT_FOUND);
    assert_int_equal(open_path("/nowhere/kernel.elf"), BOOT_E_NOT_FOUND);
}

/* Fill a cluster with entries that are in use and not wanted. */
static void crowd(uint32_t cluster)
{
    struct fat_entry *entries = (struct fat_entry *)fat_builder_cluster(&builder, cluster);
    for (unsigned i = 0; i < ENTRIES; i++)
        file_at(&entries[i], "CROWD      ");
}

/* One sector of a folder in the scratch buffer, and another's behind it, are not taken for two. */
static void reads_more_than_was_there(void **state)
{
    (void)state;
    struct fat_volume volume;
    struct fat_file file;
    uint8_t byte;
    crowd(2);
    fat_builder_chain(&builder, 2, 2);
    fat_builder_entry(&root[0], "BOOT       ", FOLDER, 20, 0);
    fat_builder_entry(&root[1], "ROOT    RAW", ARCHIVE, 2, 2 * SECTOR_BYTES);
    file_at((struct fat_entry *)fat_builder_cluster(&builder, 3), "KERNEL  ELF");
    fat_builder_chain(&builder, 20, 2);
    crowd(20);
    crowd(21);
    assert_int_equal(
        fat_mount(&volume, &disk.device, FAT_BUILDER_LBA, builder.total_sectors, buffers), BOOT_OK);
    assert_int_equal(fat_open_path(&volume, "/root.raw", &file), BOOT_OK);
    assert_int_equal(fat_open_path(&volume, "/boot/kernel.elf", &file), BOOT_E_NOT_FOUND);
    assert_int_equal(fat_read(&file, 0, 1, &byte), BOOT_OK);
    assert_int_equal(fat_open_path(&volume, "/kernel.elf", &file), BOOT_OK);
}

static void refuses_paths_it_cannot_follow(void **state)
{
    (void)state;
    static const char *const bad[] = { "",          "kernel.elf",   "\\kernel.elf", "/",
                                       "//",        "//kernel.elf", "/boot/",       "/boot//x",
                                       "/.",        "/..",          "/boot/../x",   "/boot/./x",
                                       "/...",      "/\xFF",        "/a\xC3",       "/\xC0\x80",
                                       "/boot/\x80" };
    fat_builder_entry(&root[0], "BOOT       ", FOLDER, 20, 0);
    fat_builder_set(&builder, 20, 0x0FFFFFFF);
    struct fat_entry *boot = (struct fat_entry *)fat_builder_cluster(&builder, 20);
    fat_builder_entry(&boot[0], ".          ", FOLDER, 20, 0);
    fat_builder_entry(&boot[1], "..         ", FOLDER, 0, 0);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        if (open_path(bad[i]) != BOOT_E_BAD_PATH)
            fail_msg("\"%s\" is followed", bad[i]);
}

static void searches_all_clusters_of_a_folder(void **state)
{
    (void)state;
    static const uint32_t chain[] = { 2, 3, 4, 30, 20, 21 };
    for (unsigned i = 0; i < ARRAY_COUNT(chain); i++) {
        crowd(chain[i]);
        fat_builder_set(&builder, chain[i], i + 1 < ARRAY_COUNT(chain) ? chain[i + 1] : 0x0FFFFFFF);
    }
    struct fat_entry *last = (struct fat_entry *)fat_builder_cluster(&builder, 21);
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
    file_at(&last[ENTRIES - 1], "KERNEL  ELF");
    assert_int_equal(open_path("/kernel.elf"), BOOT_OK);
}

static void refuses_broken_folders(void **state)
{
    (void)state;
    static const struct {
        uint32_t value;
        enum boot_status expected;
    } cases[] = {
        { 2, BOOT_E_FAT_LOOP },
        { 3, BOOT_E_FAT_LOOP },
        { 0, BOOT_E_FAT_CHAIN },
        { CLUSTERS + 2, BOOT_E_FAT_CHAIN },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        crowd(2);
        crowd(3);
        fat_builder_set(&builder, 2, 3);
        fat_builder_set(&builder, 3, cases[i].value);
        assert_int_equal(open_path("/kernel.elf"), cases[i].expected);
    }
    static const uint32_t nowhere[] = { 0, 1, CLUSTERS + 2, UINT32_MAX };
    for (size_t i = 0; i < ARRAY_COUNT(nowhere); i++) {
        fat_builder_entry(&root[0], "BOOT       ", FOLDER, nowhere[i], 0);
        assert_int_equal(open_path("/boot/kernel.elf"), BOOT_E_FAT_CHAIN);
    }
    disk.bad_lba = FAT_BUILDER_LBA + builder.data_sector;
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_DISK_READ);
}

/* A folder has 65536 entries at most; a chain of more clusters is none. */
static void refuses_a_folder_too_long(void **state)
{
    (void)state;
    const uint32_t sectors = FAT_DIRECTORY_MAX / SECTOR_BYTES;
    fat_builder_free(&builder);
    fat_builder_make(&builder, FAT_KIND_32, 1, sectors + 1);
    memory_disk_init(&disk, builder.disk, builder.disk_sectors);
    for (uint32_t i = 0; i < sectors + 1; i++)
        crowd(2 + i);
    fat_builder_chain(&builder, 2, sectors + 1);
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_FAT_CHAIN);
    fat_builder_chain(&builder, 2, sectors - 1);
    assert_int_equal(open_path("/kernel.elf"), BOOT_E_NOT_FOUND);
}

/* The fixed root of FAT12 and FAT16, full to its last entry: no end mark at all. */
static void searches_a_full_fixed_root(void **state)
{
    (void)state;
    fat_builder_free(&builder);
    fat_builder_make(&builder, FAT_KIND_12, 1, CLUSTERS);
    memory_disk_init(&disk, builder.disk, builder.disk_sectors);
    root = fat_builder_root(&builder);
    for (unsigned i = 0; i < FAT_BUILDER_ROOT; i++)
        file_at(&root[i], "CROWD      ");
    fat_builder_entry((struct fat_entry *)fat_builder_cluster(&builder, 2), "OUTSIDE    ", ARCHIVE,
                      50, KERNEL_BYTES);
    assert_int_equal(open_path("/outside"), BOOT_E_NOT_FOUND);
    /* On FAT12 and FAT16 the high half of the cluster number is somebody else's. */
    fat_builder_entry(&root[FAT_BUILDER_ROOT - 1], "KERNEL  ELF", ARCHIVE, 0xFFFF0032,
                      KERNEL_BYTES);
    assert_int_equal(open_path("/kernel.elf"), BOOT_OK);
}

#define PATH_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PATH_TEST(finds_short_names),
        PATH_TEST(finds_foreign_names_by_their_long_form_only),
        PATH_TEST(finds_long_names),
        PATH_TEST(finds_names_that_fill_their_pieces),
        PATH_TEST(finds_the_longest_name),
        PATH_TEST(finds_names_outside_ascii),
        PATH_TEST(ignores_orphaned_long_names),
        PATH_TEST(forgets_earlier_long_names),
        PATH_TEST(gives_a_long_name_to_one_entry_only),
        PATH_TEST(skips_what_is_no_file),
        PATH_TEST(walks_folders),
        PATH_TEST(reads_more_than_was_there),
        PATH_TEST(refuses_paths_it_cannot_follow),
        PATH_TEST(searches_all_clusters_of_a_folder),
        PATH_TEST(refuses_broken_folders),
        PATH_TEST(refuses_a_folder_too_long),
        PATH_TEST(searches_a_full_fixed_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

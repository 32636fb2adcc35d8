/* SPDX-License-Identifier: MIT
 *
 * See volume_make.h.
 */
#include "tools/image/volume_make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage2/plan/reason.h"
#include "tools/image/host_disk.h"
#include "tools/image/host_file.h"
#include "tools/image/programs.h"
#include "tools/image/say.h"
#include "tools/image/volume_read.h"
#include "tools/image/work.h"

#define VOLUME_ID   "C01D57A7"
#define KIB_BYTES   1024
#define PIECE_BYTES 0x10000
#define NUMBER_ROOM 24
#define LAST_ASCII  0x7F

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

void volume_need_programs(void)
{
    static const char *const programs[] = { "mkfs.fat", "fsck.fat", "mcopy", "mmd" };

    for (unsigned i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        if (!program_is_there(programs[i]))
            fail("%s is not installed (Debian and Ubuntu: apt install dosfstools mtools)",
                 programs[i]);
    }
}

void volume_format(const char *image, const struct layout *layout, const char *label)
{
    char fat[NUMBER_ROOM], cluster[NUMBER_ROOM], kib[NUMBER_ROOM];

    snprintf(fat, sizeof(fat), "%u", layout->fat);
    snprintf(cluster, sizeof(cluster), "%u", layout->cluster_sectors);
    snprintf(kib, sizeof(kib), "%llu",
             (unsigned long long)(layout->sectors * SECTOR_BYTES / KIB_BYTES));
    const char *const words[] = { "mkfs.fat", "--invariant",
                                  "-F",       fat,
                                  "-s",       cluster,
                                  "-S",       TEXT(SECTOR_BYTES),
                                  "-i",       VOLUME_ID,
                                  "-n",       label,
                                  "-h",       TEXT(BOOT_PARTITION_LBA),
                                  "-g",       "255/63",
                                  "--offset", TEXT(BOOT_PARTITION_LBA),
                                  image,      kib,
                                  NULL };
    const char *const reason = program_run(words, "it does not say why");
    if (reason != NULL)
        fail("the volume cannot be made: %s", reason);
}

/* The folders above a path that are not there yet. */
static void make_folders(const char *volume, const struct contents *contents, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        struct content_folder *const folder =
            contents_folder(contents, path, (size_t)(slash - path));
        if (folder->is_made)
            continue;
        folder->is_made = true;
        char *const name = text_make("::%s", folder->path);
        const char *const words[] = { "mmd", "-i", volume, name, NULL };
        const char *const reason = program_run(words, "mmd failed");
        if (reason != NULL)
            fail("%s: %s", folder->path, reason);
        free(name);
    }
}

/* With a folder in front, no name looks like a drive's. */
static void copy_in(const char *volume, const struct content *file)
{
    char *const from = text_make("%s%s", file->from[0] == '/' ? "" : "./", file->from);
    char *const to = text_make("::%s", file->path);
    const char *const words[] = { "mcopy", "-D", "s", "-i", volume, from, to, NULL };
    const char *const reason = program_run(words, "is the name taken?");

    if (reason != NULL)
        fail("%s: cannot be put on the volume as %s: %s", file->from, file->path, reason);
    free(from);
    free(to);
}

/* As mtools wants it. */
static char *volume_name(const char *image)
{
    return text_make("%s@@%u", image, BOOT_PARTITION_LBA * SECTOR_BYTES);
}

void volume_fill(const char *image, struct contents *contents)
{
    char *const volume = volume_name(image);

    for (size_t i = 0; i < contents->file_count; i++) {
        make_folders(volume, contents, contents->files[i].path);
        copy_in(volume, &contents->files[i]);
    }
    free(volume);
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text > LAST_ASCII)
            return false;
    }
    return true;
}

/*
 * A short name with other letters than ASCII's has them in a code page, which the loader does
 * not know: it can boot none of these, but other systems read them, and so does mtools.
 */
static void compare_by_mtools(const char *volume, const struct content *content)
{
    char *const back = work_path("back");
    char *const name = text_make("::%s", content->path);
    const char *const words[] = { "mcopy", "-n", "-i", volume, name, back, NULL };
    const char *const reason = program_run(words, "mcopy failed");

    if (reason != NULL)
        fail("%s: cannot be read back as %s: %s", content->from, content->path, reason);
    if (host_file_need(back) != content->bytes ||
        host_file_crc32c(back) != host_file_crc32c(content->from))
        fail("%s: not what was to go there", content->path);
    unlink(back);
    free(back);
    free(name);
}

/* Byte for byte, as the loader finds the file. */
static void compare(struct volume_read *from, const struct content *content)
{
    uint8_t there[PIECE_BYTES], here[PIECE_BYTES];
    struct check_report report;
    struct volume_file file;
    FILE *const original = fopen(content->from, "rb");

    if (original == NULL)
        fail("%s: %s", content->from, strerror(errno));
    if (!volume_open(from, content->path, 0, NULL, &file, &report))
        fail("%s: cannot be read back as %s: %s", content->from, content->path,
             reason_text(report.status));
    for (uint64_t at = 0;;) {
        const size_t bytes = fread(here, 1, sizeof(here), original);
        if (ferror(original))
            fail("%s: cannot be read", content->from);
        if (bytes == 0 ? at != file.source.bytes
                       : bytes > file.source.bytes - at ||
                             !source_read(&file.source, at, bytes, there, &report) ||
                             memcmp(there, here, bytes) != 0)
            fail("%s: not what was to go there", content->path);
        if (bytes == 0)
            break;
        at += bytes;
        work_go_on();
    }
    fclose(original);
}

static void read_back(const char *image, const struct layout *layout,
                      const struct contents *contents)
{
    struct volume_read *const from = malloc(sizeof(*from));
    struct device_problem problem;
    struct check_report report;
    struct device device;

    if (from == NULL || !device_open(&device, image, DEVICE_READ, &problem))
        fail("%s: cannot be read back", image);
    const struct blockdev disk = host_disk(&device);
    const struct mbr_partition made = { .first_lba = BOOT_PARTITION_LBA,
                                        .sectors = layout->sectors };
    volume_begin(from, &disk);
    if (!volume_mount(from, &made, &report))
        fail("the volume cannot be read back: %s", reason_text(report.status));
    char *const volume = volume_name(image);
    for (size_t i = 0; i < contents->file_count; i++) {
        if (is_ascii(contents->files[i].path))
            compare(from, &contents->files[i]);
        else
            compare_by_mtools(volume, &contents->files[i]);
    }
    device_close(&device);
    free(volume);
    free(from);
}

void volume_verify(const char *image, const struct layout *layout, const struct contents *contents)
{
    char *const volume = work_path("volume");
    const char *const words[] = { "fsck.fat", "-n", volume, NULL };

    read_back(image, layout, contents);
    host_file_copy_from(image, (uint64_t)BOOT_PARTITION_LBA * SECTOR_BYTES, volume);
    const char *const reason = program_run(words, "fsck.fat does not say why");
    if (reason != NULL)
        fail("the volume is not sound: %s", reason);
    unlink(volume);
    free(volume);
}

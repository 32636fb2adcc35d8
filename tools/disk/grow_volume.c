/* SPDX-License-Identifier: MIT
 *
 * See grow_volume.h. The same mtools drive, D:, is one volume or the other, so that the
 * lists of both can be compared as they are. Spec: mkfs.fat(8), mtools(1).
 */
#define _GNU_SOURCE
#include "tools/disk/grow_volume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "hw/fat.h"
#include "tools/disk/command.h"
#include "tools/disk/grow_compare.h"
#include "tools/disk/view.h"

#define FAT32_FROM_BYTES (UINT64_C(512) << 20) /* as mkfs.fat chooses by itself */
#define ID_BYTES         9
#define LABEL_BYTES      (FAT_SHORT_NAME + 1)
/* Behind the numbers of the boot sector: drive, a reserved byte, 29h, then these. */
#define FAT16_ID         39
#define FAT32_ID         67

struct names {
    char id[ID_BYTES], label[LABEL_BYTES];
};

static bool run(const char *const arguments[], struct refusal *refusal)
{
    char reason[REFUSAL_WHAT_BYTES];

    return command_explain(arguments, reason, sizeof(reason)) || refuse(refusal, "%s", reason);
}

static bool check(const char *volume, const char *which, struct refusal *refusal)
{
    char reason[REFUSAL_WHAT_BYTES];

    if (command_explain((const char *[]){ "fsck.fat", "-n", volume, NULL }, reason, sizeof(reason)))
        return true;
    return refuse(refusal, "the %s volume is not sound: %.400s", which, reason);
}

/* The kind of FAT, and from the boot sector the serial number. */
static bool read_kind(const struct grow_files *files, struct names *names, unsigned *kind,
                      struct refusal *refusal)
{
    static struct view view;
    uint8_t boot[SECTOR_BYTES];
    struct device_problem problem;

    if (!view_open(&view, files->old_volume, refusal))
        return false;
    const bool is_read = device_read(&view.file, 0, boot, sizeof(boot), &problem) ||
                         refuse(refusal, "%s", strerror(problem.error));
    view_close(&view);
    if (!is_read)
        return false;
    *kind = view.volume.kind;
    snprintf(names->id, sizeof(names->id), "%08" PRIx32,
             load_le32(boot + (view.volume.kind == FAT_KIND_32 ? FAT32_ID : FAT16_ID)));
    return true;
}

/* "Volume label is NAME", or that it has none. */
static void read_label(struct names *names)
{
    static const char before[] = "Volume label is ";
    char *const arguments[] = { "mlabel", "-s", "D:", NULL };
    char *text, *label;

    strcpy(names->label, "");
    if (!command_read(arguments, &text))
        return;
    label = strstr(text, before);
    if (label != NULL) {
        label += strlen(before);
        label[strcspn(label, "\n(")] = '\0';
        for (size_t end = strlen(label); end != 0 && label[end - 1] == ' '; end--)
            label[end - 1] = '\0';
        snprintf(names->label, sizeof(names->label), "%s", label);
    }
    free(text);
}

/* mtools: D: is the old volume; with `both`, E: is the new one. */
static bool set_drives(const struct grow_files *files, const char *d, struct refusal *refusal)
{
    char path[SAVED_PATH_BYTES + 16];

    snprintf(path, sizeof(path), "%s/mtoolsrc", files->folder);
    FILE *const file = fopen(path, "w");
    const bool is_written = file != NULL && fprintf(file,
                                                    "drive d: file=\"%s\"\n"
                                                    "drive e: file=\"%s\"\n",
                                                    d, files->new_volume) > 0;
    if (file == NULL || fclose(file) != 0 || !is_written)
        return refuse(refusal, "%s cannot be written", path);
    setenv("MTOOLSRC", path, 1);
    setenv("MTOOLS_SKIP_CHECK", "1", 1);
    setenv("TZ", "UTC", 1); /* FAT's times have no zone: none must be added */
    return true;
}

static bool format(const struct grow_files *files, const struct grow_plan *plan, unsigned fat,
                   const struct names *names, struct refusal *refusal)
{
    char kind[4], hidden[16];
    const char *arguments[] = { "mkfs.fat", "-F",     kind, "-h",      hidden,
                                "-g",       "255/63", "-i", names->id, files->new_volume,
                                NULL,       NULL,     NULL };

    if (*names->label != '\0') {
        arguments[10] = "-n";
        arguments[11] = names->label;
    }
    snprintf(kind, sizeof(kind), "%u", fat);
    snprintf(hidden, sizeof(hidden), "%" PRIu32, plan->first_lba);
    FILE *const file = fopen(files->new_volume, "wx");
    const bool is_sized =
        file != NULL && ftruncate(fileno(file), (off_t)plan->new_sectors * SECTOR_BYTES) == 0;
    if (file == NULL || fclose(file) != 0 || !is_sized)
        return refuse(refusal,
                      "no file of %" PRIu64 " bytes can be made beside %s, not even one "
                      "of holes: name a place elsewhere with --saved",
                      (uint64_t)plan->new_sectors * SECTOR_BYTES, files->path);
    return run(arguments, refusal);
}

bool grow_volume_make(const struct grow_files *files, const struct grow_plan *plan, unsigned *fat,
                      struct refusal *refusal)
{
    const uint64_t bytes = (uint64_t)plan->new_sectors * SECTOR_BYTES;
    struct names names;
    unsigned kind;
    char *old_list, *new_list;

    if (!check(files->old_volume, "old", refusal) || !read_kind(files, &names, &kind, refusal) ||
        !set_drives(files, files->old_volume, refusal))
        return false;
    *fat = kind == FAT_KIND_32 || bytes >= FAT32_FROM_BYTES ? FAT_KIND_32 : FAT_KIND_16;
    read_label(&names);
    if (!format(files, plan, *fat, &names, refusal))
        return false;
    if (!run((const char *[]){ "mcopy", "-spmnQ", "d:/", "e:/", NULL }, refusal) ||
        !grow_compare_list(&old_list, refusal))
        return false;
    bool is_same =
        set_drives(files, files->new_volume, refusal) && grow_compare_list(&new_list, refusal);
    if (is_same) {
        is_same = grow_compare_lists(old_list, new_list, refusal) &&
                  grow_compare_files(files->old_volume, files->new_volume, refusal);
        free(new_list);
    }
    free(old_list);
    return is_same && check(files->new_volume, "new", refusal);
}

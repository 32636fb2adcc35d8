/* SPDX-License-Identifier: MIT
 *
 * One file that is a CD and a hard disk. The raw image lies in it as a file, and as a CD
 * the BIOS shows that file as drive 80h (El Torito, hard disk emulation). Written to
 * a stick, sector 0 counts: the image's own stage 1, sealed for two more copies of
 * stage 2 that lie in another file at the front, where stage 1 can still name them,
 * and a table whose partition is the volume inside the image. No file is moved
 * for it: the same volume boots both ways.
 *
 * In emulation a BIOS takes the geometry from the end of the partition, so in the
 * image that end is moved to that of its cylinder: with the true one, the BIOS would
 * count heads and sectors up to there only, and not reach the volume's end.
 *
 * Spec: "El Torito" Bootable CD-ROM Format Specification 1.0, section 2.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "kernel/core/mbr.h"
#include "tools/disk/command.h"
#include "tools/disk/entry.h"
#include "tools/image/form_parts.h"
#include "tools/seal/seal.h"

#define CD_SECTOR_BYTES 2048
#define CD_SECTORS      (CD_SECTOR_BYTES / SECTOR_BYTES)
#define CD_FILE_BYTES   ((UINT64_C(1) << 32) - CD_SECTOR_BYTES) /* one piece of a file (ISO 9660) */
#define COPY_DISTANCE   (STAGE2_COPY_B_LBA - STAGE2_COPY_A_LBA)
#define STAGES_BYTES    ((COPY_DISTANCE + STAGE2_MAX_SECTORS) * SECTOR_BYTES)
#define IMAGE_NAME      "coldstart.img"
#define STAGES_NAME     "stage2.bin"
#define COMPARE_BYTES   ((size_t)1 << 20)
#define ARGUMENT_BYTES  (PATH_MAX + 64)

/* Where things came to lie, in sectors of a disk. */
struct cd {
    struct device file;
    uint32_t image_lba, stages_lba;
    struct mbr_partition volume;
};

static bool moved(struct form_job *job, bool done, const struct device_problem *problem)
{
    return done || form_fail(job, "%s: %s", problem->verb, strerror(problem->error));
}

/* A file of zeros, as long as both copies of stage 2; they come when their place is known. */
static bool reserve_stages(struct form_job *job, const char *path)
{
    FILE *const file = fopen(path, "wb");
    const bool made =
        file != NULL && fseek(file, STAGES_BYTES - 1, SEEK_SET) == 0 && fputc(0, file) == 0;

    return (file != NULL && fclose(file) == 0 && made) ||
           form_fail(job, "%s: cannot be made", path);
}

/* The paths get no backslash or '=' of a graft point wrong: both are escaped. */
static void graft(char argument[ARGUMENT_BYTES], const char *name, const char *path)
{
    size_t used = (size_t)snprintf(argument, ARGUMENT_BYTES, "%s=", name);

    for (; *path != '\0' && used < ARGUMENT_BYTES - 2; path++) {
        if (*path == '\\' || *path == '=')
            argument[used++] = '\\';
        argument[used++] = *path;
    }
    argument[used] = '\0';
}

/* The loader's copies first: stage 1 names sectors below BOOT_PARTITION_LBA only. */
static bool make_file(struct form_job *job)
{
    char stages[PATH_MAX], image_graft[ARGUMENT_BYTES], stages_graft[ARGUMENT_BYTES], moment[32];

    if (job->disk.bytes > CD_FILE_BYTES)
        return form_fail(job, "a CD's file is smaller than 4 GiB: make the image smaller");
    snprintf(stages, sizeof(stages), "%s/" STAGES_NAME, job->folder);
    graft(image_graft, IMAGE_NAME, job->raw);
    graft(stages_graft, STAGES_NAME, stages);
    snprintf(moment, sizeof(moment), "=%llu", (unsigned long long)form_moment());
    setenv("SOURCE_DATE_EPOCH", moment + 1, 1); /* for the volume's own dates */
    const char *const arguments[] = { "xorriso",
                                      "-as",
                                      "mkisofs",
                                      "-quiet",
                                      "-o",
                                      job->made,
                                      "-V",
                                      "COLDSTART",
                                      "-r",
                                      "--set_all_file_dates",
                                      moment,
                                      "-b",
                                      IMAGE_NAME,
                                      "-c",
                                      "boot.cat",
                                      "-hard-disk-boot",
                                      "--sort-weight",
                                      "1",
                                      IMAGE_NAME,
                                      "--sort-weight",
                                      "2",
                                      STAGES_NAME,
                                      "-graft-points",
                                      image_graft,
                                      stages_graft,
                                      NULL };
    return reserve_stages(job, stages) &&
           command_explain(arguments, job->reason, sizeof(job->reason));
}

/* Where a file begins, out of xorriso's report: "File data lba: 0 , 310 , ..., '/NAME'". */
static bool read_report(const char *report, const char *name, uint32_t *lba)
{
    const char *line = report;
    unsigned first;

    while (line != NULL && *line != '\0') {
        const char *const end = strchrnul(line, '\n');
        const char *const found = strstr(line, name);
        if (found != NULL && found < end &&
            sscanf(line, "File data lba: %*u , %u ,", &first) == 1) {
            *lba = first * CD_SECTORS;
            return true;
        }
        line = *end == '\0' ? NULL : end + 1;
    }
    return false;
}

static bool find_files(struct form_job *job, struct cd *cd)
{
    char *const arguments[] = { "xorriso", "-indev", (char *)job->made, "-find",
                                "/",       "-exec",  "report_lba",      NULL };
    char *report;

    if (!command_read(arguments, &report))
        return form_fail(job, "xorriso cannot read what it made");
    const bool is_found = read_report(report, "'/" IMAGE_NAME "'", &cd->image_lba) &&
                          read_report(report, "'/" STAGES_NAME "'", &cd->stages_lba);
    free(report);
    return is_found || form_fail(job, "xorriso does not say where its files lie");
}

/* Sector 0 of the stick: the image's, for stage 2 and the volume where they are now. */
static bool place_loader(struct form_job *job, struct cd *cd, uint8_t sector[SECTOR_BYTES])
{
    static uint8_t copy[STAGE2_MAX_SECTORS * SECTOR_BYTES];
    const uint8_t *const parameters = sector + STAGE1_PARAMETERS_OFFSET;
    const uint32_t from = load_le16(parameters);
    const uint16_t sectors = load_le16(parameters + offsetof(struct stage1_parameters, sectors));
    const size_t bytes = (size_t)sectors * SECTOR_BYTES;
    const struct stage1_parameters where = {
        { (uint16_t)cd->stages_lba, (uint16_t)(cd->stages_lba + COPY_DISTANCE) }, sectors
    };
    struct device_problem problem;

    if (sectors > STAGE2_MAX_SECTORS)
        return form_fail(job, "the image has no loader");
    if (cd->stages_lba + COPY_DISTANCE + sectors > BOOT_PARTITION_LBA)
        return form_fail(job, "stage 2 lies too far behind for stage 1");
    if (!device_read(&job->disk, (uint64_t)from * SECTOR_BYTES, copy, bytes, &problem))
        return moved(job, false, &problem);
    const enum seal_status status = seal_move(sector, copy, bytes, &where);
    if (status != SEAL_OK)
        return form_fail(job, "%s", seal_reason(status));
    for (unsigned i = 0; i < ARRAY_COUNT(where.copy_lba); i++) {
        if (!device_write(&cd->file, (uint64_t)where.copy_lba[i] * SECTOR_BYTES, copy, bytes,
                          &problem))
            return moved(job, false, &problem);
    }
    return true;
}

/* Both sectors 0: the one a BIOS finds on a stick, and the one it finds in the image on a CD. */
static bool place_sectors(struct form_job *job, struct cd *cd)
{
    uint8_t sector[SECTOR_BYTES];
    struct device_problem problem;

    if (!device_read(&job->disk, 0, sector, sizeof(sector), &problem))
        return moved(job, false, &problem);
    if (mbr_find_active(sector, job->disk.bytes / SECTOR_BYTES, &cd->volume) != BOOT_OK)
        return form_fail(job, "the image has no active partition");
    struct mbr_entry *const entry =
        (struct mbr_entry *)(sector + MBR_PARTITION_TABLE) + cd->volume.index - 1;
    entry_end_on_cylinder(entry);
    if (!device_write(&cd->file, (uint64_t)cd->image_lba * SECTOR_BYTES, sector, sizeof(sector),
                      &problem))
        return moved(job, false, &problem);
    entry_place(entry, cd->image_lba + (uint32_t)cd->volume.first_lba,
                (uint32_t)cd->volume.sectors);
    return place_loader(job, cd, sector) &&
           moved(job, device_write(&cd->file, 0, sector, sizeof(sector), &problem), &problem);
}

/* Is the image in the file, but for sector 0, just written? */
static bool compare(struct form_job *job, const struct cd *cd)
{
    static uint8_t wanted[COMPARE_BYTES], found[COMPARE_BYTES];
    const uint64_t start = (uint64_t)cd->image_lba * SECTOR_BYTES;
    struct device_problem problem;

    for (uint64_t at = SECTOR_BYTES; at < job->disk.bytes;) {
        const uint64_t left = job->disk.bytes - at;
        const size_t bytes = left < COMPARE_BYTES ? (size_t)left : COMPARE_BYTES;
        if (!device_read(&job->disk, at, wanted, bytes, &problem) ||
            !device_read(&cd->file, start + at, found, bytes, &problem))
            return moved(job, false, &problem);
        if (memcmp(wanted, found, bytes) != 0)
            return form_fail(job, "the image in it differs from %s", job->raw);
        at += bytes;
    }
    return true;
}

bool form_make_iso(struct form_job *job)
{
    struct cd cd;
    struct device_problem problem;

    if (!make_file(job) || !find_files(job, &cd))
        return false;
    if (!device_open(&cd.file, job->made, DEVICE_WRITE, &problem))
        return moved(job, false, &problem);
    const bool done = place_sectors(job, &cd) && compare(job, &cd);
    device_close(&cd.file);
    return done;
}

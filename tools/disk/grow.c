/* SPDX-License-Identifier: MIT
 *
 * See grow.h.
 */
#include "tools/disk/grow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "tools/disk/grow_place.h"
#include "tools/disk/grow_plan.h"
#include "tools/disk/grow_save.h"
#include "tools/disk/grow_volume.h"
#include "tools/disk/image.h"
#include "tools/disk/say.h"
#include "tools/disk/say_refusal.h"
#include "tools/disk/size.h"
#include "tools/disk/target.h"
#include "tools/image/check.h"
#include "tools/image/host_disk.h"

#define LOST_BYTES (SAVED_PATH_BYTES + 1024)

struct grow {
    const struct request *request;
    struct grow_plan plan;
    struct grow_files files;
    struct grow_place place;
    struct refusal refusal;
    bool is_saved; /* files.path is there, and is ours */
};

/* ---- what there is to do */

static bool plan_disk(struct grow *grow, const struct device *disk)
{
    static struct head head;
    struct refusal *const refusal = &grow->refusal;
    struct device_problem problem;

    if (disk->sector_bytes != SECTOR_BYTES)
        return refuse(refusal,
                      "its sectors have %" PRIu32 " bytes; the loader boots from disks "
                      "with sectors of %d",
                      disk->sector_bytes, SECTOR_BYTES);
    if (!head_read(&head, disk, &problem))
        return refuse(refusal, "cannot %s it: %s", problem.verb, strerror(problem.error));
    return grow_plan_make(&grow->plan, &head, refusal) &&
           saved_name(grow->files.path, grow->request->saved, disk->path,
                      load_le32(grow->plan.old_head + MBR_DISK_SIGNATURE), refusal);
}

static bool plan(struct grow *grow)
{
    struct device disk;
    struct device_problem problem;

    if (!device_open(&disk, grow->request->device, DEVICE_READ, &problem))
        return say_refused("%s: cannot %s it: %s", grow->request->device, problem.verb,
                           strerror(problem.error));
    const bool is_planned = plan_disk(grow, &disk);
    device_close(&disk);
    return is_planned || say_refusal(grow->request->device, &grow->refusal);
}

static void describe(const struct grow *grow, char lost[LOST_BYTES])
{
    char before[SIZE_TEXT_BYTES], after[SIZE_TEXT_BYTES];

    snprintf(lost, LOST_BYTES,
             "Partition %u grows from %s to %s. Its volume is made anew with all files; what lies "
             "behind it on the disk, in no partition, is written over. Before that, all up to the "
             "partition's end is saved to %s, an image of the disk as it is.",
             grow->plan.index, size_text((uint64_t)grow->plan.old_sectors * SECTOR_BYTES, before),
             size_text((uint64_t)grow->plan.new_sectors * SECTOR_BYTES, after), grow->files.path);
}

/* ---- the new volume, in a file */

/* The disk as it will be, for the loader's eyes: the saved head, and the new volume. */
struct future {
    struct blockdev head, volume;
    const struct grow *grow;
};

static enum boot_status read_future(void *context, uint64_t lba, uint32_t sectors, void *buffer)
{
    const struct future *const future = context;
    const uint64_t first = future->grow->plan.first_lba;
    uint8_t *const at = buffer;

    for (uint32_t i = 0; i < sectors; i++, lba++) {
        uint8_t *const to = at + (size_t)i * SECTOR_BYTES;
        if (lba == 0) {
            memcpy(to, future->grow->place.head, SECTOR_BYTES);
            continue;
        }
        const struct blockdev *const part = lba < first ? &future->head : &future->volume;
        const enum boot_status status =
            part->read(part->context, lba < first ? lba : lba - first, 1, to);
        if (status != BOOT_OK)
            return status;
    }
    return BOOT_OK;
}

/* Would the loader boot it? In its own words, if not. */
static bool check_future(struct grow *grow)
{
    struct device saved, made;
    struct device_problem problem;
    struct check_report report;
    char line[CHECK_TEXT_BYTES * 2];

    if (!image_open(grow->files.path, &saved))
        return false;
    if (!device_open(&made, grow->files.new_volume, DEVICE_READ, &problem)) {
        device_close(&saved);
        return say_refused("%s: %s", grow->files.new_volume, strerror(problem.error));
    }
    struct future future = { host_disk(&saved), host_disk(&made), grow };
    const struct blockdev disk = { read_future, &future, future.head.sectors };
    const struct blockdev whole = { disk.read, disk.context,
                                    grow->plan.first_lba + (uint64_t)grow->plan.new_sectors };
    const bool boots = check_disk(&whole, &report);
    device_close(&made);
    device_close(&saved);
    check_line(&report, line, sizeof(line));
    return boots || say_refused("the loader would not boot the larger volume: %s", line);
}

/* Everything that can go wrong without the disk. */
static bool prepare(struct grow *grow, const struct device *disk)
{
    unsigned fat;

    if (!grow_save(&grow->files, &grow->plan, disk, &grow->refusal))
        return say_refusal(grow->request->device, &grow->refusal);
    grow->is_saved = true;
    if (!grow_volume_make(&grow->files, &grow->plan, &fat, &grow->refusal))
        return say_refusal(grow->request->device, &grow->refusal);
    grow_plan_head(&grow->plan, fat, grow->place.head);
    return check_future(grow);
}

/* ---- onto the disk */

static void say_way_back(const struct grow *grow)
{
    say_note("The disk as it was, up to the end of partition %u, is in %s. Either of these puts it "
             "back:\n    tools/write%s %s %s\n    dd if=%s of=%s bs=1M conv=notrunc,fsync",
             grow->plan.index, grow->files.path, grow->request->file_allowed ? " --file" : "",
             grow->request->device, grow->files.path, grow->files.path, grow->request->device);
}

/* It failed on the way. The old volume is put back, if it was touched. */
static void put_back(struct grow *grow)
{
    say_failed("%s: %s.", grow->request->device, grow->refusal.what);
    if (grow->place.is_over_old && !grow_place_old(&grow->place, &grow->refusal)) {
        say_failed("Nor could the old volume be put back: %s. The disk may hold parts of both; do "
                   "not use it.",
                   grow->refusal.what);
        say_way_back(grow);
        return;
    }
    unlink(grow->files.path);
    if (!grow->place.is_begun)
        say_note("Nothing was written: the disk is as it was.");
    else if (!grow->place.is_over_old)
        say_note("Partition %u and its volume are as they were. Behind them, where no partition "
                 "is, bytes may be new.",
                 grow->plan.index);
    else
        say_note("The old volume and partition %u are back on the disk, read back and compared. "
                 "Behind them, where no partition is, bytes are new.",
                 grow->plan.index);
}

static bool place(struct grow *grow, const struct device *disk)
{
    char size[SIZE_TEXT_BYTES];

    grow->place.disk = disk;
    grow->place.plan = &grow->plan;
    grow->place.files = &grow->files;
    say("saved", "The disk as it is, up to the end of partition %u, is in %s.", grow->plan.index,
        grow->files.path);
    if (!grow_place_new(&grow->place, &grow->refusal)) {
        put_back(grow);
        return false;
    }
    say("grown",
        "Partition %u of %s has %s now, with all its files: %" PRIu64 " bytes written, "
        "read back and compared.",
        grow->plan.index, grow->request->device,
        size_text((uint64_t)grow->plan.new_sectors * SECTOR_BYTES, size),
        grow->place.written_bytes);
    say("saved", "%s is no longer needed, unless you want the disk as it was: tools/write%s %s %s",
        grow->files.path, grow->request->file_allowed ? " --file" : "", grow->request->device,
        grow->files.path);
    return true;
}

static bool grow_disk(struct grow *grow, const struct device *disk)
{
    bool is_done = prepare(grow, disk);

    if (grow->is_saved && (!is_done || grow->request->dry_run))
        unlink(grow->files.path);
    if (is_done && grow->request->dry_run)
        say("dry-run", "Dry run: the larger volume was made and checked, and nothing was written.");
    else if (is_done)
        is_done = place(grow, disk);
    grow_files_tidy(&grow->files);
    return is_done;
}

int grow_run(const struct request *request)
{
    static struct grow grow;
    char lost[LOST_BYTES];
    struct device disk;

    grow.request = request;
    if (!target_judge(request) || !plan(&grow))
        return EXIT_FAILURE;
    describe(&grow, lost);
    if (!target_open(request, lost, &disk))
        return EXIT_FAILURE;
    const bool is_done = grow_disk(&grow, &disk);
    if (request->dry_run)
        device_close(&disk);
    else
        target_finish(request, &disk);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

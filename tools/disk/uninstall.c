/* SPDX-License-Identifier: MIT
 *
 * See install.h. Only what an install wrote is taken back: a sector that holds neither its bytes nor
 * the saved ones is somebody's, and then nothing is written. So an uninstall that was cut off can be
 * repeated. Sector 0 goes first: the loader's copies stay until nothing reads them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "tools/disk/gap.h"
#include "tools/disk/install.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/move.h"
#include "tools/disk/saved_file.h"
#include "tools/disk/say.h"
#include "tools/disk/say_refusal.h"
#include "tools/disk/shell_word.h"
#include "tools/disk/table.h"
#include "tools/disk/target.h"

#define LOST_BYTES 8192

struct uninstall {
    struct move move;
    struct saved saved;
};

/* ---- does the file belong to this disk? */

static bool is_written(const struct saved_sector *saved, const uint8_t *now)
{
    return saved_checksum(now) == saved->written;
}

static bool is_old(const struct saved_sector *saved, const uint8_t *now)
{
    return memcmp(now, saved->old, SECTOR_BYTES) == 0;
}

/* Is it the written one but for what a partitioning program changes? */
static bool has_other_table(const struct saved_sector *saved, const uint8_t *now)
{
    uint8_t mixed[SECTOR_BYTES];

    memcpy(mixed, now, SECTOR_BYTES);
    memcpy(mixed + MBR_DISK_SIGNATURE, saved->old + MBR_DISK_SIGNATURE,
           SECTOR_BYTES - MBR_DISK_SIGNATURE);
    return is_written(saved, mixed) || memcmp(mixed, saved->old, SECTOR_BYTES) == 0;
}

static bool refuse_sector0(const struct saved_sector *saved, const uint8_t *now,
                           const struct request *request, struct refusal *refusal)
{
    if (has_other_table(saved, now)) {
        refuse(refusal, "the partition table or the disk signature was changed after the install; "
                        "the old sector 0 would undo that");
        return advise(refusal,
                      "This gives back the old boot code alone, and keeps the table of now:\n"
                      "    dd if=%s of=%s bs=1 skip=%d count=%d conv=notrunc,fsync",
                      shell_word(request->saved), shell_word(request->device), SAVED_HEADER_BYTES,
                      MBR_CODE_END);
    }
    refuse(refusal, "sector 0 is neither what was saved in %s nor what that install wrote",
           request->saved);
    return advise(refusal,
                  "Is it this disk's file? If the loader was installed more than once, take "
                  "it away in turn, beginning with the newest file.");
}

static bool check_sectors(const struct uninstall *uninstall, const struct request *request,
                          struct refusal *refusal)
{
    const struct saved *const saved = &uninstall->saved;
    const struct head *const now = &uninstall->move.before;

    for (uint32_t i = 0; i < saved->count; i++) {
        const struct saved_sector *const sector = &saved->sector[i];
        const uint8_t *const bytes = now->sector[sector->lba];
        if (is_old(sector, bytes) || is_written(sector, bytes))
            continue;
        if (sector->lba == 0)
            return refuse_sector0(sector, bytes, request, refusal);
        refuse(refusal,
               "sector %" PRIu32 " is neither what was saved in %s nor what that install "
               "wrote: somebody else has written there since",
               sector->lba, request->saved);
        return advise(refusal, "If the loader was installed more than once, take it away in turn, "
                               "beginning with the newest file.");
    }
    return true;
}

static bool check_disk_identity(const struct uninstall *uninstall, const struct device *device,
                                const struct request *request, struct refusal *refusal)
{
    const struct saved *const saved = &uninstall->saved;
    const uint32_t signature = load_le32(uninstall->move.before.sector[0] + MBR_DISK_SIGNATURE);

    if (saved->disk_bytes != device->bytes)
        return refuse(refusal,
                      "%s was saved from a disk of %" PRIu64 " bytes, and this one has "
                      "%" PRIu64,
                      request->saved, saved->disk_bytes, device->bytes);
    if (saved->sector[saved->count - 1].lba >= uninstall->move.before.count)
        return refuse(refusal, "%s has sectors that this disk does not have", request->saved);
    if (saved->signature != signature &&
        !has_other_table(&saved->sector[0], uninstall->move.before.sector[0]))
        return refuse(refusal,
                      "%s was saved from a disk with the signature %08" PRIx32 ", and this "
                      "one has %08" PRIx32,
                      request->saved, saved->signature, signature);
    return true;
}

/* A Coldstart that the saved sector 0 starts must have a copy when it is back. */
static bool check_old_loader(const struct uninstall *uninstall, struct refusal *refusal)
{
    static const uint8_t nothing[SECTOR_BYTES];
    struct refusal reason;
    struct gap gap;
    uint32_t gap_end;

    if (uninstall->saved.old_copies == 0)
        return true;
    if (table_judge(&uninstall->move.after, &gap_end, &reason)) {
        gap_map(&gap, &uninstall->move.after, gap_end, nothing, sizeof(nothing));
        if (gap.whole_copies != 0)
            return true;
    }
    refuse(refusal, "the Coldstart that the saved sector 0 starts would not be whole");
    return advise(refusal, "The loader was installed once more after this: take that away first, "
                           "with its own file.");
}

static bool plan(struct uninstall *uninstall, const struct device *device,
                 const struct request *request, struct refusal *refusal)
{
    struct move *const move = &uninstall->move;
    struct device_problem problem;

    if (!head_read(&move->before, device, &problem))
        return refuse(refusal, "cannot %s it: %s", problem.verb, strerror(problem.error));
    if (!check_disk_identity(uninstall, device, request, refusal) ||
        !check_sectors(uninstall, request, refusal))
        return false;
    move->after = move->before;
    for (uint32_t i = 0; i < uninstall->saved.count; i++)
        memcpy(move->after.sector[uninstall->saved.sector[i].lba], uninstall->saved.sector[i].old,
               SECTOR_BYTES);
    return check_old_loader(uninstall, refusal);
}

/* ---- doing it */

static void say_state(const struct request *request, const struct uninstall *uninstall,
                      const struct device *device)
{
    switch (move_look(&uninstall->move, device)) {
    case MOVE_AS_BEFORE:
        say_failed("The disk is as it was, with the loader on it.");
        break;
    case MOVE_OLD_SECTOR0:
        say_failed("Sector 0 is still the loader's, which has all it needs; not all of the gap is "
                   "as it was. Run it again.");
        break;
    case MOVE_AS_AFTER:
        say_failed(
            "Everything is as it was before the install, as the disk itself says now; but it "
            "has not confirmed that it will stay. Run it again to see.");
        break;
    case MOVE_NEW_SECTOR0:
        say_failed("Sector 0 is as it was before the install, and boots what it booted then. Parts "
                   "of the loader lie in the gap, where nothing reads them. Run it again.");
        break;
    case MOVE_STRANGE:
    case MOVE_UNREADABLE:
        say_failed("Sector 0 cannot be read, or is neither the old nor the new one: the disk may "
                   "not boot, and its partition table may be gone. This puts the old one back:\n"
                   "    dd if=%s of=%s bs=%d skip=1 count=1 conv=notrunc,fsync",
                   shell_word(request->saved), shell_word(request->device), SECTOR_BYTES);
        break;
    }
}

static bool write_disk(const struct request *request, struct uninstall *uninstall,
                       const struct device *device)
{
    struct refusal refusal;

    if (interrupt_seen())
        return say_refused("interrupted; nothing was written");
    if (move_run(&uninstall->move, device, MOVE_SECTOR0_FIRST, &refusal)) {
        say("uninstalled",
            "%s is as it was before the install, in every sector that the install wrote; all read "
            "back and compared. %s is needed no more. Files that were put on a partition for the "
            "loader are still there.",
            request->device, request->saved);
        return true;
    }
    if (!uninstall->move.is_begun)
        return say_refused("%s: %s; nothing was written", request->device, refusal.what);
    say_failed("%s: %s.", request->device, refusal.what);
    say_state(request, uninstall, device);
    return false;
}

static bool plan_from(const struct request *request, struct uninstall *uninstall)
{
    struct device device;
    struct device_problem problem;
    struct refusal refusal;

    if (!saved_load(&uninstall->saved, request->saved, &refusal))
        return say_refused("%s", refusal.what);
    if (!device_open(&device, request->device, DEVICE_READ, &problem))
        return say_refused("%s: cannot %s it: %s", request->device, problem.verb,
                           strerror(problem.error));
    const bool is_planned = plan(uninstall, &device, request, &refusal);
    device_close(&device);
    return is_planned || say_refusal(request->device, &refusal);
}

int uninstall_run(const struct request *request)
{
    static struct uninstall uninstall;
    char sectors[MOVE_TEXT_BYTES], lost[LOST_BYTES];
    struct device device;

    if (!target_judge(request) || !plan_from(request, &uninstall))
        return EXIT_FAILURE;
    if (memcmp(uninstall.move.before.sector, uninstall.move.after.sector,
               sizeof(uninstall.move.before.sector)) == 0) {
        say("uninstalled", "%s is as it was before the install already; nothing was written.",
            request->device);
        return EXIT_SUCCESS;
    }
    move_differences(&uninstall.move, sectors);
    snprintf(lost, sizeof(lost),
             "Nothing of this is erased. Sector 0 and %s become what they were before the install, "
             "as %s has them; the loader is gone then.",
             sectors, request->saved);
    if (!target_open(request, lost, &device))
        return EXIT_FAILURE;
    if (request->dry_run) {
        say("dry-run", "Nothing was written: --dry-run.");
        device_close(&device);
        return EXIT_SUCCESS;
    }
    const bool is_done = write_disk(request, &uninstall, &device);
    target_finish(request, &device);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

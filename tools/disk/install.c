/* SPDX-License-Identifier: MIT
 *
 * See install.h. Everything is judged and planned before the user is asked; then the old sectors
 * are saved, then the disk is written: the copies of stage 2, and sector 0 last.
 */
#include "tools/disk/install.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "tools/disk/gap.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/move.h"
#include "tools/disk/pair.h"
#include "tools/disk/saved_file.h"
#include "tools/disk/say.h"
#include "tools/disk/say_refusal.h"
#include "tools/disk/sector0.h"
#include "tools/disk/shell_word.h"
#include "tools/disk/table.h"
#include "tools/disk/target.h"
#include "tools/disk/volume.h"

#define LOST_BYTES 8192

struct install {
    struct move move;
    struct pair pair;
    struct gap gap;
    struct saved saved;
    char path[SAVED_PATH_BYTES]; /* of the file for the old sectors */
};

/* ---- what there is to do */

/* Take away what nobody reads: a part of it, left behind, would be nobody's that is known. */
static void tidy(struct install *install)
{
    struct head *const after = &install->move.after;

    for (uint32_t lba = 1; lba < install->gap.end; lba++)
        if (install->gap.use[lba] == GAP_FREE)
            memset(after->sector[lba], 0, SECTOR_BYTES);
}

/* Put this pair at these places. */
static void compose(struct install *install, const struct stage1_parameters *where)
{
    struct head *const after = &install->move.after;
    const struct pair *const pair = &install->pair;

    pair_move(&install->pair, where);
    sector0_compose(after->sector[0], pair->stage1, install->move.before.sector[0]);
    for (unsigned i = 0; i < ARRAY_COUNT(where->copy_lba); i++)
        memcpy(after->sector[where->copy_lba[i]], pair->stage2, pair->stage2_bytes);
}

/* Is this very loader there already, whole? Leaves the pair sealed for the places of now. */
static bool is_installed(struct install *install)
{
    const struct gap *const gap = &install->gap;

    if (!gap->has_loader || gap->whole_copies != ARRAY_COUNT(gap->present.copy_lba) ||
        gap->present.sectors != pair_sectors(&install->pair))
        return false;
    install->move.after = install->move.before;
    compose(install, &gap->present);
    return memcmp(install->move.before.sector, install->move.after.sector,
                  sizeof(install->move.before.sector)) == 0;
}

/* Every sector that changes, as it is, and what will be in its place. */
static void collect_saved(struct install *install, uint64_t disk_bytes)
{
    const struct move *const move = &install->move;
    struct saved *const saved = &install->saved;

    *saved = (struct saved){
        .disk_bytes = disk_bytes,
        .signature = load_le32(move->before.sector[0] + MBR_DISK_SIGNATURE),
        .old_copies = install->gap.has_loader ? install->gap.whole_copies : 0,
    };
    for (uint32_t lba = 0; lba < move->before.count; lba++) {
        if (lba != 0 &&
            memcmp(move->before.sector[lba], move->after.sector[lba], SECTOR_BYTES) == 0)
            continue;
        struct saved_sector *const sector = &saved->sector[saved->count++];
        sector->lba = lba;
        sector->written = saved_checksum(move->after.sector[lba]);
        memcpy(sector->old, move->before.sector[lba], SECTOR_BYTES);
    }
}

/* Judge the disk and find the places. False: *refusal. */
static bool plan(struct install *install, const struct device *device, bool *is_there,
                 struct refusal *refusal)
{
    struct move *const move = &install->move;
    struct gap *const gap = &install->gap;
    struct stage1_parameters where;
    struct device_problem problem;
    uint32_t gap_end;

    *is_there = false;
    if (device->sector_bytes != SECTOR_BYTES)
        return refuse(refusal,
                      "its sectors have %" PRIu32 " bytes; the loader boots from disks "
                      "with sectors of %d",
                      device->sector_bytes, SECTOR_BYTES);
    if (!head_read(&move->before, device, &problem))
        return refuse(refusal, "cannot %s it: %s", problem.verb, strerror(problem.error));
    if (!table_judge(&move->before, &gap_end, refusal))
        return false;
    gap_map(gap, &move->before, gap_end, install->pair.stage2, install->pair.stage2_bytes);
    if (!gap_is_ours(gap, &move->before, refusal) || !volume_judge(device, &move->before, refusal))
        return false;
    if (is_installed(install)) {
        *is_there = true;
        return true;
    }
    if (!gap_choose(gap, pair_sectors(&install->pair), move->before.block_sectors, &where, refusal))
        return false;
    move->after = move->before;
    tidy(install);
    compose(install, &where);
    collect_saved(install, device->bytes);
    return true;
}

/* ---- what is said */

static void describe(const struct install *install, char lost[LOST_BYTES])
{
    char sectors[MOVE_TEXT_BYTES];

    move_differences(&install->move, sectors);
    snprintf(lost, LOST_BYTES,
             "Nothing of this is erased. The loader goes into sector 0, which keeps its partition "
             "table and disk signature, and into %s, in the gap in front of the first partition, "
             "which are free. What boots this disk now, boots it no longer. Before that, the old "
             "sectors are saved to %s; with that file, --uninstall gives them back.",
             sectors, install->path);
}

/* What is on the disk after a failure, and the way out. */
static void say_state(const struct request *request, const struct install *install,
                      const struct device *device)
{
    const char *const file = shell_word(install->path);
    const char *const disk = shell_word(request->device);

    switch (move_look(&install->move, device)) {
    case MOVE_AS_BEFORE:
        say_failed("The disk is as it was, and boots as before.");
        break;
    case MOVE_OLD_SECTOR0:
        say_failed(
            "The disk boots as before: sector 0 is as it was. Parts of the loader lie in the "
            "gap, where nothing reads them; tools/write --uninstall %s --saved %s takes "
            "them away.",
            disk, file);
        break;
    case MOVE_AS_AFTER:
        say_failed("The loader is on the disk, as the disk itself says now; but it has not "
                   "confirmed that it will stay. Try whether it boots. tools/write --uninstall %s "
                   "--saved %s takes the loader away.",
                   disk, file);
        break;
    case MOVE_NEW_SECTOR0:
        say_failed("Sector 0 is the loader's, but not all of the loader is on the disk. It may not "
                   "boot. tools/write --uninstall %s --saved %s gives back what was there.",
                   disk, file);
        break;
    case MOVE_STRANGE:
    case MOVE_UNREADABLE:
        say_failed("Sector 0 cannot be read, or is neither the old nor the new one: the disk may "
                   "not boot, and its partition table may be gone. This puts the old one back:\n"
                   "    dd if=%s of=%s bs=%d skip=1 count=1 conv=notrunc,fsync",
                   file, disk, SECTOR_BYTES);
        break;
    }
}

static void say_done(const struct request *request, const struct install *install)
{
    char sectors[MOVE_TEXT_BYTES];

    move_differences(&install->move, sectors);
    say("installed", "Coldstart is on %s: sector 0, %s; all read back and compared.",
        request->device, sectors);
    say("saved",
        "The old sectors are in %s. Keep it, away from this disk. To take the loader off "
        "again: tools/write --uninstall %s --saved %s",
        install->path, shell_word(request->device), shell_word(install->path));
}

/* ---- doing it */

static bool write_disk(const struct request *request, struct install *install,
                       const struct device *device)
{
    struct refusal refusal;

    if (interrupt_seen())
        return say_refused("interrupted; nothing was written");
    if (!saved_create(&install->saved, install->path, &refusal))
        return say_refused("the old sectors cannot be saved, so nothing was written: %s",
                           refusal.what);
    if (move_run(&install->move, device, MOVE_GAP_FIRST, &refusal)) {
        say_done(request, install);
        return true;
    }
    if (!install->move.is_begun) {
        unlink(install->path);
        return say_refused("%s: %s; nothing was written", request->device, refusal.what);
    }
    say_failed("%s: %s.", request->device, refusal.what);
    say_state(request, install, device);
    return false;
}

static bool plan_from(const struct request *request, struct install *install, bool *is_there)
{
    struct device device;
    struct device_problem problem;
    struct refusal refusal;

    if (!pair_load(&install->pair, request->stage1, request->stage2, &refusal))
        return say_refused("%s", refusal.what);
    if (!device_open(&device, request->device, DEVICE_READ, &problem))
        return say_refused("%s: cannot %s it: %s", request->device, problem.verb,
                           strerror(problem.error));
    const bool is_planned = plan(install, &device, is_there, &refusal) &&
                            (*is_there || saved_name(install->path, request->saved, request->device,
                                                     install->saved.signature, &refusal));
    device_close(&device);
    return is_planned || say_refusal(request->device, &refusal);
}

int install_run(const struct request *request)
{
    static struct install install;
    char lost[LOST_BYTES];
    struct device device;
    bool is_there;

    if (!target_judge(request) || !plan_from(request, &install, &is_there))
        return EXIT_FAILURE;
    if (is_there) {
        say("installed", "%s has this very loader already, whole; nothing was written.",
            request->device);
        return EXIT_SUCCESS;
    }
    describe(&install, lost);
    if (!target_open(request, lost, &device))
        return EXIT_FAILURE;
    if (request->dry_run) {
        say("dry-run", "Nothing was written: --dry-run.");
        device_close(&device);
        return EXIT_SUCCESS;
    }
    const bool is_done = write_disk(request, &install, &device);
    target_finish(request, &device);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

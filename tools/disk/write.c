/* SPDX-License-Identifier: MIT
 *
 * See write.h. The order of the writes, and why, is in copy.h.
 */
#include "tools/disk/write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "boot/disk_layout.h"
#include "tools/disk/copy.h"
#include "tools/disk/image.h"
#include "tools/disk/say.h"
#include "tools/disk/size.h"
#include "tools/disk/target.h"

#define LOST_BYTES 512

static bool is_same_file(const char *path, const char *other)
{
    struct stat status, other_status;

    return stat(path, &status) == 0 && stat(other, &other_status) == 0 &&
           status.st_dev == other_status.st_dev && status.st_ino == other_status.st_ino;
}

static void say_trouble(const struct copy_state *state)
{
    const struct device_problem *const problem = &state->problem;
    const char *const reason = strerror(problem->error);

    switch (state->trouble) {
    case COPY_NO_TROUBLE:
        break;
    case COPY_DEVICE_FAILED:
        if (strcmp(problem->verb, "read") == 0 || strcmp(problem->verb, "write") == 0)
            say_failed("the disk failed to %s at byte %" PRIu64 ", LBA %" PRIu64 ": %s",
                       problem->verb, problem->offset, problem->offset / SECTOR_BYTES, reason);
        else if (strcmp(problem->verb, "forget") == 0)
            say_failed("what was written cannot be read back from the disk itself: %s", reason);
        else
            say_failed("the disk failed to %s what was written: %s", problem->verb, reason);
        break;
    case COPY_IMAGE_FAILED:
        say_failed("the image cannot be read at byte %" PRIu64 ": %s", problem->offset, reason);
        break;
    case COPY_DIFFERENT:
        say_failed("read back, %" PRIu64 " sector%s not what was written, LBA %" PRIu64
                   " the first; do not trust this disk",
                   state->different_sectors, state->different_sectors == 1 ? " is" : "s are",
                   state->first_different_lba);
        break;
    case COPY_INTERRUPTED:
        say_failed("interrupted");
        break;
    }
}

static bool write_disk(const struct request *request, const struct device *image)
{
    char lost[LOST_BYTES], size[SIZE_TEXT_BYTES];
    struct copy_state state;
    struct device disk;

    snprintf(lost, sizeof(lost), "All of this will be lost: %s (%s) takes its place.", image->path,
             size_text(image->bytes, size));
    if (!target_open(request, lost, &disk))
        return false;
    if (request->dry_run) {
        say("dry-run", "Dry run: nothing was written.");
        device_close(&disk);
        return true;
    }
    const bool is_done = copy_image(&disk, image, &state);
    if (!is_done) {
        say_trouble(&state);
        copy_say_state(&state);
        device_close(&disk);
        return false;
    }
    say("written", "Written, read back and compared: %" PRIu64 " bytes, all of them right.",
        image->bytes);
    if (state.tail_bytes != 0)
        say("end-emptied",
            "The last %" PRIu64 " bytes of the disk, where GPT and RAID keep second "
            "copies, are emptied; all between is as before.",
            state.tail_bytes);
    target_finish(request, &disk);
    return true;
}

int write_run(const struct request *request)
{
    struct request sized = *request;
    struct device image;

    if (request->image == NULL || !image_open(request->image, &image))
        return EXIT_FAILURE;
    sized.least_bytes = image.bytes;
    const bool is_done = is_same_file(request->image, request->device)
                             ? say_refused("%s is the image itself", request->device)
                             : write_disk(&sized, &image);
    device_close(&image);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

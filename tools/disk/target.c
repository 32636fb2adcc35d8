/* SPDX-License-Identifier: MIT
 *
 * See target.h. Spec: open(2) O_EXCL for block devices, BLKRRPART (linux/fs.h),
 * eject(1), udisksctl(1).
 */
#define _GNU_SOURCE
#include "tools/disk/target.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tools/disk/command.h"
#include "tools/disk/confirm.h"
#include "tools/disk/disks.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/judge.h"
#include "tools/disk/say.h"

static const struct disk_node *find(const struct disks *disks, const struct stat *status)
{
    return disks_find(disks, major(status->st_rdev), minor(status->st_rdev));
}

static bool judge_block(const struct request *request, const struct disks *disks,
                        const struct disk_node *node)
{
    char why[JUDGE_TEXT_BYTES];

    if (node == NULL)
        return say_refused("%s: lsblk does not know it; tools/write lists what it knows",
                           request->device);
    return judge_disk(disks, node, request->least_bytes, why) ||
           say_refused("%s %s", request->device, why);
}

/* A loop device that shows this file, or NULL. */
static const struct disk_node *loop_of(const struct disks *disks, const struct stat *file)
{
    struct stat status;

    for (size_t i = 0; i < disks->count; i++)
        if (*disks->nodes[i].backing != '\0' && stat(disks->nodes[i].backing, &status) == 0 &&
            status.st_dev == file->st_dev && status.st_ino == file->st_ino)
            return &disks->nodes[i];
    return NULL;
}

static bool judge_file(const struct request *request, const struct disks *disks,
                       const struct stat *status)
{
    const struct disk_node *const loop = loop_of(disks, status);

    if (!request->file_allowed)
        return say_refused("%s is a plain file, not a disk; if it is meant, add --file",
                           request->device);
    if (loop != NULL)
        return say_refused("%s is in use as %s; write to that, or first: losetup -d %s",
                           request->device, loop->path, loop->path);
    if ((uint64_t)status->st_size < request->least_bytes)
        return say_refused("%s is too small: %" PRIu64 " bytes, and %" PRIu64 " are needed",
                           request->device, (uint64_t)status->st_size, request->least_bytes);
    return true;
}

static bool judge_path(const struct request *request, const struct stat *status)
{
    if (S_ISBLK(status->st_mode) || S_ISREG(status->st_mode))
        return true;
    return say_refused("%s is not a block device; tools/write lists the disks", request->device);
}

static bool claim(const struct request *request, struct device *device)
{
    const enum device_use use = request->dry_run ? DEVICE_CLAIM : DEVICE_WRITE;
    struct device_problem problem;

    /* Also for --dry-run: it refuses what the real run would. */
    if (access(request->device, W_OK) != 0 && errno == EACCES)
        return say_refused(
            "%s: no permission to write to it; try it as root (tools/write asks sudo)",
            request->device);
    if (device_open(device, request->device, use, &problem))
        return true;
    if (problem.error == EBUSY)
        return say_refused("%s is in use by something that lsblk does not show; end that first",
                           request->device);
    return say_refused("%s: cannot %s it: %s", request->device, problem.verb,
                       strerror(problem.error));
}

static bool confirm(const struct request *request, const struct disk_node *node, const char *lost,
                    const struct device *device)
{
    const char *name = node == NULL ? basename(request->device) : node->name;
    const struct confirm_subject subject = {
        .device = device,
        .node = node,
        .name = name,
        .identity = node != NULL && *node->serial != '\0' ? node->serial : name,
    };

    confirm_show(&subject, lost);
    return confirm_ask(request, &subject);
}

static bool judge(const struct request *request, const struct disks *disks,
                  const struct stat *status)
{
    return S_ISBLK(status->st_mode) ? judge_block(request, disks, find(disks, status))
                                    : judge_file(request, disks, status);
}

static bool open_judged(const struct request *request, const char *lost, const struct disks *disks,
                        const struct stat *status, struct device *device)
{
    const struct disk_node *const node = S_ISBLK(status->st_mode) ? find(disks, status) : NULL;

    if (!judge(request, disks, status))
        return false;
    if (!claim(request, device))
        return false;
    if (confirm(request, node, lost, device))
        return true;
    device_close(device);
    return false;
}

/* What the name stands for, and all disks; to be freed. */
static bool look(const struct request *request, struct disks *disks, struct stat *status)
{
    if (stat(request->device, status) != 0)
        return say_refused("%s: %s; tools/write lists the disks", request->device,
                           errno == ENOENT ? "no such device" : strerror(errno));
    return judge_path(request, status) && disks_read(disks);
}

bool target_judge(const struct request *request)
{
    struct disks disks;
    struct stat status;

    if (!look(request, &disks, &status))
        return false;
    const bool is_good = judge(request, &disks, &status);
    disks_free(&disks);
    return is_good;
}

bool target_open(const struct request *request, const char *lost, struct device *device)
{
    struct disks disks;
    struct stat status;

    interrupt_catch();
    if (!look(request, &disks, &status))
        return false;
    const bool is_open = open_judged(request, lost, &disks, &status, device);
    disks_free(&disks);
    return is_open;
}

static void eject(const struct disk_node *node)
{
    char *const power_off[] = { "udisksctl", "power-off",        "--no-user-interaction",
                                "-b",        (char *)node->path, NULL };
    char *const plain[] = { "eject", (char *)node->path, NULL };

    /* A USB stick that is powered off tells so by its light; a card is only ejected. */
    if ((strcmp(node->transport, "usb") == 0 && command_run(power_off)) || command_run(plain))
        say("ejected", "%s is ejected: it can be taken out", node->path);
    else
        say("not-ejected", "%s could not be ejected, but all is on it: it can be taken out",
            node->path);
}

static bool can_be_ejected(const struct disk_node *node)
{
    return node != NULL && strcmp(node->type, "disk") == 0 &&
           (node->is_removable || strcmp(node->transport, "usb") == 0);
}

void target_finish(const struct request *request, struct device *device)
{
    struct disks disks = { NULL, 0, NULL };
    struct stat status;
    const bool may_eject = device->is_block && !request->no_eject &&
                           fstat(device->fd, &status) == 0 && disks_read(&disks);
    const struct disk_node *const node = may_eject ? find(&disks, &status) : NULL;

    if (can_be_ejected(node)) {
        device_close(device);
        eject(node);
    } else {
        /* EINVAL: a device that never has partitions, as a loop device may be. */
        if (device->is_block && ioctl(device->fd, BLKRRPART) != 0 && errno != EINVAL)
            say("not-reread",
                "The kernel goes by the old partition table (%s) until the disk is attached anew.",
                strerror(errno));
        device_close(device);
    }
    disks_free(&disks);
}

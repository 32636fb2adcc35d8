/* SPDX-License-Identifier: MIT
 *
 * See device.h. Spec: POSIX pread, pwrite, fsync; Linux BLKGETSIZE64, BLKSSZGET,
 * BLKFLSBUF (linux/fs.h).
 */
#include "tools/disk/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SECTOR_BYTES 512

static bool fail(struct device_problem *problem, const char *verb, uint64_t offset, int error)
{
    *problem = (struct device_problem){ .verb = verb, .offset = offset, .error = error };
    return false;
}

/* Length and sector size; false with errno set. */
static bool measure(struct device *device)
{
    struct stat status;
    int sector_bytes;

    if (fstat(device->fd, &status) != 0)
        return false;
    device->is_block = S_ISBLK(status.st_mode);
    if (!device->is_block && !S_ISREG(status.st_mode)) {
        errno = ENOTBLK;
        return false;
    }
    device->bytes = (uint64_t)status.st_size;
    device->sector_bytes = FILE_SECTOR_BYTES;
    if (!device->is_block)
        return true;
    if (ioctl(device->fd, BLKGETSIZE64, &device->bytes) != 0 ||
        ioctl(device->fd, BLKSSZGET, &sector_bytes) != 0)
        return false;
    device->sector_bytes = (uint32_t)sector_bytes;
    return true;
}

bool device_open(struct device *device, const char *path, enum device_use use,
                 struct device_problem *problem)
{
    struct device made = { .path = path };
    struct stat status;
    int flags = O_CLOEXEC | (use == DEVICE_WRITE ? O_RDWR : O_RDONLY);

    if (stat(path, &status) != 0)
        return fail(problem, "open", 0, errno);
    if (use != DEVICE_READ && S_ISBLK(status.st_mode))
        flags |= O_EXCL;
    made.fd = open(path, flags);
    if (made.fd < 0)
        return fail(problem, "open", 0, errno);
    if (!measure(&made)) {
        const int error = errno;
        close(made.fd);
        return fail(problem, "measure", 0, error);
    }
    *device = made;
    return true;
}

bool device_read(const struct device *device, uint64_t offset, void *to, size_t bytes,
                 struct device_problem *problem)
{
    uint8_t *at = to;

    while (bytes != 0) {
        const ssize_t moved = pread(device->fd, at, bytes, (off_t)offset);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0)
            return fail(problem, "read", offset, moved < 0 ? errno : EIO);
        at += moved;
        offset += (uint64_t)moved;
        bytes -= (size_t)moved;
    }
    return true;
}

bool device_write(const struct device *device, uint64_t offset, const void *from, size_t bytes,
                  struct device_problem *problem)
{
    const uint8_t *at = from;

    while (bytes != 0) {
        const ssize_t moved = pwrite(device->fd, at, bytes, (off_t)offset);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0)
            return fail(problem, "write", offset, moved < 0 ? errno : ENOSPC);
        at += moved;
        offset += (uint64_t)moved;
        bytes -= (size_t)moved;
    }
    return true;
}

bool device_flush(const struct device *device, struct device_problem *problem)
{
    return fsync(device->fd) == 0 || fail(problem, "flush", 0, errno);
}

bool device_forget(const struct device *device, struct device_problem *problem)
{
    const int error = posix_fadvise(device->fd, 0, 0, POSIX_FADV_DONTNEED);
    if (error != 0)
        return fail(problem, "forget", 0, error);
    /* Refused without privilege; the advice above has done it for all clean pages. */
    if (device->is_block && ioctl(device->fd, BLKFLSBUF, 0) != 0 && errno != EACCES)
        return fail(problem, "forget", 0, errno);
    return true;
}

void device_close(struct device *device)
{
    close(device->fd);
    device->fd = -1;
}

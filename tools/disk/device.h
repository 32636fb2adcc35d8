/* SPDX-License-Identifier: MIT
 *
 * A disk, or an image file in its place, as bytes that are read, written and
 * flushed. Every byte that the programs of this folder move to or from a disk goes
 * through here. Judges nothing: which disk may be written is target.h's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct device {
    const char *path; /* as the user gave it */
    int fd;
    uint64_t bytes;        /* its whole length */
    uint32_t sector_bytes; /* logical sector; of a file, 512 */
    bool is_block;         /* a block device; false: a plain file */
};

/* What went wrong, in the order a sentence needs it. */
struct device_problem {
    const char *verb; /* "open", "read", "write", "flush", ... */
    uint64_t offset;  /* first byte that was not moved */
    int error;        /* errno */
};

enum device_use {
    DEVICE_READ,
    DEVICE_CLAIM, /* read only, but as exclusively as for writing */
    DEVICE_WRITE,
};

/*
 * Open a block device or a plain file. For more than reading, a block device is opened
 * with O_EXCL: the kernel refuses (EBUSY) while it, or a partition of it, is in use.
 * False: *problem is set, *device is not.
 */
MUST_CHECK bool device_open(struct device *device, const char *path, enum device_use use,
                            struct device_problem *problem);

/* Read or write all `bytes` from `offset` on. False: some may have been moved; *problem tells. */
MUST_CHECK bool device_read(const struct device *device, uint64_t offset, void *to, size_t bytes,
                            struct device_problem *problem);
MUST_CHECK bool device_write(const struct device *device, uint64_t offset, const void *from,
                             size_t bytes, struct device_problem *problem);

/* After this, all that was written is on the medium, before anything that is written later. */
MUST_CHECK bool device_flush(const struct device *device, struct device_problem *problem);

/* Drop what the system keeps of the device in memory: the next read is from the medium. */
MUST_CHECK bool device_forget(const struct device *device, struct device_problem *problem);

void device_close(struct device *device);

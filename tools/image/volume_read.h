/* SPDX-License-Identifier: MIT
 *
 * Files of a disk's boot volume, read by the loader's own code, with the loader's words
 * for what goes wrong.
 */
#pragma once

#include "boot/low_memory.h"
#include "kernel/core/fat.h"
#include "kernel/core/mbr.h"
#include "tools/image/source.h"

/* The loader's scratch memory; of the same sizes, for the same reads. */
#define VOLUME_SCRATCH_BYTES (LOW_SCRATCH_BYTES / 2)

struct volume_read {
    const struct blockdev *disk; /* as given */
    struct blockdev device;      /* the same, watched: where the last read failed, and how */
    uint64_t failed_lba;
    uint8_t failed_status;
    struct fat_volume volume;
    uint8_t window[LOW_FAT_WINDOW_BYTES];
    uint8_t scratch[VOLUME_SCRATCH_BYTES];
};

/* A file of the volume; source.context is this. */
struct volume_file {
    struct volume_read *from;
    struct fat_file file;
    struct source source;
};

/* Begin with a disk. *from is large; it must stay where it is. */
void volume_begin(struct volume_read *from, const struct blockdev *disk);

/* Find the boot partition. */
MUST_CHECK bool volume_find_partition(struct volume_read *from, struct mbr_partition *active,
                                      struct check_report *report);

/* Mount it. */
MUST_CHECK bool volume_mount(struct volume_read *from, const struct mbr_partition *active,
                             struct check_report *report);

/* Open a file that `line` of coldstart.cfg names; config may be NULL: no checksum is known. */
MUST_CHECK bool volume_open(struct volume_read *from, const char *path, unsigned line,
                            const struct config *config, struct volume_file *file,
                            struct check_report *report);

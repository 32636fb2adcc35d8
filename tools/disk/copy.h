/* SPDX-License-Identifier: MIT
 *
 * Put an image on a disk so that at no moment a part of it looks like the whole,
 * and know at every moment what is on the disk.
 *
 *   1  the first sector is emptied, flushed, and read back
 *   2  the end of a larger disk is emptied: GPT and RAID keep second copies there
 *   3  the image behind its first sector is written and flushed
 *   4  all of that is read back from the medium and compared
 *   5  the first sector is written, flushed, and read back
 *
 * Without its first sector a disk does not boot and shows no partitions. So a power
 * cut, a failing disk or a wrong byte before step 5 leaves no disk that starts half
 * of an image.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "tools/disk/device.h"

#define COPY_TAIL_BYTES (1U << 20) /* GPT: 33 sectors; Linux RAID: 128 KiB; ZFS: 512 KiB */

/* What a part of the disk holds. MAYBE: the last word of the disk about it was an error. */
enum copy_part {
    COPY_OLD,         /* as before */
    COPY_MAYBE_EMPTY, /* as before, or zeros, or of both */
    COPY_EMPTY,       /* zeros */
    COPY_MAYBE_IMAGE, /* zeros, or the image's */
    COPY_IMAGE,       /* the image's, read back */
};

enum copy_trouble {
    COPY_NO_TROUBLE,
    COPY_DEVICE_FAILED, /* copy_state.problem, of the disk */
    COPY_IMAGE_FAILED,  /* copy_state.problem, of the image */
    COPY_DIFFERENT,     /* what was read back is not what was written */
    COPY_INTERRUPTED,
};

struct copy_state {
    enum copy_part first_sector, tail;
    uint64_t tail_offset, tail_bytes; /* 0 bytes: the image covers the disk */
    uint64_t flushed;                 /* from the second sector to here: written and flushed */
    uint64_t touched;                 /* from here to the tail: as before */
    uint64_t compared;      /* from the second sector to here: read back, all or some right */
    uint64_t wrong_sectors; /* of those that were compared */
    uint64_t different_sectors, first_different_lba; /* of all that was read back */
    enum copy_trouble trouble;
    struct device_problem problem;
};

/* Do all steps, with progress. False: state->trouble says why, the rest of it what is on the disk. */
MUST_CHECK bool copy_image(const struct device *disk, const struct device *image,
                           struct copy_state *state);

/* Say what is on the disk now, in whole sentences; with --json also as fields. */
void copy_say_state(const struct copy_state *state);

/* SPDX-License-Identifier: MIT
 *
 * What --check found, before it is told; and the two ways to tell it.
 */
#pragma once

#include "tools/image/judge_disk.h"
#include "tools/image/judge_loader.h"

#define FINDING_LINE_BYTES (2 * CHECK_TEXT_BYTES)

struct finding {
    const char *path;
    bool is_disk; /* else a kernel */
    bool boots;
    char line[FINDING_LINE_BYTES]; /* why not: the loader's line; "" when it boots */
    const char *advice;            /* what to do then */
    enum boot_status status;       /* of the line */
    uint64_t bytes;                /* of the file or disk */
    struct loader_facts loader;    /* of a disk */
    struct disk_facts disk;        /* of a disk; .kernel is also a kernel's */
};

/* Is the kernel in it known? */
static inline bool finding_has_kernel(const struct finding *finding)
{
    return finding->disk.reached >= DISK_KERNEL;
}

void finding_tell(const struct finding *finding);
void finding_tell_json(const struct finding *finding);

/* SPDX-License-Identifier: MIT
 *
 * Would the loader boot what is on this disk? The order of the questions is stage 2's
 * (volume_find, config_load, kernel_load, modules_load).
 */
#pragma once

#include "kernel/core/mbr.h"
#include "stage2/plan/config.h"
#include "tools/image/judge_kernel.h"

/* How far it was all right; each is set when all before it was. */
enum disk_reached { DISK_NOTHING, DISK_PARTITION, DISK_VOLUME, DISK_CONFIG, DISK_KERNEL, DISK_ALL };

struct disk_facts {
    enum disk_reached reached;
    struct mbr_partition partition;
    unsigned fat_kind; /* 12, 16, 32 */
    uint32_t cluster_bytes;
    struct config config;
    struct kernel_facts kernel;
    uint64_t module_bytes[CONFIG_MAX_MODULES]; /* files */
    uint64_t memory_bytes;                     /* kernel and modules, whole pages */
};

/* True: it would be booted. *facts is set as far as all was right, in either case. */
MUST_CHECK bool disk_judge(const struct blockdev *device, struct disk_facts *facts,
                           struct check_report *report);

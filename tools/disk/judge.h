/* SPDX-License-Identifier: MIT
 *
 * Whether a device may be written to, from what lsblk tells of it. Pure: opens
 * nothing, so it cannot see what only the kernel knows (device_open's EBUSY).
 */
#pragma once

#include "tools/disk/disks.h"

#define JUDGE_TEXT_BYTES 1024

/*
 * True: nothing speaks against it. False: `why` says in one sentence what does,
 * and what to do. A disk of fewer than `least_bytes` is too small; 0: any will do.
 */
MUST_CHECK bool judge_disk(const struct disks *disks, const struct disk_node *node,
                           uint64_t least_bytes, char why[JUDGE_TEXT_BYTES]);

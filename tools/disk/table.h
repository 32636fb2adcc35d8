/* SPDX-License-Identifier: MIT
 *
 * A disk's partition table, judged by one who will write in front of its partitions: is it a plain
 * MBR, is it sound, where does the first partition begin. Which partition is booted is not asked.
 */
#pragma once

#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

/* Find the first sector that belongs to a partition, at most HEAD_SECTORS. False: *refusal. */
MUST_CHECK bool table_judge(const struct head *head, uint32_t *gap_end, struct refusal *refusal);

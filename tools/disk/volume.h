/* SPDX-License-Identifier: MIT
 *
 * What a disk's loader will find: its partitions, volume and files judged as the loader will judge
 * them, and for each of its errors what to do about it.
 */
#pragma once

#include "tools/disk/device.h"
#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

/* Would the loader boot this? False: its own line as the reason, commands to type as the advice. */
MUST_CHECK bool volume_judge(const struct device *device, const struct head *head,
                             struct refusal *refusal);

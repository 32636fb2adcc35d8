/* SPDX-License-Identifier: MIT
 *
 * The disk that is to be written: whether it may be, whether the user means it,
 * and the end of it. Every mode that writes goes through here.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "tools/disk/device.h"
#include "tools/disk/request.h"

/*
 * The judging alone, for a mode that looks at the disk before it can say what it will
 * do. Nothing is opened for writing. False: why is said already.
 */
MUST_CHECK bool target_judge(const struct request *request);

/*
 * Judge request->device, claim it, show what is on it and then `lost` (what the
 * mode will do to it, whole sentences), and have the user type its name, or
 * compare --yes. Reads only.
 *
 * True: *device is open, with O_EXCL if it is a block device; with --dry-run it
 * cannot be written to. False: why is said already, nothing is open.
 */
MUST_CHECK bool target_open(const struct request *request, const char *lost, struct device *device);

/*
 * Close a target that was written and flushed: the kernel reads its partition
 * table anew, and unless --no-eject a disk that can be taken out is ejected. Says
 * what came of it; none of it can undo the work.
 */
void target_finish(const struct request *request, struct device *device);

/* SPDX-License-Identifier: MIT
 *
 * A disk or an image of this machine as the block device that the loader's code reads.
 */
#pragma once

#include "kernel/core/blockdev.h"
#include "tools/disk/device.h"

/* It keeps a pointer to *device. An odd end of a file is nothing that a BIOS would read. */
struct blockdev host_disk(const struct device *device);

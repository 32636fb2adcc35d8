/* SPDX-License-Identifier: MIT
 *
 * Show what a disk is and what is on it, and find out whether the user means it.
 */
#pragma once

#include "base/compiler.h"
#include "tools/disk/device.h"
#include "tools/disk/disks.h"
#include "tools/disk/request.h"

struct confirm_subject {
    const struct device *device;
    const struct disk_node *node; /* NULL: a plain file */
    const char *name;             /* what is to be typed */
    const char *identity;         /* what --yes must be: the serial number, or else the name */
};

/* The disk, its partitions and file systems, and `lost`. */
void confirm_show(const struct confirm_subject *subject, const char *lost);

/* Compare --yes, or have the name typed. False: not meant; said already. */
MUST_CHECK bool confirm_ask(const struct request *request, const struct confirm_subject *subject);

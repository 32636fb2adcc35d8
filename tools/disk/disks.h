/* SPDX-License-Identifier: MIT
 *
 * The block devices of this machine, as lsblk tells them. Judges nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * One line of lsblk: a device below one parent. A device with two parents (a
 * RAID) is there twice. Texts are never NULL, may be empty, and hold no control
 * characters but, in `mounts`, line ends.
 */
struct disk_node {
    const char *name;   /* as the kernel calls it: sdb1 */
    const char *parent; /* the name of the device that this one is a part of, or made of */
    const char *path;   /* /dev/sdb1 */
    const char *number; /* major:minor */
    const char *type;   /* disk, part, loop, rom, crypt, lvm, raid1, ... */
    const char *model, *serial, *transport;
    const char *file_system, *label;
    const char *mounts;  /* a line each; swap is [SWAP] */
    const char *backing; /* of a loop device: its file; else "" */
    uint64_t bytes;
    uint32_t sector_bytes; /* logical */
    bool is_read_only, is_removable;
};

struct disks {
    struct disk_node *nodes;
    size_t count;
    char *text; /* what the nodes point into */
};

/* Ask lsblk, the one that PATH finds. False: why is said already. */
MUST_CHECK bool disks_read(struct disks *disks);
void disks_free(struct disks *disks);

/* The device with this number; NULL: lsblk does not know it. */
const struct disk_node *disks_find(const struct disks *disks, unsigned major, unsigned minor);

/* Whether no line before this one is of the same device. */
MUST_CHECK bool disks_is_first(const struct disks *disks, const struct disk_node *node);

/* Whether `node` is `above`, a part of it, or made of it, through any number of layers. */
MUST_CHECK bool disks_is_below(const struct disks *disks, const struct disk_node *node,
                               const struct disk_node *above);

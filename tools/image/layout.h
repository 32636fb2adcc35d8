/* SPDX-License-Identifier: MIT
 *
 * How large the disk, its partition and its clusters are: decided from the options and
 * from what shall lie on the volume.
 */
#pragma once

#include <stdint.h>

#include "boot/disk_layout.h"
#include "tools/image/contents.h"
#include "tools/image/options.h"

#define MIB_BYTES ((uint64_t)1024 * 1024)

struct layout {
    uint64_t bytes;           /* of the image */
    uint64_t sectors;         /* of the partition, from BOOT_PARTITION_LBA on */
    unsigned fat;             /* 12, 16, 32 */
    unsigned cluster_sectors; /* a power of two */
};

/* A size that does not go with its FAT ends the program as misuse. */
struct layout layout_choose(const struct options *options, const struct contents *contents);

/* For a size that is given, as far as it can be judged without the contents. */
void layout_judge(const struct options *options);

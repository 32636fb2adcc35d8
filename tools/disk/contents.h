/* SPDX-License-Identifier: MIT
 *
 * What is on a disk or image now, read from the medium itself: its partitions,
 * and the file system on it and on each of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/disk/device.h"

#define CONTENTS_MAX        128 /* as many partitions as a GPT has; more are counted only */
#define CONTENTS_TEXT_BYTES 64

struct contents_part {
    uint64_t first_byte, bytes;
    int number; /* 0: the whole disk */
    /* Of the file system, or other content; "" where there is none or it has none. */
    char type[CONTENTS_TEXT_BYTES], label[CONTENTS_TEXT_BYTES];
};

struct contents {
    char table[CONTENTS_TEXT_BYTES]; /* kind of partition table: "dos", "gpt"; "": none */
    struct contents_part whole;      /* what is on the disk without any partition */
    struct contents_part parts[CONTENTS_MAX];
    size_t count, more;
};

/* Fill in what libblkid knows. What cannot be read or is not known counts as nothing. */
void contents_read(const struct device *device, struct contents *contents);

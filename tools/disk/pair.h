/* SPDX-License-Identifier: MIT
 *
 * A sealed pair of stages in memory, made ready for the places where a disk has room for it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "boot/stage1.h"
#include "tools/disk/refusal.h"

struct pair {
    uint8_t stage1[SECTOR_BYTES];
    uint8_t stage2[STAGE2_MAX_SECTORS * SECTOR_BYTES];
    size_t stage2_bytes;
};

/* Read both files. False: one cannot be read, or they were not sealed together; *refusal. */
MUST_CHECK bool pair_load(struct pair *pair, const char *stage1, const char *stage2,
                          struct refusal *refusal);

/* The length of a copy of its stage 2. */
uint16_t pair_sectors(const struct pair *pair);

/* Seal it for copies at `where`, which are of its own length. */
void pair_move(struct pair *pair, const struct stage1_parameters *where);

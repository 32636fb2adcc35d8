/* SPDX-License-Identifier: MIT
 *
 * The loader: stage 1 and stage 2 as they were sealed, and their places in an image; the
 * partition table between them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "boot/stage1.h"
#include "tools/image/layout.h"
#include "tools/image/options.h"

struct stages {
    uint8_t stage1[SECTOR_BYTES];
    uint8_t stage2[STAGE2_MAX_SECTORS * SECTOR_BYTES];
    size_t stage2_bytes;
    struct stage1_parameters where;
    uint32_t build_id;
};

/* Read and judge both; ends the program when they are not a sealed pair. */
void stages_read(const char *stage1, const char *stage2, struct stages *stages);

/* The disk's signature that goes with the options; never 0. */
uint32_t stages_signature(const struct options *options, const struct stages *stages);

/* Sector 0, table and all. Touches nothing else. */
void sector_make(const struct options *options, const struct stages *stages,
                 const struct layout *layout, uint8_t sector[SECTOR_BYTES]);

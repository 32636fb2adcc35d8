/* SPDX-License-Identifier: MIT
 *
 * The first 32 bytes of each copy of stage 2. Written by tools/seal, checked by
 * stage 1 (its own sums) and stage 2 (the rest). Says nothing about the code
 * behind it.
 */
#pragma once

#include "base/compiler.h"

#define STAGE2_MAGIC_0      0x444C4F43 /* "COLD" */
#define STAGE2_MAGIC_1      0x32475453 /* "STG2" */
#define STAGE2_ENTRY_OFFSET 32         /* stage 1 jumps to LOW_STAGE2 + this, CS = 0 */

struct stage2_header {
    uint32_t magic[2];    /* STAGE2_MAGIC_0, STAGE2_MAGIC_1 */
    uint32_t bytes;       /* length of the copy, a multiple of SECTOR_BYTES */
    uint32_t build_id;    /* CRC-32C of everything behind the header */
    uint32_t balance[2];  /* makes both Fletcher-64 sums of the copy FFFFFFFFh */
    uint32_t mbr_code[2]; /* both Fletcher-64 sums of the stage 1 that goes with it */
};
ASSERT_SIZE(struct stage2_header, 32);
ASSERT_OFFSET(struct stage2_header, bytes, 8);
ASSERT_OFFSET(struct stage2_header, balance, 16);
ASSERT_OFFSET(struct stage2_header, mbr_code, 24);

/* SPDX-License-Identifier: MIT
 *
 * What sealing does to the two stages, in memory: stage 2's header is filled in
 * so that stage 1's sums come out right, and stage 1 is told how long stage 2
 * is. Opens no file.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "boot/stage1.h"

/* X(name, sentence) */
#define SEAL_STATUS_LIST(X)                                                                        \
    X(SEAL_OK, "sealed")                                                                           \
    X(SEAL_E_STAGE1_SIZE, "stage 1 is not exactly one sector")                                     \
    X(SEAL_E_STAGE1_MARK, "stage 1 does not end in 55 AA")                                         \
    X(SEAL_E_STAGE1_PARAMETERS, "stage 1 has code where its parameters go, or is sealed already")  \
    X(SEAL_E_STAGE2_SHORT, "stage 2 is too short: it ends before its first instruction")           \
    X(SEAL_E_STAGE2_LARGE, "stage 2 is too large: 128 sectors, 65536 bytes, is all there is")      \
    X(SEAL_E_STAGE2_MAGIC, "stage 2 does not start with its magic number, COLDSTG2")               \
    X(SEAL_E_STAGE2_HEADER, "stage 2's header is not empty: it is sealed already")                 \
    X(SEAL_E_NOT_SEALED, "the two stages were not sealed together")

enum seal_status {
#define SEAL_STATUS_ENUM(name, text) name,
    SEAL_STATUS_LIST(SEAL_STATUS_ENUM)
#undef SEAL_STATUS_ENUM
};

/* The sentence of a status. */
const char *seal_reason(enum seal_status status);

/* Bytes rounded up to whole sectors. */
size_t seal_whole_sectors(size_t bytes);

/*
 * Fill in the header of a copy of stage 2: length, build id, the sums of the
 * sealed stage 1, balance. `bytes` are the raw file's; behind them the caller has
 * zeros up to seal_whole_sectors(bytes). Nothing is written unless all is well.
 */
MUST_CHECK enum seal_status seal_stage2(uint8_t *copy, size_t bytes,
                                        const uint8_t stage1[SECTOR_BYTES]);

/* Write stage 1's parameters into its sector: copies of `sectors` at their usual places. */
MUST_CHECK enum seal_status seal_stage1(uint8_t *sector, size_t bytes, uint16_t sectors);

/*
 * Seal a pair again for copies of stage 2 elsewhere. `stage1` and `copy` are one pair as sealed:
 * stage 2's length stands in both. Afterwards stage 1 reads `where`, and stage 2 knows this stage 1;
 * the build id stays. `where->sectors` must be the pair's own. Nothing is written unless all is well.
 */
MUST_CHECK enum seal_status seal_move(uint8_t stage1[SECTOR_BYTES], uint8_t *copy, size_t bytes,
                                      const struct stage1_parameters *where);

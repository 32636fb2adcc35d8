/* SPDX-License-Identifier: MIT
 *
 * The shipped stage 1 in a machine with a BIOS of our own: one run, judged.
 */
#pragma once

#include "boot/disk_layout.h"
#include "boot/stage1.h"
#include "tests/emulated/bios.h"
#include "tests/emulated/coverage.h"
#include "tests/emulated/machine.h"
#include "tests/emulated/oracle.h"

struct rig {
    struct machine machine;
    struct coverage coverage;
    struct bios bios;
    struct disk disk;
    uint8_t sector[SECTOR_BYTES]; /* stage 1 */
    uint8_t stage2[STAGE2_MAX_SECTORS * SECTOR_BYTES];
    bool arrived; /* at stage 2's first instruction, in this run */
    unsigned halts;
    unsigned long runs, failed;
    unsigned long stride; /* the products make each n-th of their runs: 1 for all */
    unsigned long passed_over;
    unsigned long outcomes[3];
    unsigned most_calls; /* of INT 13h in one run with a stage 2 of one sector */
};

/* Load the shipped sector, its listing and stage 2. */
void rig_open(struct rig *rig);
void rig_close(struct rig *rig);

/* The shipped stage 2 from now on. */
void rig_use_shipped(struct rig *rig);

/* A stage 2 of the test's own, that long; only stage 1's parameter for the length changes. */
void rig_use_short(struct rig *rig, unsigned sectors);

/* One run of a product, if its turn has come. */
void rig_run_in_turn(struct rig *rig, const struct habits *habits);

/* One run. False, and printed: it did not end as the oracle says, or broke a rule. */
bool rig_run(struct rig *rig, const struct habits *habits);

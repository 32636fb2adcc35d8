/* SPDX-License-Identifier: MIT
 *
 * What must come of a run of stage 1, told from the habits alone and from the rules
 * that stage 1's head and boot/stage1.h state: which ways there are, in which
 * order, and how often one is tried. Runs nothing and reads no code.
 */
#pragma once

#include "tests/emulated/habits.h"

enum outcome { OUTCOME_BOOTS, OUTCOME_STOPS, OUTCOME_HANGS };

struct prediction {
    enum outcome outcome;
    uint8_t drive; /* when it boots: where from ... */
    enum method method;
    enum copy copy;
    unsigned retries; /* ... and how many reads failed before */
    uint16_t error;   /* when it stops: what is printed */
};

struct prediction oracle(const struct habits *habits, unsigned sectors);

/* More calls of INT 13h than this no run may make, whatever the BIOS answers. */
unsigned oracle_calls_most(unsigned sectors);

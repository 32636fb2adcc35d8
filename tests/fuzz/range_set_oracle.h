/* SPDX-License-Identifier: MIT
 *
 * What a range set must do, said in other words: over a small window of numbers
 * each is in or out. For the unit test and the fuzz target.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ORACLE_NUMBERS  48
#define ORACLE_CAPACITY 8

enum oracle_verb { ORACLE_INSERT, ORACLE_REMOVE, ORACLE_GAP, ORACLE_VERBS };

/* One verb on numbers first..last of the window (both below ORACLE_NUMBERS, in order). */
struct oracle_step {
    enum oracle_verb verb;
    unsigned first;
    unsigned last;
    unsigned count;     /* of a gap, at least 1 */
    unsigned alignment; /* of a gap, a power of two */
};

/*
 * Do all steps to a set of `capacity` ranges, the window beginning at `base`, and
 * to the truth. Back: NULL, or what was not so.
 */
const char *range_set_oracle_check(const struct oracle_step *steps, unsigned count, uint64_t base,
                                   unsigned capacity);

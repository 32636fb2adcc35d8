/* SPDX-License-Identifier: MIT
 *
 * What is tried on stage 1: one quirk at a time, by name; the products of all of
 * them; runs by chance.
 */
#pragma once

#include "tests/emulated/stage1_rig.h"

struct stage1_case {
    const char *name; /* q17: quirk 17 of the catalogue */
    const char *what;
    void (*run)(struct rig *rig);
};

/* Ends with a NULL name. */
extern const struct stage1_case stage1_cases[];

/* Every way a copy can read, by either method. */
extern const struct read_answer stage1_reads[];
extern const unsigned stage1_reads_count;

void product_reads(struct rig *rig);
void product_lies(struct rig *rig);
void product_drives(struct rig *rig);
void product_manners(struct rig *rig);
void product_lengths(struct rig *rig);

/* Habits by chance: entry, manners, keys, page; the disk and its answers stay. */
void habits_mix_manners(struct habits *habits, struct random *random);

/* Any habits at all, for a stage 2 of that many sectors. */
struct habits habits_by_chance(struct random *random, unsigned sectors);

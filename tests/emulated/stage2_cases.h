/* SPDX-License-Identifier: MIT
 *
 * What is tried on stage 2's 16-bit code: one quirk at a time, by name; the services
 * of its 64-bit code; products.
 */
#pragma once

#include "tests/emulated/stage2_rig.h"

struct stage2_case {
    const char *name; /* q57: quirk 57 of the catalogue */
    const char *what;
    void (*run)(struct rig *rig);
};

/* The road on a PC by chance. */
void stage2_chance(struct rig *rig, struct random *random);

/* Each ends with a NULL name. */
extern const struct stage2_case stage2_road_cases[];
extern const struct stage2_case stage2_end_cases[];
extern const struct stage2_case stage2_memory_cases[];
extern const struct stage2_case stage2_service_cases[];
extern const struct stage2_case stage2_products[];

/* One run of the road, with everything that can be said about its end from its habits. */
void judge_road(struct rig *rig, const struct pc_habits *habits);

/* Whether the screen got this text. */
bool judge_printed(const struct rig *rig, const char *text);

/* SPDX-License-Identifier: MIT
 *
 * The judge of what the BIOS said about memory: raw answers in, a clean map
 * out. A byte is RAM only if an answer worth believing says so and none says
 * otherwise. Asks no BIOS; stage2/real did.
 * Spec: ACPI 6.4, section 15.
 */
#pragma once

#include "boot/status.h"
#include "kernel/core/memory_map.h"

struct memory_answers;

/*
 * Fill the caller's empty map from the answers; see memory_judge.c for every rule.
 * With too little room ranges are left out, and what is left out is not RAM.
 * BOOT_E_NO_MEMORY_MAP: no usable page above 1 MiB; map->count is as before, the
 * array's contents are undefined.
 */
MUST_CHECK enum boot_status memory_judge_answers(const struct memory_answers *answers,
                                                 struct memory_map *map);

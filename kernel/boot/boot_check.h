/* SPDX-License-Identifier: MIT
 *
 * Judges a hand-off before anybody believes it. Looks only; the address of a
 * table is checked against the direct map, its contents where there are rules.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"

/* More of anything than this is not a count but damage. */
#define BOOT_CHECK_COUNT_MAX 4096

/*
 * Check the struct itself: magic, version, length, counts, and that every table
 * lies inside the direct map. Returns what is wrong as a sentence, or NULL.
 */
const char *boot_check_info(const struct boot_info *info);

/*
 * Check a memory map: page-aligned, sorted, disjoint, known types.
 * Returns what is wrong as a sentence, or NULL.
 */
const char *boot_check_memory(const struct boot_memory_range *ranges, uint32_t count);

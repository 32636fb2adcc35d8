/* SPDX-License-Identifier: MIT
 *
 * The shadow's memory: an eighth of the RAM that frames are handed out from, and
 * of the first regions, in the kernel's own address space. Empty functions but in
 * the KASAN build.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"

/* Give the kernel's own space its shadow; before that space is loaded. Panics without memory. */
void kasan_room_begin(const struct boot_memory_range *ranges, uint32_t count);

/* The last address of regions that gets a shadow: REGION_LAST where there is no KASAN. */
uint64_t kasan_room_regions_last(void);

/* In that space: check accesses to this memory from now on. What is free is closed. */
void kasan_room_open(void);

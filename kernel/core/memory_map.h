/* SPDX-License-Identifier: MIT
 *
 * A set of physical memory ranges with a type each: sorted, disjoint, whole
 * pages of PAGE_BYTES, neighbours of one type merged. What no range names is
 * unknown, and is not RAM. Knows nothing of the BIOS; memory_judge.h makes the
 * first one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/range.h"
#include "boot/boot_info.h"
#include "boot/status.h"

/* The caller owns the array; count <= capacity always. An empty map has count 0. */
struct memory_map {
    struct boot_memory_range *ranges;
    uint32_t count;
    uint32_t capacity;
};

/*
 * Give all of `where` one type; it replaces what was there. USABLE takes only
 * the whole pages inside, every other type all pages it touches.
 * BOOT_E_NO_ROOM: the table is full; the map is as before.
 */
MUST_CHECK enum boot_status memory_map_mark(struct memory_map *map, struct phys_range where,
                                            enum boot_memory_type type);

/*
 * The lowest place of `bytes` bytes of one type inside the window, its first
 * byte a multiple of `alignment` (a power of two). False, and *where as before,
 * when there is none, bytes is 0 or alignment is no power of two.
 */
MUST_CHECK bool memory_map_find(const struct memory_map *map, enum boot_memory_type type,
                                struct phys_range window, uint64_t bytes, uint64_t alignment,
                                struct phys_range *where);

/* Bytes of one type; UINT64_MAX if it is all 2^64. */
uint64_t memory_map_total(const struct memory_map *map, enum boot_memory_type type);

/* The type of one byte; false, and *type as before, when no range names it. */
MUST_CHECK bool memory_map_type_at(const struct memory_map *map, uint64_t phys,
                                   enum boot_memory_type *type);

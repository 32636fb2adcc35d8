/* SPDX-License-Identifier: MIT
 *
 * What a boot map means for the frame allocator: which frames get records, and
 * where in free memory the table of records lies. Decides only; nothing is
 * written to the table.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"
#include "kernel/alloc/buddy.h"

/* Map and regions are in the table, behind the records. */
struct frame_plan {
    uint64_t end;    /* frames from here on get no record */
    uint64_t total;  /* frames of RAM in the map */
    uint64_t frames; /* of these, with records */
    uint32_t region_count;
    uint32_t range_count;
    uint64_t table_first; /* frame */
    uint64_t table_frames;
    uint64_t regions_at; /* bytes into the table */
    uint64_t ranges_at;
};

/* RAM of this type: working memory, whoever has it now. */
bool frame_type_is_ram(uint32_t type);

/*
 * ranges: page-aligned, sorted, disjoint. end: no frame from here on can be used.
 * BUDDY_E_RECORDS: no usable range has room for the table.
 */
MUST_CHECK enum buddy_status frame_plan_make(const struct boot_memory_range *ranges, uint32_t count,
                                             uint64_t end, struct frame_plan *plan);

/* Write the plan.region_count regions. */
void frame_plan_regions(const struct boot_memory_range *ranges, const struct frame_plan *plan,
                        struct buddy_region *regions);

/* The frames of a range that the allocator may have: without frame 0 and the table. May be none. */
uint64_t frame_plan_usable(const struct frame_plan *plan, const struct boot_memory_range *range,
                           uint64_t *first);

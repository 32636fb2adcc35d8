/* SPDX-License-Identifier: MIT
 *
 * Decides what of physical memory the direct map shows, and how: RAM writable,
 * firmware below 1 MiB and reserved memory below 4 GiB read-only, the VGA
 * window and the framebuffer writable, nothing executable, bad RAM not at all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/range.h"
#include "boot/boot_info.h"
#include "kernel/core/memory_map.h"
#include "kernel/core/page_table.h"

struct direct_map_request {
    const struct memory_map *map;  /* sorted, disjoint, page-aligned */
    struct phys_range framebuffer; /* page-aligned; empty when first > last */
};

/* One run of equal treatment. */
struct direct_map_run {
    struct phys_range range;
    unsigned access; /* PAGING_WRITE or 0 */
};

/*
 * The first run at or above `from`, as long as possible.
 * False: nothing is shown from there on.
 */
bool direct_map_next(const struct direct_map_request *request, uint64_t from,
                     struct direct_map_run *run);

/* The pages that a framebuffer lies in; empty when the video has none. */
struct phys_range direct_map_framebuffer(const struct boot_video *video);

/* Map every run; *last is the last physical byte that is mapped. */
MUST_CHECK enum space_status direct_map_build(const struct direct_map_request *request,
                                              struct page_table *table, uint64_t *last);

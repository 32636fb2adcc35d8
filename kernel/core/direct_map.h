/* SPDX-License-Identifier: MIT
 *
 * Decides what of physical memory the direct map shows, and how: RAM writable,
 * firmware below 1 MiB and reserved memory below 4 GiB read-only, the VGA
 * window and the framebuffer writable, nothing executable, bad RAM not at all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/range.h"
#include "kernel/core/memory_map.h"
#include "kernel/core/paging.h"

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

/* Map every run; *last is the last physical byte that is mapped. */
enum boot_status direct_map_build(const struct direct_map_request *request, struct paging *paging,
                                  uint64_t *last);

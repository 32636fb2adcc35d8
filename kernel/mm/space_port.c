/* SPDX-License-Identifier: MIT
 *
 * See space_port.h.
 */
#include "kernel/mm/space_port.h"

#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/mm/frames.h"

static uint64_t allocate(void *unused)
{
    (void)unused;
    return frames_allocate_zeroed(FRAMES_ANY);
}

static void release(void *unused, uint64_t phys)
{
    (void)unused;
    frames_free(phys, 0);
}

static uint64_t *table_at(void *unused, uint64_t phys)
{
    (void)unused;
    return direct_map_at(phys);
}

const struct page_table_port space_port = { allocate, release, table_at, NULL };

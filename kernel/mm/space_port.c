/* SPDX-License-Identifier: MIT
 *
 * See space_port.h.
 */
#include "kernel/mm/space_port.h"

#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/core/string.h"
#include "kernel/mm/frames.h"

static uint64_t allocate(void *unused)
{
    (void)unused;
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    if (phys != 0)
        memset(direct_map_at(phys), 0, PAGE_BYTES);
    return phys;
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

/* SPDX-License-Identifier: MIT
 *
 * Reading physical memory through the direct map, and the judged memory map.
 */
#include "probe.h"

const void *at_phys(const struct probe *probe, uint64_t phys)
{
    return (const void *)(probe->info->direct_map_base + phys);
}

/* Whether every byte of the range is of one type; ranges that touch count as one. */
bool range_has_type(const struct probe *probe, uint64_t phys, uint64_t bytes, uint32_t type)
{
    const struct boot_memory_range *map = at_phys(probe, probe->info->memory_phys);
    const uint64_t last = phys + bytes - 1;
    for (uint32_t i = 0; i < probe->info->memory_count; i++) {
        if (map[i].type != type || map[i].first > phys || map[i].last < phys)
            continue;
        if (map[i].last >= last)
            return true;
        phys = map[i].last + 1;
    }
    return false;
}

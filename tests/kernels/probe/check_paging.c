/* SPDX-License-Identifier: MIT
 *
 * Promises about the page tables: every mapping there is, and the ones that must
 * not be.
 *
 * Spec: include/boot/boot_info.h and docs/boot-protocol.md, "The state at the
 * entry point".
 */
#include "probe.h"

#define PF_X 1u
#define PF_W 2u

static bool has_nx(const struct probe *probe)
{
    const uint64_t efer_nxe = 1ull << 11;
    return (probe->state.efer & efer_nxe) != 0;
}

static bool write_xor_execute(const struct probe *probe)
{
    return !has_nx(probe) || !any_writable_and_executable(probe);
}

static bool page_0_unmapped(const struct probe *probe)
{
    return mapping_of(probe, 0).bytes == 0;
}

static bool guards_unmapped(const struct probe *probe)
{
    return mapping_of(probe, probe->info->stack_first - 1).bytes == 0 &&
           mapping_of(probe, probe->info->stack_last + 1).bytes == 0;
}

static bool stack_mapped(const struct probe *probe)
{
    for (uint64_t virt = probe->info->stack_first; virt < probe->info->stack_last;
         virt += PAGE_BYTES) {
        const struct probe_mapping mapping = mapping_of(probe, virt);
        if (mapping.bytes == 0 || !mapping.writable || (mapping.executable && has_nx(probe)))
            return false;
    }
    return true;
}

static bool segment_page_right(const struct probe *probe, const struct boot_segment *segment,
                               uint64_t offset)
{
    const struct probe_mapping mapping = mapping_of(probe, segment->virt + offset);
    const bool executable = mapping.executable || !has_nx(probe);
    return mapping.bytes != 0 && mapping.phys == segment->phys + offset && !mapping.user &&
           mapping.writable == ((segment->flags & PF_W) != 0) &&
           (!has_nx(probe) || executable == ((segment->flags & PF_X) != 0));
}

static bool segments_mapped(const struct probe *probe)
{
    const struct boot_segment *segments = at_phys(probe, probe->info->segment_phys);
    for (uint32_t i = 0; i < probe->info->segment_count; i++)
        for (uint64_t offset = 0; offset < segments[i].bytes; offset += PAGE_BYTES)
            if (!segment_page_right(probe, &segments[i], offset))
                return false;
    return true;
}

/* Nothing of the loader's shares the pages around a segment, unless a segment does. */
static bool segments_end(const struct probe *probe)
{
    const struct boot_segment *segments = at_phys(probe, probe->info->segment_phys);
    for (uint32_t i = 0; i < probe->info->segment_count; i++) {
        const uint64_t end = segments[i].virt + segments[i].bytes;
        bool followed = end == 0;
        for (uint32_t k = 0; k < probe->info->segment_count; k++)
            followed |= segments[k].virt == end;
        if (!followed && mapping_of(probe, end).bytes != 0)
            return false;
    }
    return true;
}

static bool direct_page_right(const struct probe *probe, uint64_t phys, uint64_t *bytes)
{
    const struct probe_mapping mapping = mapping_of(probe, BOOT_DIRECT_MAP_BASE + phys);
    *bytes = mapping.bytes;
    return mapping.bytes != 0 && mapping.phys == phys && mapping.writable && !mapping.user &&
           (!mapping.executable || !has_nx(probe));
}

static bool ram_in_direct_map(const struct probe *probe)
{
    const struct boot_memory_range *map = at_phys(probe, probe->info->memory_phys);
    for (uint32_t i = 0; i < probe->info->memory_count; i++) {
        if (map[i].type > BOOT_MEMORY_MODULE)
            continue;
        uint64_t bytes;
        for (uint64_t phys = map[i].first; phys <= map[i].last; phys += bytes - phys % bytes)
            if (!direct_page_right(probe, phys, &bytes))
                return false;
    }
    return true;
}

static bool direct_map_ends(const struct probe *probe)
{
    const uint64_t last = probe->info->direct_map_last;
    return mapping_of(probe, BOOT_DIRECT_MAP_BASE + last).bytes != 0 &&
           mapping_of(probe, BOOT_DIRECT_MAP_BASE + last + 1).bytes == 0;
}

const struct probe_check paging_checks[] = {
    { "no page is writable and executable", write_xor_execute },
    { "virtual page 0 is not mapped", page_0_unmapped },
    { "the pages around the stack are not mapped", guards_unmapped },
    { "the stack is mapped, writable, not executable", stack_mapped },
    { "every segment page has its own rights and address", segments_mapped },
    { "nothing is mapped behind a segment", segments_end },
    { "all RAM is in the direct map, writable, not executable", ram_in_direct_map },
    { "the direct map ends at direct_map_last", direct_map_ends },
    { NULL, NULL },
};

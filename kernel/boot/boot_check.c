/* SPDX-License-Identifier: MIT
 *
 * The rules of boot protocol 1 that a kernel can check.
 */
#include "kernel/boot/boot_check.h"

#include <stdbool.h>

#include "hw/paging.h"

struct table_claim {
    uint64_t phys;
    uint64_t count;
    uint64_t bytes_each;
};

/* Inside the direct map, to its last byte; a table of nothing needs no place. */
static bool claim_is_inside(const struct table_claim *claim, uint64_t last)
{
    if (claim->count == 0)
        return true;
    if (claim->phys == 0 || claim->phys > last || claim->count > BOOT_CHECK_COUNT_MAX)
        return false;
    return claim->count * claim->bytes_each - 1 <= last - claim->phys;
}

static bool tables_are_inside(const struct boot_info *info)
{
    const struct table_claim claims[] = {
        { info->memory_phys, info->memory_count, sizeof(struct boot_memory_range) },
        { info->e820_phys, info->e820_count, sizeof(struct boot_e820_answer) },
        { info->module_phys, info->module_count, sizeof(struct boot_module) },
        { info->segment_phys, info->segment_count, sizeof(struct boot_segment) },
        { info->trace_phys, info->trace_count, sizeof(struct boot_trace_record) },
        { info->command_line_phys, 1, 1 },
    };
    for (unsigned i = 0; i < ARRAY_COUNT(claims); i++) {
        if (!claim_is_inside(&claims[i], info->direct_map_last))
            return false;
    }
    return true;
}

const char *boot_check_info(const struct boot_info *info)
{
    if (info->magic != BOOT_INFO_MAGIC)
        return "boot_info has the wrong magic: RDI points elsewhere";
    if (info->version != BOOT_PROTOCOL_VERSION)
        return "the loader speaks another version of the boot protocol";
    if (info->bytes < sizeof(*info))
        return "boot_info is shorter than its version";
    if (info->direct_map_base != BOOT_DIRECT_MAP_BASE)
        return "the direct map is not where the protocol puts it";
    if (info->direct_map_last > BOOT_DIRECT_MAP_LAST - BOOT_DIRECT_MAP_BASE)
        return "the direct map is larger than its room";
    if (!tables_are_inside(info))
        return "a table of boot_info leaves the direct map";
    if (info->memory_count == 0)
        return "the memory map is empty";
    if (info->stack_last <= info->stack_first || info->stack_first < PAGE_BYTES)
        return "the stack has no sensible bounds";
    return NULL;
}

const char *boot_check_memory(const struct boot_memory_range *ranges, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct boot_memory_range *range = &ranges[i];
        if (range->first > range->last)
            return "a range of the memory map ends before it starts";
        if (range->first % PAGE_BYTES != 0 || range->last % PAGE_BYTES != PAGE_BYTES - 1)
            return "a range of the memory map is not page-aligned";
        if (range->type < BOOT_MEMORY_USABLE || range->type > BOOT_MEMORY_BAD)
            return "a range of the memory map has an unknown type";
        if (i > 0 && range->first <= ranges[i - 1].last)
            return "the memory map is not sorted, or its ranges overlap";
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * Promises about the judged memory map and what lies where in it.
 *
 * Spec: include/boot/boot_info.h; ACPI 6.4 section 15.1 (address ranges).
 */
#include "probe.h"

#define E820_USABLE 1
#define E820_CARRY  1
#define FOUR_GIB    0x100000000ull
#define FIRST_MIB   0x100000ull

static const struct boot_memory_range *map_of(const struct probe *probe)
{
    return at_phys(probe, probe->info->memory_phys);
}

static bool aligned(const struct probe *probe)
{
    const struct boot_memory_range *map = map_of(probe);
    for (uint32_t i = 0; i < probe->info->memory_count; i++)
        if (map[i].first % PAGE_BYTES != 0 || (map[i].last + 1) % PAGE_BYTES != 0)
            return false;
    return true;
}

static bool sorted_and_disjoint(const struct probe *probe)
{
    const struct boot_memory_range *map = map_of(probe);
    for (uint32_t i = 0; i < probe->info->memory_count; i++)
        if (map[i].first > map[i].last || (i > 0 && map[i].first <= map[i - 1].last))
            return false;
    return probe->info->memory_count != 0;
}

static bool known_types(const struct probe *probe)
{
    const struct boot_memory_range *map = map_of(probe);
    for (uint32_t i = 0; i < probe->info->memory_count; i++)
        if (map[i].type < BOOT_MEMORY_USABLE || map[i].type > BOOT_MEMORY_BAD ||
            map[i].reserved != 0)
            return false;
    return true;
}

static bool is_ram(uint32_t type)
{
    return type < BOOT_MEMORY_ACPI_RECLAIMABLE;
}

/* Whether the BIOS called the byte usable, and nowhere something else. */
static bool bios_says_usable(const struct probe *probe, uint64_t phys)
{
    const struct boot_e820_answer *answers = at_phys(probe, probe->info->e820_phys);
    bool usable = false;
    for (uint32_t i = 0; i < probe->info->e820_count; i++) {
        if ((answers[i].flags & E820_CARRY) || phys - answers[i].base >= answers[i].length)
            continue;
        if (answers[i].type != E820_USABLE)
            return false;
        usable = true;
    }
    return usable;
}

/* The ends of each range are where a rounding error would show. */
static bool nothing_upgraded(const struct probe *probe)
{
    const struct boot_memory_range *map = map_of(probe);
    for (uint32_t i = 0; i < probe->info->memory_count; i++)
        if (is_ram(map[i].type) &&
            (!bios_says_usable(probe, map[i].first) || !bios_says_usable(probe, map[i].last)))
            return false;
    return true;
}

static bool kernel_marked(const struct probe *probe)
{
    const struct boot_segment *segments = at_phys(probe, probe->info->segment_phys);
    for (uint32_t i = 0; i < probe->info->segment_count; i++)
        if (!range_has_type(probe, segments[i].phys, segments[i].bytes, BOOT_MEMORY_KERNEL))
            return false;
    return probe->info->segment_count != 0;
}

static bool modules_marked(const struct probe *probe)
{
    const struct boot_module *modules = at_phys(probe, probe->info->module_phys);
    for (uint32_t i = 0; i < probe->info->module_count; i++)
        if (modules[i].phys % PAGE_BYTES != 0 ||
            (modules[i].bytes != 0 &&
             !range_has_type(probe, modules[i].phys, modules[i].bytes, BOOT_MEMORY_MODULE)))
            return false;
    return true;
}

static bool loader_marked(const struct probe *probe)
{
    const struct boot_info *info = probe->info;
    const uint64_t info_phys = (uint64_t)info - info->direct_map_base;
    const uint64_t stack_phys = mapping_of(probe, info->stack_first).phys;
    return range_has_type(probe, info_phys, sizeof *info, BOOT_MEMORY_LOADER) &&
           range_has_type(probe, info->page_table_phys, PAGE_BYTES, BOOT_MEMORY_LOADER) &&
           range_has_type(probe, info->command_line_phys, 1, BOOT_MEMORY_LOADER) &&
           range_has_type(probe, info->memory_phys,
                          info->memory_count * sizeof(struct boot_memory_range),
                          BOOT_MEMORY_LOADER) &&
           range_has_type(probe, stack_phys, BOOT_STACK_BYTES, BOOT_MEMORY_LOADER);
}

static bool placed_above_first_mib(const struct probe *probe)
{
    const struct boot_segment *segments = at_phys(probe, probe->info->segment_phys);
    for (uint32_t i = 0; i < probe->info->segment_count; i++)
        if (segments[i].phys < FIRST_MIB || segments[i].phys + segments[i].bytes > FOUR_GIB)
            return false;
    return true;
}

static bool some_usable(const struct probe *probe)
{
    const struct boot_memory_range *map = map_of(probe);
    for (uint32_t i = 0; i < probe->info->memory_count; i++)
        if (map[i].type == BOOT_MEMORY_USABLE)
            return true;
    return false;
}

const struct probe_check memory_checks[] = {
    { "the memory map is page-aligned", aligned },
    { "the memory map is sorted and disjoint", sorted_and_disjoint },
    { "memory types are known ones", known_types },
    { "no byte is RAM that the BIOS did not call usable", nothing_upgraded },
    { "kernel segments lie in BOOT_MEMORY_KERNEL", kernel_marked },
    { "modules are page-aligned and lie in BOOT_MEMORY_MODULE", modules_marked },
    { "boot_info, tables and stack lie in BOOT_MEMORY_LOADER", loader_marked },
    { "the kernel lies between 1 MiB and 4 GiB", placed_above_first_mib },
    { "some memory is usable", some_usable },
    { NULL, NULL },
};

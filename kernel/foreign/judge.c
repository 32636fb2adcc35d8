/* SPDX-License-Identifier: MIT
 *
 * See judge.h. Where entries overlap the higher boot_memory_type wins, as in
 * our own loader: RAM is marked first, what is less free later. A page is RAM
 * only when one entry claims all of it.
 */
#include "kernel/foreign/judge.h"

#include "hw/e820.h"
#include "hw/paging.h"

#define PAGE_MASK ((uint64_t)PAGE_BYTES - 1)
#define FULL      "the memory map has more ranges than the kernel has room for"

/* The later wins. */
static const enum boot_memory_type marking_order[] = {
    BOOT_MEMORY_USABLE, BOOT_MEMORY_ACPI_RECLAIMABLE, BOOT_MEMORY_ACPI_NVS, BOOT_MEMORY_RESERVED,
    BOOT_MEMORY_BAD,
};

static enum boot_memory_type type_of(uint32_t e820_type)
{
    switch (e820_type) {
    case E820_TYPE_USABLE:
        return BOOT_MEMORY_USABLE;
    case E820_TYPE_ACPI:
        return BOOT_MEMORY_ACPI_RECLAIMABLE;
    case E820_TYPE_NVS:
        return BOOT_MEMORY_ACPI_NVS;
    case E820_TYPE_UNUSABLE:
        return BOOT_MEMORY_BAD;
    default:
        return BOOT_MEMORY_RESERVED;
    }
}

/* The bytes of base and length, cut at the end of the address space; false: none. */
static bool range_of(uint64_t base, uint64_t length, struct phys_range *range)
{
    if (length == 0)
        return false;
    *range = (struct phys_range){ .first = base, .last = UINT64_MAX };
    if (length - 1 <= UINT64_MAX - base)
        range->last = base + (length - 1);
    return true;
}

static const char *mark_memory(const struct foreign_facts *facts, struct memory_map *map)
{
    for (unsigned order = 0; order < ARRAY_COUNT(marking_order); order++) {
        for (uint32_t i = 0; i < facts->memory_count; i++) {
            const struct foreign_memory *memory = &facts->memory[i];
            struct phys_range range;
            if (type_of(memory->type) == marking_order[order] &&
                range_of(memory->base, memory->length, &range) &&
                memory_map_mark(map, range, marking_order[order]) != BOOT_OK)
                return FULL;
        }
    }
    return NULL;
}

/* Is every page of these bytes free memory? */
static bool is_usable(const struct memory_map *map, struct phys_range pages)
{
    struct phys_range found;
    return memory_map_find(map, BOOT_MEMORY_USABLE, pages, pages.last - pages.first + 1, PAGE_BYTES,
                           &found);
}

static const char *mark_module(const struct foreign_module *module, struct memory_map *map)
{
    struct phys_range range;
    if (!range_of(module->phys, module->bytes, &range))
        return NULL;
    if (range.last - range.first != module->bytes - 1 || range.last > UINT32_MAX)
        return "a module does not lie below 4 GiB";
    const struct phys_range pages = { range.first & ~PAGE_MASK, range.last | PAGE_MASK };
    if (!is_usable(map, pages))
        return "a module lies where the memory map has no free memory, or in the kernel or "
               "another module";
    return memory_map_mark(map, pages, BOOT_MEMORY_MODULE) == BOOT_OK ? NULL : FULL;
}

const char *foreign_judge(const struct foreign_facts *facts, struct phys_range kernel,
                          struct memory_map *map)
{
    const struct phys_range page_0 = { 0, PAGE_BYTES - 1 };
    const char *wrong = mark_memory(facts, map);
    if (wrong != NULL)
        return wrong;
    if (!is_usable(map, kernel))
        return "the kernel lies where the memory map has no free memory";
    if (memory_map_mark(map, page_0, BOOT_MEMORY_RESERVED) != BOOT_OK ||
        memory_map_mark(map, kernel, BOOT_MEMORY_KERNEL) != BOOT_OK)
        return FULL;
    for (uint32_t i = 0; i < facts->module_count && wrong == NULL; i++)
        wrong = mark_module(&facts->modules[i], map);
    return wrong;
}

bool foreign_video_is_apart(const struct boot_video *video, const struct memory_map *map)
{
    struct phys_range range;
    if (!range_of(video->phys, (uint64_t)video->pitch * video->height, &range))
        return false;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->ranges[i].type < BOOT_MEMORY_RESERVED && range.first <= map->ranges[i].last &&
            map->ranges[i].first <= range.last)
            return false;
    }
    return true;
}

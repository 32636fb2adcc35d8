/* SPDX-License-Identifier: MIT
 *
 * Copies the hand-off in two rounds of the same walk: the first only measures,
 * the second writes. So no length is reckoned in two places.
 */
#include "kernel/boot/boot_keep.h"

#include "hw/acpi.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/string.h"
#include "kernel/mm/frames.h"

#define PART_ALIGNMENT 16ULL

/* Where the copy goes; base 0 while it is only measured. */
struct keep {
    uint64_t base;
    uint64_t used;
};

/* Copy one part and let `phys` name the copy. What is nowhere stays nowhere. */
static void keep_part(struct keep *keep, uint64_t *phys, uint64_t bytes)
{
    if (*phys == 0 || bytes == 0)
        return;
    if (keep->base != 0) {
        memcpy(direct_map_at(keep->base + keep->used), direct_map_at(*phys), bytes);
        *phys = keep->base + keep->used;
    }
    keep->used += (bytes + (PART_ALIGNMENT - 1)) & ~(PART_ALIGNMENT - 1);
}

static void keep_text(struct keep *keep, uint64_t *phys)
{
    if (*phys != 0)
        keep_part(keep, phys, string_length(direct_map_at(*phys)) + 1);
}

/* A loader that was given the RSDP by value keeps it in its own memory. */
static bool is_the_loaders(const struct boot_info *info, uint64_t phys)
{
    const struct boot_memory_range *ranges = direct_map_at(info->memory_phys);
    for (uint32_t i = 0; i < info->memory_count; i++) {
        if (phys >= ranges[i].first && phys <= ranges[i].last)
            return ranges[i].type == BOOT_MEMORY_LOADER;
    }
    return false;
}

static void keep_rsdp(struct keep *keep, struct boot_info *info)
{
    const uint8_t *rsdp = direct_map_at(info->rsdp_phys);
    if (info->rsdp_phys != 0 && is_the_loaders(info, info->rsdp_phys))
        keep_part(keep, &info->rsdp_phys, rsdp[RSDP_REVISION] == 0 ? RSDP_V1_BYTES : RSDP_V2_BYTES);
}

static void keep_modules(struct keep *keep, struct boot_info *info)
{
    struct boot_module *modules = direct_map_at(info->module_phys);
    keep_part(keep, &info->module_phys, info->module_count * sizeof(struct boot_module));
    if (keep->base != 0)
        modules = direct_map_at(info->module_phys);
    for (uint32_t i = 0; i < info->module_count; i++) {
        uint64_t name = modules[i].name_phys;
        keep_text(keep, &name);
        if (keep->base != 0)
            modules[i].name_phys = name;
    }
}

/* The parts in turn; `info` is a copy that may be written. */
static void keep_parts(struct keep *keep, struct boot_info *info)
{
    keep_rsdp(keep, info);
    keep_part(keep, &info->memory_phys, info->memory_count * sizeof(struct boot_memory_range));
    keep_part(keep, &info->e820_phys, info->e820_count * sizeof(struct boot_e820_answer));
    keep_part(keep, &info->segment_phys, info->segment_count * sizeof(struct boot_segment));
    keep_part(keep, &info->trace_phys, info->trace_count * sizeof(struct boot_trace_record));
    keep_text(keep, &info->command_line_phys);
    keep_modules(keep, info);
}

const struct boot_info *boot_copy(const struct boot_info *info)
{
    struct boot_info copy = *info;
    struct keep keep = { .used = sizeof(copy) };
    keep_parts(&keep, &copy);
    const uint64_t frames = (keep.used + FRAME_BYTES - 1) / FRAME_BYTES;
    const uint64_t phys = frames_allocate_range(frames, FRAME_BYTES, FRAMES_ANY);
    if (phys == 0)
        panic("no memory to keep the hand-off: it takes %llu frames", (unsigned long long)frames);
    copy.bytes = sizeof(copy);
    keep = (struct keep){ .base = phys, .used = sizeof(copy) };
    keep_parts(&keep, &copy);
    struct boot_info *kept = direct_map_at(phys);
    *kept = copy;
    return kept;
}

/* SPDX-License-Identifier: MIT
 *
 * Tests of the loader's memory, which became free: all of it, and read by nobody.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/boot_check.h"
#include "kernel/boot/record.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/string.h"
#include "kernel/dev/acpi.h"
#include "kernel/mm/frames.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/taken.h"

#define RUBBISH 0xC5

static struct crc32c_tables tables;

static bool is_loaders(const struct boot_memory_range *range)
{
    return range->type == BOOT_MEMORY_LOADER;
}

SELFTEST(reclaim_all, "frames.loader-memory-is-free")
{
    const struct boot_memory_range *ranges = boot_memory();
    struct frames_account account;
    uint64_t loaders = 0;
    frames_account(&account);
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (!is_loaders(&ranges[i]))
            continue;
        const uint64_t first = ranges[i].first != 0 ? ranges[i].first : FRAME_BYTES;
        loaders += (ranges[i].last + 1 - first) / FRAME_BYTES;
        /* Free, or inside what was handed out since: no block of that order is. */
        CLAIM(frames_try_free(first, FRAME_ORDER_MAX) != BUDDY_E_FOREIGN);
    }
    CLAIM(loaders > 0);
    CLAIM_EQUAL(account.reclaimed, loaders);
}

static bool in_loaders(uint64_t phys)
{
    const struct boot_memory_range *ranges = boot_memory();
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (is_loaders(&ranges[i]) && phys >= ranges[i].first && phys <= ranges[i].last)
            return true;
    }
    return false;
}

SELFTEST(reclaim_kept, "boot.kept")
{
    const struct boot_info *info = boot_info_get();
    CLAIM(!in_loaders((uint64_t)info - BOOT_DIRECT_MAP_BASE));
    CLAIM(!in_loaders(info->command_line_phys));
    CLAIM(!in_loaders(info->memory_phys));
    CLAIM(!in_loaders(info->segment_phys));
    CLAIM(info->e820_count == 0 || !in_loaders(info->e820_phys));
    CLAIM(info->trace_count == 0 || !in_loaders(info->trace_phys));
    CLAIM(!in_loaders(info->rsdp_phys));
    CLAIM(info->module_count == 0 || !in_loaders(info->module_phys));
    for (uint32_t i = 0; i < info->module_count; i++) {
        CLAIM(!in_loaders(boot_modules()[i].name_phys));
        CLAIM(!in_loaders(boot_modules()[i].phys));
    }
}

static void sum_text(void *context, const char *text, size_t bytes)
{
    uint32_t *sum = context;
    *sum = crc32c_update(&tables, *sum, text, bytes);
}

/* Over all that the kernel was told. */
static uint32_t sum_of_hand_off(void)
{
    const struct boot_info *info = boot_info_get();
    uint32_t sum = 0;
    const struct format_sink sink = { .write = sum_text, .context = &sum };
    record_write(&sink); /* the firmware's answers, E820, the timeline */
    sum = crc32c_update(&tables, sum, info, sizeof(*info));
    sum = crc32c_update(&tables, sum, boot_memory(), info->memory_count * sizeof(*boot_memory()));
    sum = crc32c_update(&tables, sum, boot_segments(),
                        info->segment_count * sizeof(*boot_segments()));
    sum = crc32c_update(&tables, sum, boot_command_line(), string_length(boot_command_line()));
    for (uint32_t i = 0; i < info->module_count; i++) {
        const struct boot_module *module = &boot_modules()[i];
        sum = crc32c_update(&tables, sum, module, sizeof(*module));
        sum = crc32c_update(&tables, sum, boot_module_name(module),
                            string_length(boot_module_name(module)));
        sum = crc32c_update(&tables, sum, direct_map_at(module->phys), module->bytes);
    }
    return sum;
}

static bool acpi_answers(void)
{
    struct acpi_soft_off how;
    return acpi_soft_off_find(boot_info_get()->rsdp_phys, &how);
}

/* Whatever the page walk needs from now on, it reads from memory. */
static void forget_translations(void)
{
    const uint64_t cr4 = cr4_read();
    cr4_write(cr4 & ~(uint64_t)CR4_PGE);
    cr4_write(cr4);
    cr3_write(cr3_read());
}

/* With rubbish in all of it, the kernel knows what it knew, and runs on. */
SELFTEST(reclaim_unread, "frames.loader-memory-is-read-by-nobody")
{
    const struct boot_memory_range *ranges = boot_memory();
    const bool was_checked = frames_checked();
    struct taken taken;
    uint64_t filled = 0;
    crc32c_tables_fill(&tables);
    const uint32_t before = sum_of_hand_off();
    const bool acpi_before = acpi_answers();
    frames_set_checked(false);
    taken_take(FRAMES_ANY, &taken);
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        const struct phys_range where = { ranges[i].first, ranges[i].last };
        if (is_loaders(&ranges[i]))
            filled += taken_fill(&taken, where, RUBBISH);
    }
    forget_translations();
    CLAIM(filled > 0);
    CLAIM_EQUAL(sum_of_hand_off(), before);
    CLAIM_EQUAL(acpi_answers(), acpi_before);
    CLAIM(boot_check_memory(boot_memory(), boot_info_get()->memory_count) == NULL);
    taken_give(&taken);
    frames_set_checked(was_checked);
    CLAIM(frames_check() == NULL);
}

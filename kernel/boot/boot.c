/* SPDX-License-Identifier: MIT
 *
 * Keeps the one boot_info there is: first where the loader put it, from
 * boot_keep on in the kernel's own frames.
 */
#include "kernel/boot/boot.h"

#include "boot/requirements.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/boot_check.h"
#include "kernel/boot/boot_keep.h"
#include "kernel/core/crc32c.h"
#include "kernel/log/image.h"

/* What boot_check_info will demand, said where the loader can read it before it loads anything. */
BOOT_REQUIRE(BOOT_PROTOCOL_VERSION, sizeof(struct boot_info), 0, 0);

static const struct boot_info *accepted;
static uint64_t entry_tsc_kept;

void boot_accept(const struct boot_info *info, uint64_t entry_tsc)
{
    const struct page_tables tables = page_tables_current();
    if (!page_walk_covers(&tables, (uint64_t)info, sizeof(*info), false))
        panic("hand-off: boot_info at 0x%llx is not mapped", (unsigned long long)(uint64_t)info);
    const char *wrong = boot_check_info(info);
    if (wrong == NULL)
        wrong = boot_check_memory(direct_map_at(info->memory_phys), info->memory_count);
    if (wrong != NULL)
        panic("hand-off: %s", wrong);
    accepted = info;
    entry_tsc_kept = entry_tsc;
    stacks_set_main("boot stack", (struct virt_range){ info->stack_first, info->stack_last });
}

void boot_keep(void)
{
    accepted = boot_copy(accepted);
}

const struct boot_info *boot_info_get(void)
{
    return accepted;
}

uint64_t boot_entry_tsc(void)
{
    return entry_tsc_kept;
}

const struct boot_memory_range *boot_memory(void)
{
    return direct_map_at(accepted->memory_phys);
}

const struct boot_e820_answer *boot_e820(void)
{
    return direct_map_at(accepted->e820_phys);
}

const struct boot_module *boot_modules(void)
{
    return direct_map_at(accepted->module_phys);
}

const struct boot_segment *boot_segments(void)
{
    return direct_map_at(accepted->segment_phys);
}

const struct boot_trace_record *boot_trace(void)
{
    return direct_map_at(accepted->trace_phys);
}

const char *boot_module_name(const struct boot_module *module)
{
    return module->name_phys == 0 ? "" : direct_map_at(module->name_phys);
}

const char *boot_command_line(void)
{
    return accepted == NULL ? "" : direct_map_at(accepted->command_line_phys);
}

uint32_t boot_kernel_build(void)
{
    static struct crc32c_tables tables;
    crc32c_tables_fill(&tables);
    return crc32c_update(&tables, 0, kernel_text_first,
                         (size_t)(kernel_text_end - kernel_text_first));
}

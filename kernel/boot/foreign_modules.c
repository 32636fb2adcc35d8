/* SPDX-License-Identifier: MIT
 *
 * Modules as boot protocol 1 promises them: each begins on a page, and a zero
 * byte follows it. Those that lie so already stay; the others are copied.
 */
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/boot/foreign_build.h"
#include "kernel/core/string.h"

/* On a page, and with room for a byte on its last one. */
static bool may_stay(const struct foreign_module *module)
{
    return module->phys % PAGE_BYTES == 0 && module->bytes % PAGE_BYTES != 0;
}

/* The old place is free once boot_info is: it is not worth another look now. */
static uint64_t copy_module(struct foreign_build *build, const struct foreign_module *module)
{
    const uint64_t phys =
        foreign_take(build, module->bytes + 1, BOOT_MEMORY_MODULE, "the copy of a module");
    memcpy(direct_map_at(phys), direct_map_at(module->phys), module->bytes);
    if (module->bytes > 0)
        foreign_mark(build, (struct phys_range){ module->phys, module->phys + (module->bytes - 1) },
                     BOOT_MEMORY_LOADER);
    return phys;
}

/* A page belongs to one module only (judge.c), so the zero harms no other. */
void foreign_settle_modules(struct foreign_build *build)
{
    for (uint32_t i = 0; i < build->facts.module_count; i++) {
        const struct foreign_module *from = &build->facts.modules[i];
        struct boot_module *to = &build->modules[i];
        to->bytes = from->bytes;
        to->phys = may_stay(from) ? from->phys : copy_module(build, from);
        *(uint8_t *)direct_map_at(to->phys + to->bytes) = 0;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * The step kernel_paging_build: the address space of boot protocol 1. How pages
 * become entries is core/page_table_edit.c's; what of memory the direct map shows is
 * core/direct_map.c's.
 */
#include "base/compiler.h"
#include "hw/elf64.h"
#include "hw/paging.h"
#include "kernel/core/direct_map.h"
#include "kernel/core/string.h"
#include "stage2/bios/cpu.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/trace.h"
#include "stage2/handoff.h"
#include "stage2/memory.h"
#include "stage2/real/bios_call.h"

#define POOL_BYTES (8ULL * PAGE_BYTES) /* tables are taken by the pool, zeroed by the page */

static uint64_t table_allocate(void *context)
{
    struct loader *const loader = context;

    if (loader->table_pool_bytes == 0) {
        loader->table_pool_phys =
            memory_take(loader, POOL_BYTES, BOOT_MEMORY_LOADER, "a page table");
        loader->table_pool_bytes = POOL_BYTES;
    }
    const uint64_t phys = loader->table_pool_phys;
    loader->table_pool_phys += PAGE_BYTES;
    loader->table_pool_bytes -= PAGE_BYTES;
    memset(memory_at(phys), 0, PAGE_BYTES);
    return phys;
}

static uint64_t *table_at(void *context, uint64_t phys)
{
    (void)context;
    return memory_at(phys);
}

/* The requests are judged before, W^X too: what is left is two of them in one place. */
static void require(enum space_status status, uint64_t virt)
{
    if (status != SPACE_OK)
        fail(status == SPACE_E_MAPPED ? BOOT_E_ELF_OVERLAP : BOOT_E_ELF_ADDRESS, "mapping %lXh",
             virt);
}

static void map(struct loader *loader, uint64_t virt, uint64_t phys, uint64_t bytes,
                unsigned access)
{
    require(page_table_map(&loader->page_table, virt, phys, bytes, access), virt);
}

static void map_kernel(struct loader *loader)
{
    const struct elf64_plan *const kernel = &loader->kernel;

    for (unsigned i = 0; i < kernel->segment_count; i++) {
        const struct elf64_segment *const segment = &kernel->segments[i];
        const unsigned access = (segment->flags & ELF_PF_W ? PAGING_WRITE : 0) |
                                (segment->flags & ELF_PF_X ? PAGING_EXECUTE : 0);
        map(loader, segment->page_virt + kernel->slide, loader->kernel_phys[i], segment->page_bytes,
            access);
    }
}

/* The code that switches, a hole, the first stack, a hole. */
static void map_handoff(struct loader *loader)
{
    const uint64_t code = memory_take(loader, PAGE_BYTES, BOOT_MEMORY_LOADER, "the hand-off");
    const uint64_t stack = memory_take(loader, BOOT_STACK_BYTES, BOOT_MEMORY_LOADER, "the stack");

    memcpy(memory_at(code), handoff_code, (size_t)(handoff_code_end - handoff_code));
    map(loader, HANDOFF_CODE, code, PAGE_BYTES, PAGING_EXECUTE);
    map(loader, HANDOFF_STACK, stack, BOOT_STACK_BYTES, PAGING_WRITE);
}

static void map_memory(struct loader *loader)
{
    const struct direct_map_request request = {
        .map = &loader->map,
        .framebuffer = direct_map_framebuffer(&loader->video),
    };
    require(direct_map_build(&request, &loader->page_table, &loader->direct_map_last),
            BOOT_DIRECT_MAP_BASE);
}

/* The step: page tables for the kernel, not loaded yet. */
void kernel_paging_build(struct loader *loader)
{
    const struct page_table_port port = {
        .allocate = table_allocate,
        .at = table_at,
        .context = loader,
    };
    const struct page_table_abilities abilities = {
        .no_execute = exchange.cpu_has_nx != 0,
        .pages_1g = (cpu_extended_edx() & CPUID_X1_EDX_PAGE1GB) != 0,
    };

    trace_step(BOOT_STEP_PAGING, 0);
    require(page_table_begin(&port, abilities, TABLE_LEVELS, &loader->page_table), 0);
    map_kernel(loader);
    map_handoff(loader);
    map_memory(loader);
}

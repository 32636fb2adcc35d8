/* SPDX-License-Identifier: MIT
 *
 * The kernel's own address space, built while the loader's is still loaded:
 * where the image lies in memory is asked of the loader's tables. The image's
 * read-only frames are read-only in the direct map as well, so that no second
 * address opens them.
 */
#include "base/range.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/stack_enter.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/core/direct_map.h"
#include "kernel/log/image.h"
#include "kernel/mm/region.h"
#include "kernel/mm/space.h"
#include "kernel/mm/space_port.h"

#define PAGE_MASK          ((uint64_t)PAGE_BYTES - 1)
#define KERNEL_STACK_BYTES 0x10000

static void require(enum space_status status, uint64_t virt)
{
    if (status != SPACE_OK)
        panic("the kernel's address space: the page at 0x%llx %s", (unsigned long long)virt,
              space_status_words(status));
}

/* Where the loader put a page of the image. */
static uint64_t loaded_at(const struct page_tables *loader, uint64_t virt)
{
    uint64_t phys;
    if (!page_walk_translate(loader, virt, &phys))
        panic("the kernel's address space: 0x%llx of the image is not mapped",
              (unsigned long long)virt);
    return phys;
}

static void map_range(const struct page_tables *loader, uint64_t first, uint64_t end,
                      unsigned access)
{
    for (uint64_t virt = first & ~PAGE_MASK; virt < end; virt += PAGE_BYTES)
        require(space_map(space_kernel(), virt, loaded_at(loader, virt), PAGE_BYTES, access), virt);
}

static void map_image(const struct page_tables *loader)
{
    for (unsigned i = 0; i < IMAGE_SECTIONS; i++) {
        const struct image_section *section = &image_sections[i];
        map_range(loader, (uint64_t)section->first, (uint64_t)section->end,
                  (section->writable ? PAGING_WRITE : 0) |
                      (section->executable ? PAGING_EXECUTE : 0));
    }
    for (enum stack_ist ist = 1; ist <= STACK_IST_LAST; ist++) {
        const struct virt_range stack = stacks_area((unsigned)ist).range;
        map_range(loader, stack.first, stack.last + 1, PAGING_WRITE);
    }
}

/* As the loader maps it: the same rules from the same map. */
static void map_memory(const struct boot_info *info)
{
    const struct memory_map map = {
        .ranges = direct_map_at(info->memory_phys),
        .count = info->memory_count,
        .capacity = info->memory_count,
    };
    const struct direct_map_request request = {
        .map = &map,
        .framebuffer = direct_map_framebuffer(&info->video),
    };
    uint64_t last;
    require(direct_map_build(&request, &space_kernel()->tables, &last), BOOT_DIRECT_MAP_BASE);
}

static void close_image(const struct page_tables *loader)
{
    for (unsigned i = 0; i < IMAGE_SECTIONS; i++) {
        const struct image_section *section = &image_sections[i];
        if (section->writable)
            continue;
        for (uint64_t virt = (uint64_t)section->first & ~PAGE_MASK; virt < (uint64_t)section->end;
             virt += PAGE_BYTES) {
            const uint64_t alias = (uint64_t)direct_map_at(loaded_at(loader, virt));
            require(space_protect(space_kernel(), alias, PAGE_BYTES, 0), alias);
        }
    }
}

void space_begin(const struct boot_info *info)
{
    const struct page_tables loader = page_tables_current();
    const struct page_table_abilities abilities = {
        .no_execute = cpu_no_execute_is_on(),
        .pages_1g = cpu_has("1GB-PAGES"),
        .global = cpu_has("PGE"),
    };
    require(page_table_begin(&space_port, abilities, TABLE_LEVELS, &space_kernel()->tables), 0);
    map_image(&loader);
    map_memory(info);
    close_image(&loader);
}

NORETURN void space_enter(void (*function)(void))
{
    void *stack = region_allocate(KERNEL_STACK_BYTES);
    if (stack == NULL)
        panic("there is no memory for the kernel's own stack");
    const uint64_t first = (uint64_t)stack;
    stacks_set_main("kernel stack", (struct virt_range){ first, first + KERNEL_STACK_BYTES - 1 });
    stack_enter(space_kernel()->tables.root_phys, first + KERNEL_STACK_BYTES, function);
}

/* SPDX-License-Identifier: MIT
 *
 * The address space of boot protocol 1 for a kernel that lies where another
 * loader put it: each segment with its own access, the first stack between two
 * holes, the direct map. How pages become entries is core/page_table_edit.c's.
 */
#include "boot/kernel_place.h"
#include "hw/elf64.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/foreign_build.h"
#include "kernel/core/direct_map.h"
#include "kernel/core/string.h"
#include "kernel/foreign/judge.h"
#include "kernel/log/image.h"

#define PAGE_MASK ((uint64_t)PAGE_BYTES - 1)

static struct boot_segment segment_of(uint64_t first, uint64_t end, uint32_t flags)
{
    const uint64_t page = first & ~PAGE_MASK;
    return (struct boot_segment){ .virt = page,
                                  .phys = page - KERNEL_BASE + KERNEL_PHYS,
                                  .bytes = ((end + PAGE_MASK) & ~PAGE_MASK) - page,
                                  .flags = flags };
}

static struct boot_segment segment_of_section(const struct image_section *section)
{
    const uint32_t flags =
        ELF_PF_R | (section->writable ? ELF_PF_W : 0) | (section->executable ? ELF_PF_X : 0);
    return segment_of((uint64_t)section->first, (uint64_t)section->end, flags);
}

/* In the order of kernel.ld. Area 0 of the stacks is the first stack, which is no part of it. */
uint32_t foreign_segments(struct boot_segment segments[FOREIGN_SEGMENTS])
{
    uint32_t count = 0;
    for (unsigned i = 0; i < IMAGE_SECTIONS - 1; i++)
        segments[count++] = segment_of_section(&image_sections[i]);
    for (unsigned i = 1; i < stacks_count(); i++) {
        const struct virt_range stack = stacks_area(i).range;
        segments[count++] = segment_of(stack.first, stack.last + 1, ELF_PF_R | ELF_PF_W);
    }
    segments[count++] = segment_of_section(&image_sections[IMAGE_SECTIONS - 1]);
    return count;
}

static uint64_t table_allocate(void *context)
{
    const uint64_t phys = foreign_take(context, PAGE_BYTES, BOOT_MEMORY_LOADER, "a page table");
    memset(direct_map_at(phys), 0, PAGE_BYTES);
    return phys;
}

static uint64_t *table_at(void *context, uint64_t phys)
{
    (void)context;
    return direct_map_at(phys);
}

static void map(struct foreign_build *build, uint64_t virt, uint64_t phys, uint64_t bytes,
                unsigned access)
{
    const enum space_status status = page_table_map(&build->page_table, virt, phys, bytes, access);
    if (status != SPACE_OK)
        foreign_refuse("%llu bytes at 0x%llx cannot be mapped: the page %s",
                       (unsigned long long)bytes, (unsigned long long)virt,
                       space_status_words(status));
}

static void map_kernel(struct foreign_build *build)
{
    struct boot_segment segments[FOREIGN_SEGMENTS];
    const uint32_t count = foreign_segments(segments);
    for (uint32_t i = 0; i < count; i++) {
        const unsigned access = (segments[i].flags & ELF_PF_W ? PAGING_WRITE : 0) |
                                (segments[i].flags & ELF_PF_X ? PAGING_EXECUTE : 0);
        map(build, segments[i].virt, segments[i].phys, segments[i].bytes, access);
    }
}

static void map_memory(struct foreign_build *build)
{
    const struct direct_map_request request = {
        .map = &build->map,
        .framebuffer = direct_map_framebuffer(&build->video),
    };
    if (direct_map_build(&request, &build->page_table, &build->direct_map_last) != SPACE_OK)
        foreign_refuse("the direct map cannot be built");
}

void foreign_build_space(struct foreign_build *build)
{
    const struct page_table_port port = {
        .allocate = table_allocate,
        .at = table_at,
        .context = build,
    };
    const struct page_table_abilities abilities = {
        .no_execute = cpu_has("NX"),
        .pages_1g = cpu_has("1GB-PAGES"),
    };
    /* A framebuffer on memory of any use is none: the screen stays dark, the memory whole. */
    build->video = build->facts.video;
    if (build->video.kind == BOOT_VIDEO_FRAMEBUFFER &&
        !foreign_video_is_apart(&build->video, &build->map))
        build->video.kind = 0;
    const uint64_t stack =
        foreign_take(build, BOOT_STACK_BYTES, BOOT_MEMORY_LOADER, "the first stack");
    if (page_table_begin(&port, abilities, TABLE_LEVELS, &build->page_table) != SPACE_OK)
        foreign_refuse("page tables cannot be built");
    map_kernel(build);
    map(build, FOREIGN_STACK, stack, BOOT_STACK_BYTES, PAGING_WRITE);
    map_memory(build);
}

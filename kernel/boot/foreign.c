/* SPDX-License-Identifier: MIT
 *
 * The story of a boot by another loader: read what it tells, judge it, build the
 * same hand-off that our own loader makes, and go through the same door. Runs on
 * temporary page tables (foreign.asm): the first 4 GiB are where the direct map
 * will be, writable; nothing above can be touched.
 */
#include "kernel/boot/foreign.h"

#include <stdbool.h>

#include "boot/kernel_place.h"
#include "hw/pc_ports.h"
#include "hw/vga.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/vectors.h"
#include "kernel/boot/foreign_build.h"
#include "kernel/core/format.h"
#include "kernel/dev/debug_port.h"
#include "kernel/dev/screen.h"
#include "kernel/dev/serial.h"
#include "kernel/foreign/judge.h"
#include "kernel/foreign/multiboot2.h"
#include "kernel/foreign/pvh.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"

/* The kinds of loader; the same numbers are in foreign.asm. */
enum { FROM_OURS = 0, FROM_MULTIBOOT2 = 1, FROM_PVH = 2 };

#define RANGES_MAX   (2 * FOREIGN_MEMORY_MAX + 64) /* what marking can make of the entries */
#define TAKEN_FIRST  0x100000ULL
#define TAKEN_LAST   0xFFFFFFFFULL
#define KIB          1024
#define LOADER_BYTES (FOREIGN_NAME_BYTES + 16)
#define PAGE_MASK    ((uint64_t)PAGE_BYTES - 1)

NORETURN void foreign_main(uint32_t kind, uint32_t info_phys); /* for foreign.asm */
NORETURN void foreign_enter(uint64_t info_virt, uint64_t root_phys, uint64_t stack_end);

static char loader_name[LOADER_BYTES];

/* Text, until the loader says otherwise. */
static struct boot_video screen_known = { .kind = BOOT_VIDEO_TEXT,
                                          .width = VGA_TEXT_COLUMNS,
                                          .height = VGA_TEXT_ROWS,
                                          .phys = VGA_TEXT_PHYS };

const char *foreign_loader(void)
{
    return loader_name[0] == '\0' ? NULL : loader_name;
}

static struct phys_range kernel_pages(void)
{
    const uint64_t bytes = (uint64_t)(kernel_end - kernel_base);
    return (struct phys_range){ KERNEL_PHYS, (KERNEL_PHYS + bytes - 1) | PAGE_MASK };
}

/* The screen is begun only here: a boot that goes on does that at its own time. */
NORETURN void foreign_refuse(const char *format, ...)
{
    screen_begin(&screen_known);
    kprintf("coldstart: cannot start: ");
    va_list arguments;
    va_start(arguments, format);
    kprintf_list(format, arguments);
    va_end(arguments);
    kprintf("\n");
    serial_finish();
    cpu_halt();
}

/* For the readers: what the temporary tables map, less the kernel itself. */
static const uint8_t *readable(void *context, uint64_t phys, uint64_t bytes)
{
    const struct phys_range kernel = kernel_pages();
    (void)context;
    if (bytes == 0 || phys > TAKEN_LAST || bytes - 1 > TAKEN_LAST - phys ||
        (phys <= kernel.last && phys + (bytes - 1) >= kernel.first))
        return NULL;
    return direct_map_at(phys);
}

static void read_facts(uint32_t kind, uint32_t info_phys, struct foreign_facts *facts)
{
    const struct foreign_reader reader = { .at = readable };
    const char *wrong = kind == FROM_PVH ? pvh_read(&reader, info_phys, facts)
                                         : multiboot2_read(&reader, info_phys, facts);
    if (wrong != NULL)
        foreign_refuse("%s: %s", kind == FROM_PVH ? "PVH" : "Multiboot2", wrong);
    if (kind == FROM_PVH)
        format_string(loader_name, sizeof(loader_name), "a PVH loader");
    else
        format_string(loader_name, sizeof(loader_name), "%s (Multiboot2)",
                      facts->loader[0] != '\0' ? facts->loader : "a nameless loader");
    if (facts->video.kind == BOOT_VIDEO_FRAMEBUFFER)
        screen_known = facts->video;
}

static void judge_memory(struct foreign_build *build)
{
    static struct boot_memory_range ranges[RANGES_MAX];
    build->map = (struct memory_map){ .ranges = ranges, .capacity = ARRAY_COUNT(ranges) };
    const char *wrong = foreign_judge(&build->facts, kernel_pages(), &build->map);
    if (wrong != NULL)
        foreign_refuse("%s: %s", loader_name, wrong);
}

void foreign_mark(struct foreign_build *build, struct phys_range where, enum boot_memory_type type)
{
    if (memory_map_mark(&build->map, where, type) != BOOT_OK)
        foreign_refuse("the memory map has more than %u ranges", build->map.capacity);
}

uint64_t foreign_take(struct foreign_build *build, uint64_t bytes, enum boot_memory_type type,
                      const char *what)
{
    const struct phys_range window = { TAKEN_FIRST, TAKEN_LAST };
    const uint64_t pages = (bytes + PAGE_MASK) & ~PAGE_MASK;
    struct phys_range where;
    if (pages < bytes ||
        !memory_map_find(&build->map, BOOT_MEMORY_USABLE, window, pages, PAGE_BYTES, &where))
        foreign_refuse("too little memory: %s needs %llu KiB in one piece below 4 GiB", what,
                       (unsigned long long)(pages / KIB));
    foreign_mark(build, where, type);
    return where.first;
}

/* As our own loader leaves them. */
static void silence_interrupts(void)
{
    port_write8(PIC_SLAVE_MASK, PIC_MASK_ALL);
    port_write8(PIC_MASTER_MASK, PIC_MASK_ALL);
}

/*
 * For foreign.asm: the kernel makes its own hand-off. kind: who jumped; info_phys:
 * what it handed over, not trusted. Interrupts are off, and stay so.
 */
NORETURN void foreign_main(uint32_t kind, uint32_t info_phys)
{
    static struct foreign_build build;

    segments_begin();
    vectors_begin();
    debug_port_begin();
    serial_begin();
    silence_interrupts();
    read_facts(kind, info_phys, &build.facts);
    judge_memory(&build);
    foreign_settle_modules(&build);
    foreign_build_space(&build);
    const uint64_t info = foreign_build_info(&build);
    foreign_enter(BOOT_DIRECT_MAP_BASE + info, build.page_table.root_phys, FOREIGN_STACK_END);
}

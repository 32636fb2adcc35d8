/* SPDX-License-Identifier: MIT
 *
 * Tests of the kernel's own address space: how it is laid out, and that what is
 * mapped, unmapped and protected in it takes effect on this CPU at once. What
 * needs no CPU is in kernel/proof/proof_paging.c.
 */
#include "kernel/mm/space.h"

#include "hw/cpu.h"
#include "hw/vga.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/boot/boot.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/region.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/touch.h"

#define PAGE        ((uint64_t)PAGE_BYTES)
#define PLACE       0x0000444400000000 /* nobody maps there; a multiple of 1 GiB */
#define BLOG_PLACE  0x00000DEADBEAF000 /* the address that the blog's chapters fault at */
#define FAR_PLACE   0x00AB444400000000 /* no address of four levels */
#define BYTES_2M    ((uint64_t)PAGE << TABLE_SHIFT)
#define BYTES_1G    (BYTES_2M << TABLE_SHIFT)
#define ORDER_2M    TABLE_SHIFT
#define PATTERN     0x0123456789ABCDEF
#define FRESH_PAGES 1000

/* A frame with the pattern in its first word; 0 fails the test. */
static uint64_t take_frame(void)
{
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    if (CLAIM(phys != 0))
        *(uint64_t *)direct_map_at(phys) = PATTERN;
    return phys;
}

/* False fails the test: nothing is mapped. */
static bool map(uint64_t virt, uint64_t phys, uint64_t bytes, unsigned access)
{
    return CLAIM_EQUAL(space_map(space_kernel(), virt, phys, bytes, access), SPACE_OK);
}

static void unmap(uint64_t virt, uint64_t bytes)
{
    CLAIM_EQUAL(space_unmap(space_kernel(), virt, bytes), SPACE_OK);
}

/* A frame with the pattern at `virt`; 0 fails the test: no memory for it, and nothing is held. */
static uint64_t page_begin(uint64_t virt, unsigned access)
{
    const uint64_t phys = take_frame();
    if (phys == 0 || map(virt, phys, PAGE, access))
        return phys;
    frames_free(phys, 0);
    return 0;
}

static void page_end(uint64_t virt, uint64_t phys)
{
    unmap(virt, PAGE);
    frames_free(phys, 0);
}

static uint64_t word_at(uint64_t virt)
{
    return *(const volatile uint64_t *)virt;
}

SELFTEST(space_own_tables, "space.own-tables")
{
    const struct page_tables tables = page_tables_current();
    CLAIM_EQUAL(tables.root_phys, space_kernel()->tables.root_phys);
    CLAIM_EQUAL(tables.levels, space_kernel()->tables.levels);
    CLAIM(space_current() == space_kernel());
}

SELFTEST(space_levels, "space.five-levels-where-the-cpu-has-them")
{
    CLAIM_EQUAL(page_tables_current().levels, cpu_has("LA57") ? TABLE_LEVELS_57 : TABLE_LEVELS);
}

/* What the loader left behind is not even mapped; the lower half is empty. */
SELFTEST(space_loader_gone, "space.loader-is-gone")
{
    struct page_table_page page;
    CLAIM(page_table_next(&space_kernel()->tables, 0, &page));
    CLAIM(page.virt >= BOOT_DIRECT_MAP_BASE);
    CLAIM(page_table_next(&space_kernel()->tables, BOOT_HANDOFF_BASE, &page));
    CLAIM(page.virt > BOOT_HANDOFF_LAST);
    CLAIM(page.virt >= (uint64_t)kernel_base);
}

/* Every page of a section allows this and nothing else. */
static void claim_section(const char *first, const char *end, unsigned access)
{
    const unsigned ignored = cpu_no_execute_is_on() ? 0 : PAGING_EXECUTE;
    for (uint64_t at = (uint64_t)first; at < (uint64_t)end; at += PAGE) {
        struct page_table_page page = { .access = 0 };
        CLAIM(page_table_find(&space_kernel()->tables, at, &page));
        CLAIM_EQUAL(page.access | ignored, access | ignored);
    }
}

SELFTEST(space_sections, "space.sections")
{
    claim_section(kernel_text_first, kernel_text_end, PAGING_EXECUTE);
    claim_section(kernel_rodata_first, kernel_rodata_end, 0);
    claim_section(kernel_data_first, kernel_data_end, PAGING_WRITE);
    claim_section(kernel_symbols_first, kernel_symbols_end, 0);
}

/* Code and constants cannot be written through the direct map either. */
SELFTEST(space_image_alias, "space.image-alias")
{
    const char *const labels[] = { kernel_text_first, kernel_rodata_first, kernel_symbols_first };
    for (unsigned i = 0; i < ARRAY_COUNT(labels); i++) {
        uint64_t phys = 0;
        CLAIM(space_translate(space_kernel(), (uint64_t)labels[i], &phys));
        const uint64_t alias = (uint64_t)direct_map_at(phys);
        touch_claim(TOUCH_READ, alias);
        touch_claim_fault(TOUCH_WRITE, alias, PF_ERROR_P | PF_ERROR_W);
    }
}

SELFTEST(space_own_stack, "space.own-stack")
{
    const uint64_t here = (uint64_t)__builtin_frame_address(0);
    const struct virt_range stack = stacks_area(0).range;
    CLAIM(here >= stack.first && here <= stack.last);
    CLAIM(stack.first > REGION_FIRST && stack.last < REGION_LAST);
    touch_claim_fault(TOUCH_READ, stack.first - 1, 0);
    touch_claim_fault(TOUCH_READ, stack.last + 1, 0);
}

SELFTEST(space_global_pages, "space.global-pages")
{
    struct page_step steps[TABLE_LEVELS_57];
    const struct page_tables tables = page_tables_current();
    const unsigned count = page_walk_steps(&tables, (uint64_t)kernel_data_first, steps);
    CLAIM_EQUAL((cr4_read() & CR4_PGE) != 0, cpu_has("PGE"));
    if (CLAIM(count > 0))
        CLAIM_EQUAL((steps[count - 1].entry & PTE_G) != 0, cpu_has("PGE"));
}

SELFTEST(space_map_4k, "space.map-4-kib")
{
    const uint64_t phys = page_begin(PLACE, PAGING_WRITE);
    if (phys == 0)
        return;
    CLAIM_EQUAL(word_at(PLACE), PATTERN);
    touch_claim(TOUCH_WRITE, PLACE);
    CLAIM_EQUAL(*(const uint8_t *)direct_map_at(phys), TOUCH_BYTE);
    touch_claim_fault(TOUCH_READ, PLACE + PAGE, 0);
    page_end(PLACE, phys);
}

SELFTEST(space_map_2m, "space.map-2-mib")
{
    const uint64_t phys = frames_allocate(ORDER_2M, FRAMES_ANY);
    struct page_table_page page = { .bytes = 0 };
    if (phys == 0) {
        CLAIM_SKIP("no 2 MiB of memory in one piece");
        return;
    }
    if (map(PLACE, phys, BYTES_2M, PAGING_WRITE)) {
        CLAIM(page_table_find(&space_kernel()->tables, PLACE, &page));
        CLAIM_EQUAL(page.bytes, BYTES_2M);
        touch_claim(TOUCH_WRITE, PLACE + BYTES_2M - 1);
        CLAIM_EQUAL(*((const uint8_t *)direct_map_at(phys) + BYTES_2M - 1), TOUCH_BYTE);
        unmap(PLACE, BYTES_2M);
    }
    frames_free(phys, ORDER_2M);
}

/* The first GiB of memory once more, to read. */
SELFTEST(space_map_1g, "space.map-1-gib")
{
    if (!cpu_has("1GB-PAGES")) {
        CLAIM_SKIP("this CPU has no pages of 1 GiB");
        return;
    }
    const uint64_t phys = frames_allocate(0, FRAMES_BELOW_16M);
    struct page_table_page page = { .bytes = 0 };
    if (CLAIM(phys != 0) && map(PLACE, 0, BYTES_1G, 0)) {
        CLAIM(page_table_find(&space_kernel()->tables, PLACE, &page));
        CLAIM_EQUAL(page.bytes, BYTES_1G);
        *(uint64_t *)direct_map_at(phys) = PATTERN;
        CLAIM_EQUAL(word_at(PLACE + phys), PATTERN);
        unmap(PLACE, BYTES_1G);
    }
    frames_free(phys, 0);
}

/* The translation was in the TLB, and must not stay there. */
SELFTEST(space_unmap_faults, "space.unmap-takes-effect")
{
    const uint64_t phys = page_begin(PLACE, PAGING_WRITE);
    if (phys == 0)
        return;
    touch_claim(TOUCH_WRITE, PLACE);
    unmap(PLACE, PAGE);
    touch_claim_fault(TOUCH_WRITE, PLACE, PF_ERROR_W);
    touch_claim_fault(TOUCH_READ, PLACE, 0);
    frames_free(phys, 0);
}

SELFTEST(space_protect_faults, "space.protect-takes-effect")
{
    const uint64_t phys = page_begin(PLACE, PAGING_WRITE);
    if (phys == 0)
        return;
    touch_claim(TOUCH_WRITE, PLACE);
    CLAIM_EQUAL(space_protect(space_kernel(), PLACE, PAGE, 0), SPACE_OK);
    touch_claim_fault(TOUCH_WRITE, PLACE, PF_ERROR_P | PF_ERROR_W);
    touch_claim(TOUCH_READ, PLACE);
    CLAIM_EQUAL(space_protect(space_kernel(), PLACE, PAGE, PAGING_WRITE), SPACE_OK);
    touch_claim(TOUCH_WRITE, PLACE);
    page_end(PLACE, phys);
}

SELFTEST(space_execute, "space.execute-where-allowed")
{
    const uint64_t phys = page_begin(PLACE, PAGING_EXECUTE);
    if (phys == 0)
        return;
    *(uint8_t *)direct_map_at(phys) = RET_OPCODE;
    touch_claim(TOUCH_RUN, PLACE);
    CLAIM_EQUAL(space_protect(space_kernel(), PLACE, PAGE, 0), SPACE_OK);
    if (cpu_no_execute_is_on()) {
        touch_claim_fault(TOUCH_RUN, PLACE, PF_ERROR_P | PF_ERROR_I);
        touch_claim_fault(TOUCH_RUN, (uint64_t)direct_map_at(phys), PF_ERROR_P | PF_ERROR_I);
    }
    page_end(PLACE, phys);
}

/* The 2 MiB are at PLACE; in the end they are not. */
static void claim_split(uint64_t phys)
{
    const uint64_t middle = PLACE + BYTES_2M / 2;
    touch_claim(TOUCH_WRITE, middle);
    CLAIM_EQUAL(space_protect(space_kernel(), middle, PAGE, 0), SPACE_OK);
    touch_claim_fault(TOUCH_WRITE, middle, PF_ERROR_P | PF_ERROR_W);
    touch_claim(TOUCH_WRITE, middle - 1);
    touch_claim(TOUCH_WRITE, middle + PAGE);
    CLAIM_EQUAL(*((const uint8_t *)direct_map_at(phys) + BYTES_2M / 2 - 1), TOUCH_BYTE);
    unmap(middle, PAGE);
    touch_claim_fault(TOUCH_READ, middle, 0);
    touch_claim(TOUCH_READ, middle + PAGE);
    unmap(PLACE, BYTES_2M / 2);
    unmap(middle + PAGE, BYTES_2M / 2 - PAGE);
}

/* A page in the middle of a large one loses its right to be written; its neighbours do not. */
SELFTEST(space_split, "space.split")
{
    const uint64_t phys = frames_allocate(ORDER_2M, FRAMES_ANY);
    if (phys == 0) {
        CLAIM_SKIP("no 2 MiB of memory in one piece");
        return;
    }
    if (map(PLACE, phys, BYTES_2M, PAGING_WRITE))
        claim_split(phys);
    frames_free(phys, ORDER_2M);
}

/* The same frame at page after page from PLACE on, until there is no memory for it. */
static uint64_t map_again_and_again(uint64_t phys)
{
    uint64_t pages = 0;
    while (pages < FRESH_PAGES && map(PLACE + pages * PAGE, phys, PAGE, PAGING_WRITE))
        pages++;
    return pages;
}

/* More than are forgotten one by one. */
SELFTEST(space_many_pages, "space.many-pages")
{
    const uint64_t phys = take_frame();
    struct frames_account before, after;
    if (phys == 0)
        return;
    frames_account(&before);
    const uint64_t pages = map_again_and_again(phys);
    for (uint64_t i = 0; i < pages; i++)
        CLAIM_EQUAL(word_at(PLACE + i * PAGE), PATTERN);
    if (pages > 0)
        unmap(PLACE, pages * PAGE);
    touch_claim_fault(TOUCH_READ, PLACE, 0);
    touch_claim_fault(TOUCH_READ, PLACE + (FRESH_PAGES - 1) * PAGE, 0);
    frames_account(&after);
    CLAIM_EQUAL(after.free, before.free);
    frames_free(phys, 0);
}

SELFTEST(space_far_address, "space.far-address")
{
    if (page_tables_current().levels != TABLE_LEVELS_57) {
        CLAIM_EQUAL(space_map(space_kernel(), FAR_PLACE, 0, PAGE, 0), SPACE_E_ADDRESS);
        return;
    }
    const uint64_t phys = page_begin(FAR_PLACE, 0);
    if (phys == 0)
        return;
    CLAIM_EQUAL(word_at(FAR_PLACE), PATTERN);
    page_end(FAR_PLACE, phys);
}

SELFTEST(space_page_fault_address, "space.page-fault-address")
{
    touch_claim_fault(TOUCH_WRITE, BLOG_PLACE, PF_ERROR_W);
    touch_claim_fault(TOUCH_READ, BLOG_PLACE, 0);
    touch_claim_fault(TOUCH_RUN, BLOG_PLACE, cpu_no_execute_is_on() ? PF_ERROR_I : 0);
}

SELFTEST(space_code_is_read_only, "space.code-is-read-only")
{
    const uint64_t code = (uint64_t)space_begin;
    touch_claim(TOUCH_READ, code);
    touch_claim_fault(TOUCH_WRITE, code, PF_ERROR_P | PF_ERROR_W);
}

/* A page that was free shows the text screen; what is written there is on it. */
SELFTEST(space_vga, "space.vga-page")
{
    static const char text[] = "New!";
    const unsigned cell = 10 * VGA_TEXT_COLUMNS; /* the row that is written */
    const unsigned white = 0xF << VGA_COLOUR_SHIFT;
    uint16_t kept[sizeof(text) - 1];
    if (boot_info_get()->video.kind != BOOT_VIDEO_TEXT) {
        CLAIM_SKIP("the screen shows no text mode");
        return;
    }
    if (!map(BLOG_PLACE, VGA_TEXT_PHYS, PAGE, PAGING_WRITE | PAGING_DEVICE))
        return;
    volatile uint16_t *mapped = (volatile uint16_t *)BLOG_PLACE;
    const volatile uint16_t *screen = direct_map_at(VGA_TEXT_PHYS);
    for (unsigned i = 0; i < ARRAY_COUNT(kept); i++) {
        kept[i] = screen[cell + i];
        mapped[cell + i] = (uint16_t)(white | (uint8_t)text[i]);
    }
    for (unsigned i = 0; i < ARRAY_COUNT(kept); i++) {
        CLAIM_EQUAL(screen[cell + i], white | (uint8_t)text[i]);
        mapped[cell + i] = kept[i];
    }
    unmap(BLOG_PLACE, PAGE);
    touch_claim_fault(TOUCH_WRITE, BLOG_PLACE, PF_ERROR_W);
}

SELFTEST(space_translate_known, "space.translate")
{
    const struct boot_segment *text = boot_segments();
    uint64_t phys = 0;
    CLAIM(space_translate(space_kernel(), (uint64_t)direct_map_at(VGA_TEXT_PHYS), &phys));
    CLAIM_EQUAL(phys, VGA_TEXT_PHYS);
    CLAIM(space_translate(space_kernel(), text->virt + 1, &phys));
    CLAIM_EQUAL(phys, text->phys + 1);
    volatile uint64_t local = PATTERN;
    CLAIM(space_translate(space_kernel(), (uint64_t)&local, &phys));
    CLAIM_EQUAL(*(const uint64_t *)direct_map_at(phys), local);
    CLAIM(!space_translate(space_kernel(), 0, &phys));
    CLAIM(!space_translate(space_kernel(), BLOG_PLACE, &phys));
    CLAIM(!space_translate(space_kernel(), 0x0100000000000000, &phys)); /* not canonical */
}

/* The tables as the CPU sees them and as the editor does: the same answer everywhere. */
SELFTEST(space_same_as_walk, "space.same-as-the-walk")
{
    const struct page_tables tables = page_tables_current();
    struct page_table_page page;
    uint64_t from = 0;
    unsigned differences = 0;
    while (page_table_next(&space_kernel()->tables, from, &page)) {
        struct page_mapping mapping = { .bytes = 0 };
        if (!page_walk_find(&tables, page.virt, &mapping) || mapping.phys != page.phys ||
            mapping.bytes != page.bytes ||
            mapping.writable != ((page.access & PAGING_WRITE) != 0) ||
            mapping.executable != ((page.access & PAGING_EXECUTE) != 0))
            differences++;
        from = page.virt + page.bytes;
        if (from == 0)
            break;
    }
    CLAIM_EQUAL(differences, 0);
}

/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the direct map: random memory maps, the tables walked, and each
 * page compared with a rule written a second time, page by page.
 */
#include "base/compiler.h"
#include "boot/boot_info.h"
#include "cmocka_all.h"
#include "hw/paging.h"
#include "kernel/core/direct_map.h"
#include "page_walk.h"
#include "random.h"

#define PAGES_MAX  20000
#define RANGES_MAX 24
#define ROUNDS     200
#define MIB        0x100000ULL
#define GIB        0x40000000ULL

enum expected { NOT_THERE, READ_ONLY, WRITABLE };

static struct walk_page pages[PAGES_MAX];
static struct boot_memory_range ranges[RANGES_MAX];
static struct memory_map map = { ranges, 0, RANGES_MAX };

static void add(uint64_t first, uint64_t last, uint32_t type)
{
    ranges[map.count++] = (struct boot_memory_range){ first, last, type, 0 };
}

/* The rule of the hand-off, for one byte. */
static enum expected rule(const struct direct_map_request *request, uint64_t phys)
{
    const struct phys_range fb = request->framebuffer;
    if (fb.first <= fb.last && phys >= fb.first && phys <= fb.last)
        return WRITABLE;
    if (phys >= 0xA0000 && phys < 0xC0000)
        return WRITABLE;
    for (uint32_t i = 0; i < map.count; i++) {
        if (phys < ranges[i].first || phys > ranges[i].last)
            continue;
        if (ranges[i].type <= BOOT_MEMORY_ACPI_NVS)
            return WRITABLE;
        if (ranges[i].type == BOOT_MEMORY_RESERVED && phys < 4 * GIB)
            return READ_ONLY;
        break;
    }
    return phys < MIB ? READ_ONLY : NOT_THERE;
}

/* Build, walk, and ask the rule at every page, and at every edge of a range. */
static void check(const struct direct_map_request *request)
{
    const struct page_table_abilities abilities = { .no_execute = true, .pages_1g = true };
    struct walk_memory memory;
    struct page_table table;
    uint64_t last = 0;
    size_t found;

    const struct page_table_port port = walk_port(&memory);
    assert_int_equal(page_table_begin(&port, abilities, TABLE_LEVELS, &table), SPACE_OK);
    assert_int_equal(direct_map_build(request, &table, &last), SPACE_OK);
    found = walk_list(&memory, table.root_phys, pages, PAGES_MAX);
    walk_free(&memory);

    uint64_t shown = 0;
    for (size_t i = 0; i < found; i++) {
        const enum expected expected = (pages[i].bits & PTE_RW) ? WRITABLE : READ_ONLY;
        assert_int_equal(pages[i].virt - BOOT_DIRECT_MAP_BASE, pages[i].phys);
        assert_true(pages[i].bits & PTE_XD);
        assert_int_equal(rule(request, pages[i].phys), expected);
        assert_int_equal(rule(request, pages[i].phys + pages[i].bytes - 1), expected);
        assert_int_equal(rule(request, pages[i].phys + pages[i].bytes / 2), expected);
        shown += pages[i].bytes;
    }
    assert_int_equal(pages[found - 1].phys + pages[found - 1].bytes - 1, last);

    uint64_t wanted = MIB;
    for (uint32_t i = 0; i < map.count; i++) {
        if (ranges[i].first < MIB || rule(request, ranges[i].first) == NOT_THERE)
            continue;
        wanted += ranges[i].last - ranges[i].first + 1;
    }
    assert_int_equal(shown, wanted);
}

static const struct phys_range nowhere = { 1, 0 };

static void shows_random_maps(void **state)
{
    (void)state;
    struct random random = { 7 };

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t at = 0;
        map.count = 0;
        while (map.count < RANGES_MAX && at < 6 * GIB) {
            static const uint64_t units[] = { PAGE_BYTES, 2 * MIB, GIB / 4 };
            const uint64_t unit = units[random_below(&random, map.count < 4 ? 1 : 3)];
            const uint64_t first = at + (random_below(&random, 3) == 0 ? unit : 0);
            uint64_t last = first + unit * (1 + random_below(&random, 40)) - 1;
            /* The edges inside the rule: a range on both sides would be shown in part. */
            if (first < MIB && last >= MIB)
                last = MIB - 1;
            if (first < 4 * GIB && last >= 4 * GIB)
                last = 4 * GIB - 1;
            add(first, last, (uint32_t)(1 + random_below(&random, 8)));
            at = last + 1;
        }
        check(&(struct direct_map_request){ &map, nowhere });
    }
}

static void joins_kinds_of_ram(void **state)
{
    (void)state;
    struct direct_map_run run;
    map.count = 0;
    add(MIB, 8 * MIB - 1, BOOT_MEMORY_USABLE);
    add(8 * MIB, 9 * MIB - 1, BOOT_MEMORY_KERNEL);
    add(9 * MIB, GIB - 1, BOOT_MEMORY_ACPI_RECLAIMABLE);
    const struct direct_map_request request = { &map, nowhere };
    assert_true(direct_map_next(&request, MIB, &run));
    assert_int_equal(run.range.first, MIB);
    assert_int_equal(run.range.last, GIB - 1);
    assert_int_equal(run.access, PAGING_WRITE);
    assert_false(direct_map_next(&request, GIB, &run));
}

static void shows_the_first_mib_of_an_empty_map(void **state)
{
    (void)state;
    map.count = 0;
    check(&(struct direct_map_request){ &map, nowhere });
}

static void shows_a_framebuffer(void **state)
{
    (void)state;
    map.count = 0;
    add(0, 0x9FFFF, BOOT_MEMORY_USABLE);
    add(MIB, GIB - 1, BOOT_MEMORY_USABLE);
    struct direct_map_request request = { &map, { 3 * GIB, 3 * GIB + 3 * MIB - 1 } };
    struct direct_map_run run;
    assert_true(direct_map_next(&request, GIB, &run));
    assert_int_equal(run.range.first, 3 * GIB);
    assert_int_equal(run.range.last, 3 * GIB + 3 * MIB - 1);
    assert_int_equal(run.access, PAGING_WRITE);

    /* Inside memory that the firmware calls reserved. */
    add(3 * GIB - MIB, 3 * GIB + 16 * MIB - 1, BOOT_MEMORY_RESERVED);
    assert_true(direct_map_next(&request, GIB, &run));
    assert_int_equal(run.range.last, 3 * GIB - 1);
    assert_int_equal(run.access, 0);
    assert_true(direct_map_next(&request, 3 * GIB, &run));
    assert_int_equal(run.range.last, 3 * GIB + 3 * MIB - 1);
    assert_int_equal(run.access, PAGING_WRITE);
    assert_true(direct_map_next(&request, run.range.last + 1, &run));
    assert_int_equal(run.range.last, 3 * GIB + 16 * MIB - 1);
    assert_int_equal(run.access, 0);
}

static void takes_the_pages_of_a_framebuffer(void **state)
{
    (void)state;
    struct boot_video video = { .phys = 3 * GIB + 0x800, .pitch = 3000, .height = 1000 };
    video.kind = BOOT_VIDEO_FRAMEBUFFER;
    const struct phys_range range = direct_map_framebuffer(&video);
    assert_int_equal(range.first, 3 * GIB);
    assert_int_equal(range.last, 3 * GIB + 0x2DCFFF); /* the last byte: + 2DCEBFh */
    video.kind = BOOT_VIDEO_TEXT;
    const struct phys_range none = direct_map_framebuffer(&video);
    assert_true(none.first > none.last);
}

/* What is reserved is shown below 4 GiB only, even when one range lies on both sides. */
static void cuts_at_its_limits(void **state)
{
    (void)state;
    struct direct_map_run run;
    map.count = 0;
    add(4 * GIB - MIB, 4 * GIB + MIB - 1, BOOT_MEMORY_RESERVED);
    const struct direct_map_request request = { &map, nowhere };
    assert_true(direct_map_next(&request, MIB, &run));
    assert_int_equal(run.range.first, 4 * GIB - MIB);
    assert_int_equal(run.range.last, 4 * GIB - 1);
    assert_false(direct_map_next(&request, 4 * GIB, &run));
}

/* A reserved range up to the top, and RAM beyond the direct map's room. */
static void survives_the_top_of_memory(void **state)
{
    (void)state;
    const uint64_t room = BOOT_DIRECT_MAP_LAST - BOOT_DIRECT_MAP_BASE;
    struct direct_map_run run;
    map.count = 0;
    add(room - MIB + 1, room + MIB, BOOT_MEMORY_USABLE);
    add(room + MIB + 1, UINT64_MAX, BOOT_MEMORY_RESERVED);
    const struct direct_map_request request = { &map, nowhere };
    assert_true(direct_map_next(&request, MIB, &run));
    assert_int_equal(run.range.first, room - MIB + 1);
    assert_int_equal(run.range.last, room);
    assert_false(direct_map_next(&request, room + 1, &run));
    assert_false(direct_map_next(&request, UINT64_MAX, &run));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_random_maps),
        cmocka_unit_test(joins_kinds_of_ram),
        cmocka_unit_test(shows_the_first_mib_of_an_empty_map),
        cmocka_unit_test(shows_a_framebuffer),
        cmocka_unit_test(takes_the_pages_of_a_framebuffer),
        cmocka_unit_test(cuts_at_its_limits),
        cmocka_unit_test(survives_the_top_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

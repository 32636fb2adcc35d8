/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the judge of another loader's memory map: who wins where entries
 * overlap, and what the kernel and the modules may not lie on.
 */
#include <string.h>

#include "cmocka_all.h"
#include "hw/e820.h"
#include "kernel/foreign/judge.h"
#include "random.h"

#define RANGES_MAX  64
#define RANDOM_RUNS 20000

static const struct phys_range kernel = { 0x200000, 0x257FFF };
static struct foreign_facts facts;
static struct boot_memory_range ranges[RANGES_MAX];
static struct memory_map map;

static void add(uint64_t base, uint64_t length, uint32_t type)
{
    facts.memory[facts.memory_count++] =
        (struct foreign_memory){ .base = base, .length = length, .type = type };
}

static void add_module(uint64_t phys, uint64_t bytes)
{
    facts.modules[facts.module_count++] = (struct foreign_module){ .phys = phys, .bytes = bytes };
}

static int set_up(void **state)
{
    (void)state;
    facts = (struct foreign_facts){ .memory_count = 0 };
    add(0, 0x9FC00, E820_TYPE_USABLE);
    add(0x100000, 0x7F00000, E820_TYPE_USABLE);
    return 0;
}

static const char *judge(void)
{
    map = (struct memory_map){ .ranges = ranges, .capacity = RANGES_MAX };
    return foreign_judge(&facts, kernel, &map);
}

static uint32_t type_at(uint64_t phys)
{
    enum boot_memory_type type;
    return memory_map_type_at(&map, phys, &type) ? type : 0;
}

static void assert_says(const char *wrong, const char *part)
{
    assert_non_null(wrong);
    if (strstr(wrong, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", wrong, part);
}

static void maps_kernel_and_modules(void **state)
{
    (void)state;
    add(0xFEC00000, 0x1000, E820_TYPE_RESERVED);
    add(0x1000, 0, E820_TYPE_UNUSABLE);
    add_module(0x300000, 5000);
    add_module(0x400123, 1);
    add_module(0x500000, 0);
    assert_null(judge());
    assert_int_equal(type_at(0), BOOT_MEMORY_RESERVED);
    assert_int_equal(type_at(0x1000), BOOT_MEMORY_USABLE);
    assert_int_equal(type_at(0x9F000), 0); /* not all of the page is RAM */
    assert_int_equal(type_at(0x200000), BOOT_MEMORY_KERNEL);
    assert_int_equal(type_at(0x258000), BOOT_MEMORY_USABLE);
    assert_int_equal(type_at(0x301FFF), BOOT_MEMORY_MODULE);
    assert_int_equal(type_at(0x302000), BOOT_MEMORY_USABLE);
    assert_int_equal(type_at(0x400000), BOOT_MEMORY_MODULE);
    assert_int_equal(type_at(0x500000), BOOT_MEMORY_USABLE);
    assert_int_equal(type_at(0xFEC00FFF), BOOT_MEMORY_RESERVED);
}

/* In any order: what is less free wins. */
static void higher_types_win(void **state)
{
    (void)state;
    facts.memory_count = 0;
    add(0x700000, 0x1000, E820_TYPE_UNUSABLE);
    add(0x600000, 0x200000, 99);
    add(0x500000, 0x200000, E820_TYPE_NVS);
    add(0x400000, 0x200000, E820_TYPE_ACPI);
    add(0x100000, 0x7F00000, E820_TYPE_USABLE);
    assert_null(judge());
    assert_int_equal(type_at(0x400000), BOOT_MEMORY_ACPI_RECLAIMABLE);
    assert_int_equal(type_at(0x500000), BOOT_MEMORY_ACPI_NVS);
    assert_int_equal(type_at(0x600000), BOOT_MEMORY_RESERVED);
    assert_int_equal(type_at(0x700000), BOOT_MEMORY_BAD);
    assert_int_equal(type_at(0x701000), BOOT_MEMORY_RESERVED);
}

static void a_range_may_wrap(void **state)
{
    (void)state;
    add(UINT64_MAX - 0xFFF, UINT64_MAX, E820_TYPE_RESERVED);
    assert_null(judge());
    assert_int_equal(type_at(UINT64_MAX), BOOT_MEMORY_RESERVED);
    assert_int_equal(type_at(0x1000), BOOT_MEMORY_USABLE);
}

static void refuses_what_lies_badly(void **state)
{
    (void)state;
    static const struct {
        uint64_t phys, bytes;
        const char *says;
    } bad[] = {
        { 0x257000, 1, "no free memory, or in the kernel" },
        { 0x1FF000, 0x2000, "no free memory" },
        { 0x9F000, 1, "no free memory" },
        { 0x7FFF000, 0x1001, "no free memory" },
        { 0, 1, "no free memory" },
        { 0x300FFF, 1, "another module" },
        { 0xFFFFF000, 0x1001, "below 4 GiB" },
        { 0x100000000, 1, "below 4 GiB" },
        { UINT64_MAX, UINT64_MAX, "below 4 GiB" },
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        set_up(NULL);
        add_module(0x300000, 1);
        add_module(bad[i].phys, bad[i].bytes);
        assert_says(judge(), bad[i].says);
    }
    set_up(NULL);
    add(0x210000, 1, E820_TYPE_RESERVED);
    assert_says(judge(), "the kernel lies");
    facts.memory_count = 0;
    assert_says(judge(), "the kernel lies");
}

static void refuses_more_ranges_than_fit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RANGES_MAX; i++)
        add(0x1000000 + 0x2000ULL * i, 1, E820_TYPE_RESERVED);
    assert_says(judge(), "more ranges");
}

static void keeps_screens_off_memory(void **state)
{
    (void)state;
    struct boot_video video = { .phys = 0xFD000000, .pitch = 4096, .height = 768 };
    assert_null(judge());
    assert_true(foreign_video_is_apart(&video, &map));
    video.phys = 0x7FFF000;
    assert_false(foreign_video_is_apart(&video, &map));
    video.phys = 0xFFFFFFFFFFFFF000;
    assert_true(foreign_video_is_apart(&video, &map));
    video.height = 0;
    assert_false(foreign_video_is_apart(&video, &map));
}

/* Whatever the entries are: a page is RAM only if no entry says otherwise of it. */
static void nothing_else_becomes_ram(void **state)
{
    (void)state;
    struct random random = { 7 };
    for (unsigned run = 0; run < RANDOM_RUNS; run++) {
        set_up(NULL);
        for (uint64_t i = random_below(&random, 8); i > 0; i--)
            add(random_below(&random, 0x100000), random_below(&random, 0x40000),
                (uint32_t)random_below(&random, 7));
        if (judge() != NULL)
            continue;
        for (uint32_t i = 0; i < facts.memory_count; i++) {
            const struct foreign_memory *memory = &facts.memory[i];
            if (memory->type == E820_TYPE_USABLE || memory->length == 0)
                continue;
            assert_int_not_equal(type_at(memory->base), BOOT_MEMORY_USABLE);
            assert_int_not_equal(type_at(memory->base + memory->length - 1), BOOT_MEMORY_USABLE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(maps_kernel_and_modules, set_up),
        cmocka_unit_test_setup(higher_types_win, set_up),
        cmocka_unit_test_setup(a_range_may_wrap, set_up),
        cmocka_unit_test_setup(refuses_what_lies_badly, set_up),
        cmocka_unit_test_setup(refuses_more_ranges_than_fit, set_up),
        cmocka_unit_test_setup(keeps_screens_off_memory, set_up),
        cmocka_unit_test_setup(nothing_else_becomes_ram, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

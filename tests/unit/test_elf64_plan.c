/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the ELF64 judge: a kernel that is right, and each rule broken
 * in turn, with the status and the number that must be named.
 */
#include <string.h>

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "hw/paging.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/elf64_builder.h"

#define BASE       0xFFFFFFFF80000000
#define LARGE_PAGE 0x200000
#define RX         (ELF_PF_R | ELF_PF_X)
#define RW         (ELF_PF_R | ELF_PF_W)

static struct elf64_builder elf;

/* Three segments, as a linker lays a kernel out. */
static int set_up(void **state)
{
    (void)state;
    elf64_builder_make(&elf, ELF_ET_EXEC, BASE + 0x1234);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, BASE + 0x1000, 0x1800, 0x1800);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R, BASE + 0x3010, 0x20, 0x20);
    elf64_builder_add(&elf, ELF_PT_LOAD, RW, BASE + 0x4000, 0x10, 0x5000);
    return 0;
}

/* Judge; a failure must name a number and leave the plan alone. */
static enum boot_status verdict(struct elf64_problem *problem)
{
    struct elf64_plan plan = { .segment_count = 4711 };
    *problem = (struct elf64_problem){ .what = NULL };
    const enum boot_status status = elf64_builder_plan(&elf, &plan, problem);
    if (status != BOOT_OK)
        assert_int_equal(plan.segment_count, 4711);
    else
        assert_null(problem->what);
    return status;
}

static void expect(enum boot_status expected)
{
    struct elf64_problem problem;
    assert_int_equal(verdict(&problem), expected);
}

static void expect_header(enum boot_status expected, uint64_t index)
{
    struct elf64_problem problem;
    assert_int_equal(verdict(&problem), expected);
    assert_string_equal(problem.what, "program header");
    assert_int_equal(problem.index, index);
}

static void plans_a_kernel(void **state)
{
    (void)state;
    struct elf64_plan plan;
    struct elf64_problem problem;
    assert_int_equal(elf64_builder_plan(&elf, &plan, &problem), BOOT_OK);
    assert_int_equal(plan.entry, BASE + 0x1234);
    assert_int_equal(plan.slide, 0);
    assert_int_equal(plan.dynamic_bytes, 0);
    assert_int_equal(plan.alignment, PAGE_BYTES);
    assert_false(plan.is_dynamic);
    assert_int_equal(plan.pages.first, BASE + 0x1000);
    assert_int_equal(plan.pages.last, BASE + 0x8FFF);
    assert_int_equal(plan.segment_count, 3);
    assert_int_equal(plan.segments[0].page_bytes, 0x2000);
    assert_int_equal(plan.segments[1].virt, BASE + 0x3010);
    assert_int_equal(plan.segments[1].page_virt, BASE + 0x3000);
    assert_int_equal(plan.segments[1].page_bytes, 0x1000);
    assert_int_equal(plan.segments[1].file_offset, 0x1010);
    assert_int_equal(plan.segments[2].file_bytes, 0x10);
    assert_int_equal(plan.segments[2].memory_bytes, 0x5000);
    assert_int_equal(plan.segments[2].flags, RW);
    assert_int_equal(plan.segments[2].header, 2);
}

static void refuses_foreign_headers(void **state)
{
    (void)state;
    static const struct {
        uint16_t offset;
        uint8_t value;
        enum boot_status expected;
    } cases[] = {
        { 0, 0x7E, BOOT_E_NOT_ELF },     { 3, 'f', BOOT_E_NOT_ELF },
        { 4, 1, BOOT_E_ELF_CLASS },      { 4, 0, BOOT_E_ELF_HEADER },
        { 4, 3, BOOT_E_ELF_HEADER },     { 5, 2, BOOT_E_ELF_MACHINE },
        { 6, 0, BOOT_E_ELF_HEADER },     { 20, 2, BOOT_E_ELF_HEADER },
        { 18, 183, BOOT_E_ELF_MACHINE }, { 19, 1, BOOT_E_ELF_MACHINE },
        { 16, 1, BOOT_E_ELF_TYPE },      { 16, 4, BOOT_E_ELF_TYPE },
        { 17, 0xFE, BOOT_E_ELF_TYPE },   { 52, 52, BOOT_E_ELF_HEADER },
        { 54, 32, BOOT_E_ELF_HEADER },   { 56, 0, BOOT_E_ELF_NO_LOAD },
        { 56, 129, BOOT_E_ELF_HEADER },  { 57, 0xFF, BOOT_E_ELF_HEADER },
        { 32, 63, BOOT_E_ELF_HEADER },   { 39, 0xFF, BOOT_E_TRUNCATED },
        { 34, 0x10, BOOT_E_TRUNCATED },  { 7, 9, BOOT_OK }, /* any OS's ABI */
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        set_up(NULL);
        ((uint8_t *)&elf.header)[cases[i].offset] = cases[i].value;
        struct elf64_problem problem;
        const enum boot_status status = verdict(&problem);
        if (status != cases[i].expected)
            fail_msg("byte %u = %u: status %02x", cases[i].offset, cases[i].value, status);
    }
}

static void refuses_short_files(void **state)
{
    (void)state;
    struct elf64_header_plan plan = { .program_count = 4711 };
    const uint8_t *header = (const uint8_t *)&elf.header;
    const uint64_t headers = sizeof(elf.header) + 3 * sizeof(elf.program[0]);
    assert_int_equal(elf64_parse_header(header, 0, &plan), BOOT_E_NOT_ELF);
    assert_int_equal(elf64_parse_header(header, 3, &plan), BOOT_E_NOT_ELF);
    assert_int_equal(elf64_parse_header(header, 4, &plan), BOOT_E_TRUNCATED);
    assert_int_equal(elf64_parse_header(header, 63, &plan), BOOT_E_TRUNCATED);
    assert_int_equal(elf64_parse_header(header, 64, &plan), BOOT_E_TRUNCATED);
    assert_int_equal(elf64_parse_header(header, headers - 1, &plan), BOOT_E_TRUNCATED);
    assert_int_equal(plan.program_count, 4711);
    assert_int_equal(elf64_parse_header(header, headers, &plan), BOOT_OK);
    assert_int_equal(plan.program_count, 3);
}

static void refuses_file_bytes_that_are_not_there(void **state)
{
    (void)state;
    elf.file_bytes = 0x2800; /* just enough for the first segment */
    expect(BOOT_OK);
    elf.file_bytes--;
    expect_header(BOOT_E_TRUNCATED, 0);
    set_up(NULL);
    ELF64_PUT(elf.program[2].offset, 0xFFFFFFFFFFFFF000);
    expect_header(BOOT_E_TRUNCATED, 2);
    set_up(NULL);
    ELF64_PUT(elf.program[1].file_bytes, 0x21);
    expect_header(BOOT_E_ELF_SEGMENT, 1);
    set_up(NULL);
    ELF64_PUT(elf.program[1].memory_bytes, 0);
    expect_header(BOOT_E_ELF_SEGMENT, 1);
}

static void judges_alignment(void **state)
{
    (void)state;
    static const struct {
        uint64_t alignment;
        enum boot_status expected;
    } cases[] = {
        { 0, BOOT_OK },
        { 1, BOOT_OK },
        { 2, BOOT_OK },
        { PAGE_BYTES, BOOT_OK },
        { 3, BOOT_E_ELF_SEGMENT },
        { 0x1800, BOOT_E_ELF_SEGMENT },
        { 0x2000, BOOT_E_ELF_SEGMENT }, /* address and offset differ modulo that */
        { 1ULL << 63, BOOT_E_ELF_SEGMENT },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        set_up(NULL);
        ELF64_PUT(elf.program[2].alignment, cases[i].alignment);
        struct elf64_problem problem;
        assert_int_equal(verdict(&problem), cases[i].expected);
    }
    set_up(NULL);
    ELF64_PUT(elf.program[2].offset, 0x1008);
    expect_header(BOOT_E_ELF_SEGMENT, 2);
}

static void refuses_shared_pages(void **state)
{
    (void)state;
    ELF64_PUT(elf.program[0].memory_bytes, 0x2001); /* into the page of the second */
    expect_header(BOOT_E_ELF_OVERLAP, 1);
    ELF64_PUT(elf.program[0].memory_bytes, 0x2000);
    expect(BOOT_OK);
    /* Order does not matter, nor does one within the other. */
    set_up(NULL);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R, BASE + 0x6000, 1, 1);
    expect_header(BOOT_E_ELF_OVERLAP, 3);
    set_up(NULL);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R, BASE, 1, 0x100000);
    expect_header(BOOT_E_ELF_OVERLAP, 3);
}

static void refuses_write_and_execute(void **state)
{
    (void)state;
    ELF64_PUT(elf.program[2].flags, RW | ELF_PF_X);
    expect_header(BOOT_E_ELF_W_X, 2);
    ELF64_PUT(elf.program[2].flags, ELF_PF_W | ELF_PF_X);
    expect_header(BOOT_E_ELF_W_X, 2);
}

static void refuses_forbidden_addresses(void **state)
{
    (void)state;
    static const struct {
        uint64_t virt, bytes;
        enum boot_status expected;
    } cases[] = {
        { 0, 0x1000, BOOT_E_ELF_ADDRESS },
        { 0xFFF, 1, BOOT_E_ELF_ADDRESS },
        { 0x1000, 1, BOOT_OK },
        { 0x7FFFFFFFF000, 0x1000, BOOT_OK },
        { 0x7FFFFFFFF000, 0x1001, BOOT_E_ELF_ADDRESS },
        { 0x800000000000, 1, BOOT_E_ELF_ADDRESS },
        { 0xFFFF7FFFFFFFF000, 1, BOOT_E_ELF_ADDRESS },
        { BOOT_DIRECT_MAP_BASE, 1, BOOT_E_ELF_ADDRESS },
        { BOOT_DIRECT_MAP_LAST, 1, BOOT_E_ELF_ADDRESS },
        { BOOT_DIRECT_MAP_LAST - 0xFFF, 0x2000, BOOT_E_ELF_ADDRESS },
        { BOOT_DIRECT_MAP_LAST + 1, 1, BOOT_OK },
        { BOOT_HANDOFF_BASE - 0x1000, 0x1000, BOOT_OK },
        { BOOT_HANDOFF_BASE - 0x1000, 0x1001, BOOT_E_ELF_ADDRESS },
        { BOOT_HANDOFF_BASE, 1, BOOT_E_ELF_ADDRESS },
        { BOOT_HANDOFF_LAST, 1, BOOT_E_ELF_ADDRESS },
        { BOOT_HANDOFF_LAST + 1, 1, BOOT_OK },
        { 0xFFFFFFFFFFFFF000, 0x1000, BOOT_OK },
        { 0xFFFFFFFFFFFFFFFF, 1, BOOT_OK },
        { 0xFFFFFFFFFFFFFFFF, 2, BOOT_E_ELF_ADDRESS },
        { 0xFFFFFFFFFFFFF000, 0x1001, BOOT_E_ELF_ADDRESS },
        { 0x1000, UINT64_MAX, BOOT_E_ELF_ADDRESS },
        { 0, UINT64_MAX, BOOT_E_ELF_ADDRESS },
        { BASE + 0x100000, UINT64_MAX - BASE - 0x100000 + 1, BOOT_OK },
        { BASE + 0x100000, UINT64_MAX - BASE - 0x100000 + 2, BOOT_E_ELF_ADDRESS },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        set_up(NULL);
        elf64_builder_add(&elf, ELF_PT_LOAD, RW, cases[i].virt, 0, cases[i].bytes);
        struct elf64_problem problem;
        const enum boot_status status = verdict(&problem);
        if (status != cases[i].expected)
            fail_msg("%llx + %llx: status %02x", (unsigned long long)cases[i].virt,
                     (unsigned long long)cases[i].bytes, status);
        if (status != BOOT_OK)
            assert_int_equal(problem.index, 3);
    }
}

static void wants_the_entry_in_code(void **state)
{
    (void)state;
    static const struct {
        uint64_t entry;
        enum boot_status expected;
    } cases[] = {
        { BASE + 0x0FFF, BOOT_E_ELF_ENTRY },
        { BASE + 0x1000, BOOT_OK },
        { BASE + 0x27FF, BOOT_OK },
        { BASE + 0x2800, BOOT_E_ELF_ENTRY },
        { BASE + 0x3010, BOOT_E_ELF_ENTRY },
        { BASE + 0x4000, BOOT_E_ELF_ENTRY },
        { 0, BOOT_E_ELF_ENTRY },
        { UINT64_MAX, BOOT_E_ELF_ENTRY },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ELF64_PUT(elf.header.entry, cases[i].entry);
        expect(cases[i].expected);
    }
}

static void ignores_what_does_not_concern_it(void **state)
{
    (void)state;
    static const uint32_t types[] = { 0, 4, 6, 7, 0x6474E550, 0x6474E551, 0x6474E552, 0x6474E553 };
    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        elf64_builder_add(&elf, types[i], 7, 0, UINT64_MAX, 1);
    elf64_builder_add(&elf, ELF_PT_LOAD, 7, 0, 0, 0); /* a segment of nothing */
    struct elf64_plan plan;
    struct elf64_problem problem;
    assert_int_equal(elf64_builder_plan(&elf, &plan, &problem), BOOT_OK);
    assert_int_equal(plan.segment_count, 3);
}

static void wants_something_to_load(void **state)
{
    (void)state;
    elf64_builder_make(&elf, ELF_ET_EXEC, BASE);
    elf64_builder_add(&elf, 4, 4, 0, 0, 0);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, BASE, 0, 0);
    expect(BOOT_E_ELF_NO_LOAD);
}

static void has_room_for_so_many_segments(void **state)
{
    (void)state;
    elf64_builder_make(&elf, ELF_ET_EXEC, BASE);
    for (unsigned i = 0; i < ELF64_MAX_SEGMENTS; i++)
        elf64_builder_add(&elf, ELF_PT_LOAD, RX, BASE + i * PAGE_BYTES, 1, PAGE_BYTES);
    expect(BOOT_OK);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, BASE + 0x100000, 1, 1);
    expect_header(BOOT_E_ELF_SEGMENT, ELF64_MAX_SEGMENTS);
}

static void refuses_interpreters_and_strange_tables(void **state)
{
    (void)state;
    elf64_builder_add(&elf, ELF_PT_INTERP, 4, BASE + 0x3010, 8, 8);
    expect_header(BOOT_E_ELF_DYNAMIC, 3);
    set_up(NULL);
    elf64_builder_add(&elf, ELF_PT_DYNAMIC, RW, BASE + 0x4000, 0, 0x5000);
    expect(BOOT_OK);
    elf64_builder_add(&elf, ELF_PT_DYNAMIC, RW, BASE + 0x4000, 0, 0x10);
    expect_header(BOOT_E_ELF_DYNAMIC, 4);
    static const struct {
        uint64_t virt, bytes;
    } outside[] = {
        { BASE + 0x4000, 0x5001 }, { BASE + 0x3FF8, 16 },  { 0, 16 },
        { BASE + 0x3010, 0x30 },   { UINT64_MAX - 7, 16 }, { BASE + 0x4000, UINT64_MAX },
    };
    for (size_t i = 0; i < ARRAY_COUNT(outside); i++) {
        set_up(NULL);
        elf64_builder_add(&elf, ELF_PT_DYNAMIC, RW, outside[i].virt, 0, outside[i].bytes);
        expect(BOOT_E_ELF_DYNAMIC);
    }
}

/* ET_DYN: linked at 0, which is no place to be; slid to the top 2 GiB. */
static void slides_et_dyn(void **state)
{
    (void)state;
    struct elf64_plan plan;
    struct elf64_problem problem;
    elf64_builder_make(&elf, ELF_ET_DYN, 0x1000);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R, 0, 0x400, 0x400);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, 0x1000, 0x400, 0x400);
    assert_int_equal(elf64_builder_plan(&elf, &plan, &problem), BOOT_OK);
    assert_true(plan.is_dynamic);
    assert_int_equal(plan.slide, ELF64_DYNAMIC_BASE);
    assert_int_equal(plan.pages.first, 0);
    assert_int_equal(plan.entry, 0x1000);
    /* Any other allowed place will do as well. */
    assert_int_equal(elf64_check_slide(&plan, 0x100000, &problem), BOOT_OK);
    assert_int_equal(elf64_check_slide(&plan, 0, &problem), BOOT_E_ELF_ADDRESS);
    assert_int_equal(elf64_check_slide(&plan, 0x800, &problem), BOOT_E_ELF_ADDRESS);
    assert_int_equal(elf64_check_slide(&plan, BOOT_HANDOFF_BASE, &problem), BOOT_E_ELF_ADDRESS);
    assert_int_equal(elf64_check_slide(&plan, 0xFFFFFFFFFFFFE000, &problem), BOOT_OK);
    assert_int_equal(elf64_check_slide(&plan, 0xFFFFFFFFFFFFF000, &problem), BOOT_E_ELF_ADDRESS);
}

static void slides_by_the_largest_alignment(void **state)
{
    (void)state;
    struct elf64_plan plan;
    struct elf64_problem problem;
    elf64_builder_make(&elf, ELF_ET_DYN, 0x601000);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, 0x601000, 0x400, 0x400);
    struct elf64_program_header *large =
        elf64_builder_add(&elf, ELF_PT_LOAD, RW, 0x800000, 0, 0x400);
    ELF64_PUT(large->alignment, LARGE_PAGE);
    ELF64_PUT(large->offset, 0);
    assert_int_equal(elf64_builder_plan(&elf, &plan, &problem), BOOT_OK);
    assert_int_equal(plan.alignment, LARGE_PAGE);
    assert_int_equal(plan.slide, ELF64_DYNAMIC_BASE - 0x600000);
    /* More than 2 GiB do not fit there; and 4 GiB cannot be kept there. */
    ELF64_PUT(large->memory_bytes, 0x80000000);
    expect_header(BOOT_E_ELF_ADDRESS, 1);
    ELF64_PUT(large->memory_bytes, 0x400);
    ELF64_PUT(large->virt, 0);
    ELF64_PUT(large->alignment, 1ULL << 32);
    expect(BOOT_E_ELF_ADDRESS);
}

/* Bytes that run past the top come back at 0, where another segment may be. */
static void refuses_to_wrap_before_sliding(void **state)
{
    (void)state;
    elf64_builder_make(&elf, ELF_ET_DYN, 0);
    elf64_builder_add(&elf, ELF_PT_LOAD, RX, 0, 0x400, 0x400);
    elf64_builder_add(&elf, ELF_PT_LOAD, RW, 0xFFFFFFFFFFFFF000, 0x400, 0x2000);
    expect_header(BOOT_E_ELF_ADDRESS, 1);
}

static void never_slides_et_exec(void **state)
{
    (void)state;
    struct elf64_plan plan;
    struct elf64_problem problem;
    assert_int_equal(elf64_builder_plan(&elf, &plan, &problem), BOOT_OK);
    assert_int_equal(elf64_check_slide(&plan, PAGE_BYTES, &problem), BOOT_E_ELF_ADDRESS);
    assert_string_equal(problem.what, "slide");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plans_a_kernel, set_up),
        cmocka_unit_test_setup(refuses_foreign_headers, set_up),
        cmocka_unit_test_setup(refuses_short_files, set_up),
        cmocka_unit_test_setup(refuses_file_bytes_that_are_not_there, set_up),
        cmocka_unit_test_setup(judges_alignment, set_up),
        cmocka_unit_test_setup(refuses_shared_pages, set_up),
        cmocka_unit_test_setup(refuses_write_and_execute, set_up),
        cmocka_unit_test_setup(refuses_forbidden_addresses, set_up),
        cmocka_unit_test_setup(wants_the_entry_in_code, set_up),
        cmocka_unit_test_setup(ignores_what_does_not_concern_it, set_up),
        cmocka_unit_test_setup(wants_something_to_load, set_up),
        cmocka_unit_test_setup(has_room_for_so_many_segments, set_up),
        cmocka_unit_test_setup(refuses_interpreters_and_strange_tables, set_up),
        cmocka_unit_test_setup(slides_et_dyn, set_up),
        cmocka_unit_test_setup(slides_by_the_largest_alignment, set_up),
        cmocka_unit_test_setup(refuses_to_wrap_before_sliding, set_up),
        cmocka_unit_test_setup(never_slides_et_exec, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

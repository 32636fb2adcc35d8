/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the notes in a kernel's file: where they are, what ends a list
 * of them, and each lie a note can tell.
 */
#include <string.h>

#include "base/compiler.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/elf64_builder.h"

#define ROOM        256
#define FILE_OFFSET 0x1000

static struct elf64_builder elf;
static uint8_t bytes[ROOM];
static uint32_t filled;
static const struct boot_requirements wanted = { 7, 400, 0x123456789, BOOT_FEATURE_ACPI };

static int set_up(void **state)
{
    (void)state;
    elf64_builder_make(&elf, ELF_ET_EXEC, 0x1000);
    memset(bytes, 0, sizeof(bytes));
    filled = 0;
    return 0;
}

/* Append a note; its lengths are as given, whatever is in it. */
static uint8_t *add(const char *owner, uint32_t owner_bytes, uint32_t type, uint32_t contents_bytes)
{
    uint8_t *const note = bytes + filled;
    elf64_put(note, 4, owner_bytes);
    elf64_put(note + 4, 4, contents_bytes);
    elf64_put(note + 8, 4, type);
    memcpy(note + 12, owner, strlen(owner) + 1);
    filled += 12 + (uint32_t)(strlen(owner) + 4) / 4 * 4;
    return note;
}

static void add_requirements(void)
{
    add(BOOT_NOTE_OWNER, BOOT_NOTE_OWNER_BYTES, BOOT_NOTE_REQUIREMENTS, sizeof(wanted));
    memcpy(bytes + filled, &wanted, sizeof(wanted));
    filled += sizeof(wanted);
}

static enum boot_status find(uint32_t alignment, bool *found, struct boot_requirements *needs,
                             struct elf64_problem *problem)
{
    const struct elf64_notes notes = { FILE_OFFSET, filled, alignment };
    *problem = (struct elf64_problem){ .what = NULL };
    const enum boot_status status = elf64_find_requirements(&notes, bytes, found, needs, problem);
    assert_int_equal(status == BOOT_OK, problem->what == NULL);
    return status;
}

static void expect_found(uint32_t alignment)
{
    struct boot_requirements needs = { 0 };
    struct elf64_problem problem;
    bool found = false;
    assert_int_equal(find(alignment, &found, &needs, &problem), BOOT_OK);
    assert_true(found);
    assert_memory_equal(&needs, &wanted, sizeof(wanted));
}

static void expect_malformed(uint64_t at, uint64_t value)
{
    struct boot_requirements needs = { .version = 4711 };
    struct elf64_problem problem;
    bool found = false;
    assert_int_equal(find(4, &found, &needs, &problem), BOOT_E_ELF_NOTE);
    assert_int_equal(problem.index, FILE_OFFSET + at);
    assert_int_equal(problem.value, value);
}

BOOT_REQUIRE(7, 400, 0x123456789, BOOT_FEATURE_ACPI);

static void the_macro_makes_the_note(void **state)
{
    (void)state;
    add_requirements();
    assert_int_equal(filled, sizeof(boot_requirements_note));
    assert_int_equal(filled, sizeof(struct boot_requirements_note));
    assert_memory_equal(bytes, &boot_requirements_note, filled);
}

static void finds_them_with_either_alignment(void **state)
{
    (void)state;
    add_requirements();
    expect_found(4);
    expect_found(8);
}

static void steps_over_others(void **state)
{
    (void)state;
    add("GNU", 4, 3, 4);
    filled += 4;
    add(BOOT_NOTE_OWNER, BOOT_NOTE_OWNER_BYTES, BOOT_NOTE_REQUIREMENTS + 1, 0);
    add("Coldstard", BOOT_NOTE_OWNER_BYTES, BOOT_NOTE_REQUIREMENTS, 0);
    filled += 12; /* a note of nothing */
    add_requirements();
    filled += 11; /* less than a note */
    expect_found(4);
}

static void nothing_is_no_failure(void **state)
{
    (void)state;
    struct boot_requirements needs;
    struct elf64_problem problem;
    bool found = false;
    for (filled = 0; filled < ROOM; filled++)
        assert_int_equal(find(4, &found, &needs, &problem), BOOT_OK);
    assert_false(found);
}

static void refuses_lengths_that_lie(void **state)
{
    (void)state;
    static const struct {
        unsigned offset;
        uint32_t value;
    } lies[] = { { 0, 49 }, { 0, UINT32_MAX }, { 4, 25 }, { 4, UINT32_MAX }, { 4, 16 }, { 4, 0 } };
    for (size_t i = 0; i < ARRAY_COUNT(lies); i++) {
        set_up(NULL);
        add("GNU", 4, 3, 0);
        add_requirements();
        elf64_put(bytes + 16 + lies[i].offset, 4, lies[i].value);
        expect_malformed(16, lies[i].value);
    }
}

/* The last note needs no padding, but all of its contents. */
static void refuses_a_note_cut_short(void **state)
{
    (void)state;
    add_requirements();
    for (filled = 12; filled < 24; filled++)
        expect_malformed(0, BOOT_NOTE_OWNER_BYTES);
    for (; filled < sizeof(struct boot_requirements_note); filled++)
        expect_malformed(0, sizeof(wanted));
    expect_found(4);
}

static void refuses_a_second_one(void **state)
{
    (void)state;
    struct boot_requirements needs;
    struct elf64_problem problem;
    bool found = true; /* in an earlier PT_NOTE */
    add_requirements();
    assert_int_equal(find(4, &found, &needs, &problem), BOOT_E_ELF_NOTE);
    add_requirements();
    expect_malformed(sizeof(struct boot_requirements_note), sizeof(wanted));
    assert_int_equal(find(4, &found, &needs, &problem), BOOT_E_ELF_NOTE);
    assert_string_equal(problem.what, "second note at byte");
}

static enum boot_status plan(uint32_t *next, struct elf64_notes *notes,
                             struct elf64_problem *problem)
{
    struct elf64_header_plan header;
    const uint8_t *const file = (const uint8_t *)&elf.header;
    assert_int_equal(elf64_parse_header(file, elf.file_bytes, &header), BOOT_OK);
    return elf64_plan_notes(&header, (const uint8_t *)elf.program, next, notes, problem);
}

static void plans_every_note_in_turn(void **state)
{
    (void)state;
    struct elf64_notes notes;
    struct elf64_problem problem;
    uint32_t next = 0;
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R, 0x1000, 8, 8);
    elf64_builder_add(&elf, ELF_PT_NOTE, ELF_PF_R, 0x2010, 48, 48);
    elf64_builder_add(&elf, ELF_PT_NOTE, ELF_PF_R, 0x2010, 0, 0);
    ELF64_PUT(elf64_builder_add(&elf, ELF_PT_NOTE, ELF_PF_R, 0x2040, 12, 12)->alignment, 8);
    assert_int_equal(plan(&next, &notes, &problem), BOOT_OK);
    assert_true(next == 2 && notes.bytes == 48 && notes.file_offset == 0x1010);
    assert_int_equal(notes.alignment, 4);
    assert_int_equal(plan(&next, &notes, &problem), BOOT_OK);
    assert_true(next == 4 && notes.bytes == 12 && notes.alignment == 8);
    assert_int_equal(plan(&next, &notes, &problem), BOOT_OK);
    assert_true(next == 4 && notes.bytes == 0);
}

static void refuses_notes_that_are_not_there(void **state)
{
    (void)state;
    static const struct {
        uint64_t offset, size;
        enum boot_status expected;
    } cases[] = {
        { 0x100000 - 48, 48, BOOT_OK },       { 0x100000 - 47, 48, BOOT_E_TRUNCATED },
        { UINT64_MAX, 48, BOOT_E_TRUNCATED }, { 0, UINT64_MAX, BOOT_E_TRUNCATED },
        { 0, BOOT_NOTES_MAX_BYTES, BOOT_OK }, { 0, BOOT_NOTES_MAX_BYTES + 1, BOOT_E_ELF_NOTE },
        { UINT64_MAX, 0, BOOT_OK },
    };
    struct elf64_program_header *const note =
        elf64_builder_add(&elf, ELF_PT_NOTE, ELF_PF_R, 0x2000, 48, 48);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct elf64_notes notes;
        struct elf64_problem problem;
        uint32_t next = 0;
        ELF64_PUT(note->offset, cases[i].offset);
        ELF64_PUT(note->file_bytes, cases[i].size);
        assert_int_equal(plan(&next, &notes, &problem), cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_macro_makes_the_note, set_up),
        cmocka_unit_test_setup(finds_them_with_either_alignment, set_up),
        cmocka_unit_test_setup(steps_over_others, set_up),
        cmocka_unit_test_setup(nothing_is_no_failure, set_up),
        cmocka_unit_test_setup(refuses_lengths_that_lie, set_up),
        cmocka_unit_test_setup(refuses_a_note_cut_short, set_up),
        cmocka_unit_test_setup(refuses_a_second_one, set_up),
        cmocka_unit_test_setup(plans_every_note_in_turn, set_up),
        cmocka_unit_test_setup(refuses_notes_that_are_not_there, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

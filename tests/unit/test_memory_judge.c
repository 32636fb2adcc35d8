/* SPDX-License-Identifier: MIT
 *
 * The memory judge, case by case: real maps, then each known misbehaviour of a
 * BIOS on its own. Random maps are in test_memory_property.c.
 */
#include <stdbool.h>
#include <string.h>

#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/e820.h"
#include "hw/paging.h"
#include "stage2/plan/memory_judge.h"
#include "stage2/real/answers.h"
#include "tests/unit/cmocka_all.h"

#define CAPACITY  600
#define KIB       0x400ULL
#define MIB       0x100000ULL
#define GIB       0x40000000ULL
#define NO_ANSWER RFLAGS_CF
#define USABLE    BOOT_MEMORY_USABLE
#define RESERVED  BOOT_MEMORY_RESERVED
#define E820_RAM  E820_TYPE_USABLE
#define UNTOUCHED 0xAAAAAAAAU

static struct boot_memory_range table[CAPACITY];
static struct memory_map map;
static struct memory_answers answers;

/* A BIOS that says nothing yet but 639 KiB of low memory. */
static int start(void **state)
{
    (void)state;
    memset(table, 0xAA, sizeof(table));
    map = (struct memory_map){ .ranges = table, .count = UNTOUCHED, .capacity = CAPACITY };
    answers = (struct memory_answers){ .e820_end = BOOT_E820_END_ZERO,
                                       .e801_flags = NO_ANSWER,
                                       .int88_flags = NO_ANSWER,
                                       .int12_ax = 639,
                                       .ebda_segment = 0x9FC0 };
    return 0;
}

static struct boot_e820_answer *say(uint64_t base, uint64_t length, uint32_t type)
{
    struct boot_e820_answer *const answer = &answers.e820[answers.e820_count++];
    *answer = (struct boot_e820_answer){ .base = base,
                                         .length = length,
                                         .type = type,
                                         .attributes = 1,
                                         .returned_eax = E820_SIGNATURE,
                                         .returned_bytes = E820_BYTES };
    return answer;
}

/* What every decent BIOS starts with. */
static void say_low_and_extended(uint64_t extended_bytes)
{
    say(0, 639 * KIB, E820_RAM);
    say(MIB, extended_bytes, E820_RAM);
}

static void judge(void)
{
    assert_int_equal(memory_judge_answers(&answers, &map), BOOT_OK);
}

static void assert_refused(void)
{
    assert_int_equal(memory_judge_answers(&answers, &map), BOOT_E_NO_MEMORY_MAP);
    assert_int_equal(map.count, UNTOUCHED);
}

/* The type of the page at `phys`, 0 for none. */
static uint32_t type_at(uint64_t phys)
{
    enum boot_memory_type type = 0;
    return memory_map_type_at(&map, phys, &type) ? type : 0;
}

static void assert_map(const struct boot_memory_range *expected, uint32_t count)
{
    assert_int_equal(map.count, count);
    for (uint32_t index = 0; index < count; index++) {
        assert_int_equal(table[index].first, expected[index].first);
        assert_int_equal(table[index].last, expected[index].last);
        assert_int_equal(table[index].type, expected[index].type);
    }
}

/* As QEMU 7.2 with 256 MiB and SeaBIOS 1.16 answer. */
static void seabios_is_understood(void **state)
{
    (void)state;
    say(0, 0x9FC00, E820_RAM);
    say(0x9FC00, 0x400, E820_TYPE_RESERVED);
    say(0xF0000, 0x10000, E820_TYPE_RESERVED);
    say(0x100000, 0xFEE0000, E820_RAM);
    say(0xFFE0000, 0x20000, E820_TYPE_RESERVED);
    say(0xFFFC0000, 0x40000, E820_TYPE_RESERVED);
    say(0xFD00000000, 0x300000000, E820_TYPE_RESERVED);
    judge();
    static const struct boot_memory_range expected[] = {
        { .first = 0x0, .last = 0xFFF, .type = RESERVED },
        { .first = 0x1000, .last = 0x9EFFF, .type = USABLE },
        { .first = 0x9F000, .last = 0xFFFFF, .type = RESERVED },
        { .first = 0x100000, .last = 0xFFDFFFF, .type = USABLE },
        { .first = 0xFFE0000, .last = 0xFFFFFFF, .type = RESERVED },
        { .first = 0xFFFC0000, .last = 0xFFFFFFFF, .type = RESERVED },
        { .first = 0xFD00000000, .last = 0xFFFFFFFFFF, .type = RESERVED },
    };
    assert_map(expected, ARRAY_COUNT(expected));
}

static void types_become_ours(void **state)
{
    (void)state;
    say_low_and_extended(64 * MIB);
    say(65 * MIB, MIB, E820_TYPE_ACPI);
    say(66 * MIB, MIB, E820_TYPE_NVS);
    say(67 * MIB, MIB, E820_TYPE_UNUSABLE);
    say(68 * MIB, MIB, 0);
    say(70 * MIB, MIB, 13);          /* Q49 */
    say(72 * MIB, MIB, 2954887168U); /* Q49 */
    judge();
    assert_int_equal(type_at(65 * MIB), BOOT_MEMORY_ACPI_RECLAIMABLE);
    assert_int_equal(type_at(66 * MIB), BOOT_MEMORY_ACPI_NVS);
    assert_int_equal(type_at(67 * MIB), BOOT_MEMORY_BAD);
    assert_int_equal(type_at(68 * MIB), RESERVED);
    assert_int_equal(type_at(70 * MIB), RESERVED);
    assert_int_equal(type_at(72 * MIB), RESERVED);
    assert_int_equal(type_at(69 * MIB), 0);
}

static void low_memory_ends_at_the_least_figure(void **state)
{
    static const struct {
        uint16_t int12_ax, ebda_segment;
        uint64_t end;
    } cases[] = {
        { 639, 0x9FC0, 0x9F000 },    { 640, 0x9FC0, 0x9F000 }, { 600, 0x9FC0, 600 * KIB },
        { 639, 0x8000, 0x80000 },    { 640, 0, 0xA0000 },      { 0, 0x9000, 0x90000 },
        { 641, 0xA001, 0xA0000 },    { 127, 0x1FFF, 0xA0000 }, { 128, 0x40, 0x20000 },
        { 0xFFFF, 0xFFFF, 0xA0000 },
    };
    for (size_t which = 0; which < ARRAY_COUNT(cases); which++) {
        start(state);
        say(0, 16 * MIB, E820_RAM); /* Q51: one piece of RAM, VGA and ROM and all */
        answers.int12_ax = cases[which].int12_ax;
        answers.ebda_segment = cases[which].ebda_segment;
        judge();
        assert_int_equal(type_at(0), RESERVED);
        assert_int_equal(type_at(PAGE_BYTES), USABLE);
        assert_int_equal(type_at(cases[which].end - 1), USABLE);
        assert_int_equal(type_at(cases[which].end), RESERVED);
        assert_int_equal(type_at(0xA0000), RESERVED);
        assert_int_equal(type_at(MIB - 1), RESERVED);
        assert_int_equal(type_at(MIB), USABLE);
    }
    start(state);
    say(0, 400 * KIB, E820_RAM); /* and E820 is the third figure */
    say(MIB, MIB, E820_RAM);
    judge();
    assert_int_equal(type_at(400 * KIB - 1), USABLE);
    assert_int_equal(type_at(400 * KIB), 0);
}

static void attributes_count_from_24_bytes_on(void **state)
{
    (void)state;
    say_low_and_extended(MIB);
    say(4 * MIB, MIB, E820_RAM)->attributes = 0; /* Q41: 20 bytes, so not the BIOS's */
    struct boot_e820_answer *answer = say(6 * MIB, MIB, E820_RAM);
    answer->returned_bytes = E820_BYTES_EXTENDED;
    answer = say(8 * MIB, MIB, E820_RAM);
    answer->returned_bytes = E820_BYTES_EXTENDED;
    answer->attributes = E820_ATTRIBUTE_SLOW; /* not enabled */
    answer = say(10 * MIB, MIB, E820_RAM);
    answer->returned_bytes = E820_BYTES_EXTENDED;
    answer->attributes = E820_ATTRIBUTE_ENABLED | E820_ATTRIBUTE_NON_VOLATILE;
    answer = say(12 * MIB, MIB, E820_RAM);
    answer->returned_bytes = E820_BYTES_EXTENDED;
    answer->attributes = E820_ATTRIBUTE_ENABLED | E820_ATTRIBUTE_ERROR_LOG;
    answer = say(14 * MIB, MIB, E820_TYPE_RESERVED);
    answer->returned_bytes = E820_BYTES_EXTENDED + 8;
    answer->attributes = 0; /* to be ignored: then nothing is known */
    say(16 * MIB, MIB, E820_RAM)->returned_bytes = E820_BYTES - 1;
    say(18 * MIB, MIB, E820_RAM)->flags = RFLAGS_CF;
    judge();
    assert_int_equal(type_at(4 * MIB), USABLE);
    assert_int_equal(type_at(6 * MIB), USABLE);
    assert_int_equal(type_at(8 * MIB), 0);
    assert_int_equal(type_at(10 * MIB), RESERVED);
    assert_int_equal(type_at(12 * MIB), RESERVED);
    assert_int_equal(type_at(14 * MIB), 0);
    assert_int_equal(type_at(16 * MIB), 0);
    assert_int_equal(type_at(18 * MIB), 0);
}

/* Q48, the four kinds in one list. */
static void empty_unsorted_overlapping_wrapping(void **state)
{
    (void)state;
    say(8 * MIB, 8 * MIB, E820_RAM);
    say(12 * MIB, 0, E820_TYPE_UNUSABLE);
    say(10 * MIB, MIB, E820_TYPE_NVS);
    say(10 * MIB + 0x800, MIB, E820_TYPE_ACPI);
    say(MIB, 9 * MIB, E820_RAM);
    say(0, 639 * KIB, E820_RAM);
    say(0 - 2 * MIB, 4 * MIB, E820_RAM);       /* wraps: not believed */
    say(0 - MIB, 2 * MIB, E820_TYPE_RESERVED); /* wraps: to the top */
    say(0 - 4 * MIB, MIB, E820_RAM);
    judge();
    static const struct boot_memory_range expected[] = {
        { .first = 0x0, .last = 0xFFF, .type = RESERVED },
        { .first = 0x1000, .last = 0x9EFFF, .type = USABLE },
        { .first = 0x9F000, .last = MIB - 1, .type = RESERVED },
        { .first = MIB, .last = 10 * MIB - 1, .type = USABLE },
        { .first = 10 * MIB, .last = 11 * MIB - 1, .type = BOOT_MEMORY_ACPI_NVS },
        { .first = 11 * MIB, .last = 11 * MIB + 0xFFF, .type = BOOT_MEMORY_ACPI_RECLAIMABLE },
        { .first = 11 * MIB + 0x1000, .last = 16 * MIB - 1, .type = USABLE },
        { .first = 0 - 4 * MIB, .last = 0 - 3 * MIB - 1, .type = USABLE },
        { .first = 0 - MIB, .last = UINT64_MAX, .type = RESERVED },
    };
    assert_map(expected, ARRAY_COUNT(expected));
}

static void ram_reaches_the_last_byte(void **state)
{
    (void)state;
    say(0, 639 * KIB, E820_RAM);
    say(MIB, 0 - MIB, E820_RAM); /* up to 2^64 exactly: does not wrap */
    judge();
    assert_int_equal(table[map.count - 1].last, UINT64_MAX);
    assert_int_equal(type_at(UINT64_MAX), USABLE);
}

static void pages_are_ram_only_when_all_of_them_is(void **state)
{
    (void)state;
    say(0, 639 * KIB, E820_RAM);
    say(MIB, 0x1800, E820_RAM); /* two pieces that meet inside a page */
    say(MIB + 0x1800, 0x1900, E820_RAM);
    say(2 * MIB, MIB, E820_RAM);
    say(2 * MIB + 0x2FFF, 2, E820_TYPE_RESERVED); /* one byte in each of two pages */
    judge();
    assert_int_equal(type_at(MIB), USABLE);
    assert_int_equal(type_at(MIB + 0x1000), USABLE);
    assert_int_equal(type_at(MIB + 0x2000), USABLE);
    assert_int_equal(type_at(MIB + 0x3000), 0);
    assert_int_equal(type_at(2 * MIB + 0x1000), USABLE);
    assert_int_equal(type_at(2 * MIB + 0x2000), RESERVED);
    assert_int_equal(type_at(2 * MIB + 0x3000), RESERVED);
    assert_int_equal(type_at(2 * MIB + 0x4000), USABLE);
}

static void a_lost_signature_taints_the_list(void **state)
{
    say_low_and_extended(64 * MIB);
    answers.e820_end = BOOT_E820_END_SIGNATURE; /* Q44 */
    assert_refused();
    answers.int88_ax = 0x4000;
    judge();
    assert_int_equal(type_at(17 * MIB - 1), USABLE);
    assert_int_equal(type_at(17 * MIB), 0);

    start(state);
    say_low_and_extended(64 * MIB);
    say(128 * MIB, MIB, E820_RAM)->returned_eax = 0;
    assert_refused();

    start(state);
    say_low_and_extended(64 * MIB);
    answers.e820_end = BOOT_E820_END_UNSUPPORTED;
    assert_refused();
}

/* Q43, Q46, Q50: the list ended oddly, but what came counts. */
static void other_ends_keep_the_list(void **state)
{
    static const uint32_t ends[] = { BOOT_E820_END_CARRY, BOOT_E820_END_FULL,
                                     BOOT_E820_END_REPEAT };
    for (size_t which = 0; which < ARRAY_COUNT(ends); which++) {
        start(state);
        say_low_and_extended(64 * MIB);
        say(0, 639 * KIB, E820_RAM);
        answers.e820_end = ends[which];
        judge();
        assert_int_equal(type_at(32 * MIB), USABLE);
    }
}

static void without_e820_the_older_calls_count(void **state)
{
    (void)state;
    answers.e820_end = BOOT_E820_END_UNSUPPORTED;
    answers.e801_flags = 0;
    answers.e801_ax = 0x3C00;
    answers.e801_bx = 0x0F00;
    judge();
    static const struct boot_memory_range expected[] = {
        { .first = 0x0, .last = 0xFFF, .type = RESERVED },
        { .first = 0x1000, .last = 0x9EFFF, .type = USABLE },
        { .first = 0x9F000, .last = MIB - 1, .type = RESERVED },
        { .first = MIB, .last = 256 * MIB - 1, .type = USABLE },
    };
    assert_map(expected, ARRAY_COUNT(expected));
}

/* What E801, 88h and INT 12h say, and where RAM then is. All Q54. */
static void e801_and_88h_are_read_with_care(void **state)
{
    static const struct {
        uint16_t ax, bx, cx, dx, flags;
        uint16_t int88_ax, int88_flags;
        uint64_t low_end, high_end; /* 0: no RAM there */
    } cases[] = {
        { .ax = 0x3C00, .bx = 0x100, .low_end = 16 * MIB, .high_end = 32 * MIB },
        { .cx = 0x3C00, .dx = 0x100, .low_end = 16 * MIB, .high_end = 32 * MIB },
        { .ax = 0x400, .cx = 0x3C00, .dx = 0x100, .low_end = 2 * MIB }, /* AX:BX speak first */
        { .ax = 0x3800, .bx = 0x100, .low_end = 15 * MIB, .high_end = 32 * MIB }, /* a hole */
        { .ax = 0x3C01, .bx = 0x100, .int88_ax = 0x400, .low_end = 2 * MIB },
        { .ax = 0x3C00, .bx = 0xFF00, .low_end = 16 * MIB }, /* all 4 GiB */
        { .ax = 0x3C00, .bx = 0xFDC0, .low_end = 16 * MIB, .high_end = 0xFEC00000 },
        { .ax = 0x3C00, .bx = 0xFDC1, .low_end = 16 * MIB },
        { .ax = 0x3C00, .flags = RFLAGS_CF, .int88_ax = 0x800, .low_end = 3 * MIB },
        { .int88_ax = 0x800, .int88_flags = RFLAGS_CF, .low_end = 3 * MIB },
        { .int88_ax = 0xFFFF, .low_end = 65 * MIB - KIB, .high_end = 65 * MIB - KIB },
        { .int88_ax = 0x8600, .low_end = MIB + 0x8600 * KIB, .high_end = MIB + 0x8600 * KIB },
        { .int88_ax = 0x8600, .int88_flags = RFLAGS_CF },
        { .int88_ax = 0x8000, .int88_flags = RFLAGS_CF },
        { .ax = 0 },
    };
    for (size_t which = 0; which < ARRAY_COUNT(cases); which++) {
        start(state);
        answers.e801_ax = cases[which].ax;
        answers.e801_bx = cases[which].bx;
        answers.e801_cx = cases[which].cx;
        answers.e801_dx = cases[which].dx;
        answers.e801_flags = cases[which].flags;
        answers.int88_ax = cases[which].int88_ax;
        answers.int88_flags = cases[which].int88_flags;
        if (cases[which].low_end == 0) {
            assert_refused();
            continue;
        }
        judge();
        const uint64_t end =
            cases[which].high_end != 0 ? cases[which].high_end : cases[which].low_end;
        const uint64_t low_last = (cases[which].low_end & ~(PAGE_BYTES - 1ULL)) - 1;
        assert_int_equal(type_at(MIB), USABLE);
        assert_int_equal(type_at(low_last), USABLE);
        const bool goes_on = low_last + 1 >= 16 * MIB && end > low_last + PAGE_BYTES;
        assert_int_equal(type_at(low_last + 1), goes_on ? USABLE : 0);
        assert_int_equal(table[map.count - 1].last, (end & ~(PAGE_BYTES - 1ULL)) - 1);
    }
}

static void a_silent_e820_is_filled_in(void **state)
{
    /* Q53: nothing about 1 MiB; E801 may speak up to the next thing that is no RAM. */
    say(0, 639 * KIB, E820_RAM);
    say(24 * MIB, MIB, E820_TYPE_NVS);
    answers.e801_flags = 0;
    answers.e801_ax = 0x3C00;
    answers.e801_bx = 0x100;
    judge();
    assert_int_equal(type_at(MIB), USABLE);
    assert_int_equal(type_at(24 * MIB - 1), USABLE);
    assert_int_equal(type_at(24 * MIB), BOOT_MEMORY_ACPI_NVS);
    assert_int_equal(type_at(25 * MIB), 0);

    /* Half a page of RAM is no word about the page; anything else in it is. */
    start(state);
    answers.e801_flags = 0;
    answers.e801_ax = 0x3C00;
    say(MIB, PAGE_BYTES / 2, E820_RAM);
    say(32 * MIB, MIB, E820_RAM);
    judge();
    assert_int_equal(type_at(MIB), USABLE);
    say(MIB - 1, 2, E820_TYPE_RESERVED);
    judge();
    assert_int_equal(type_at(MIB), RESERVED);
    assert_int_equal(type_at(MIB + PAGE_BYTES), 0);

    /* Q52: nothing about 0; INT 12h may. */
    start(state);
    say(MIB, MIB, E820_RAM);
    judge();
    assert_int_equal(type_at(PAGE_BYTES), USABLE);
    assert_int_equal(type_at(0x9EFFF), USABLE);
    assert_int_equal(type_at(0x9F000), RESERVED);

    /* ... unless it makes no sense either. */
    answers.int12_ax = 641;
    answers.ebda_segment = 0;
    judge();
    assert_int_equal(type_at(PAGE_BYTES), 0);
}

static void an_e820_that_speaks_is_not_doubted(void **state)
{
    (void)state;
    say_low_and_extended(15 * MIB);
    say(17 * MIB, MIB, E820_RAM);
    answers.e801_flags = 0;
    answers.e801_ax = 0x3C00;
    answers.e801_bx = 0x1000;
    answers.int88_ax = 0xFFFF;
    judge();
    assert_int_equal(type_at(16 * MIB), 0);
    assert_int_equal(type_at(18 * MIB), 0);

    answers.e820[1].type = E820_TYPE_RESERVED;
    judge();
    assert_int_equal(type_at(MIB), RESERVED);
    answers.e820_count = 2;
    map.count = UNTOUCHED;
    assert_refused();
}

static void nothing_above_1_mib_is_no_map(void **state)
{
    (void)state;
    assert_refused();
    say(0, MIB, E820_RAM);
    assert_refused();
    say(MIB, PAGE_BYTES - 1, E820_RAM);
    assert_refused();
    answers.e820[1].length++;
    judge();
}

/* Q50: every second page, more than the table holds. The largest RAM survives. */
static void a_full_table_loses_the_least(void **state)
{
    (void)state;
    say_low_and_extended(64 * MIB);
    for (uint64_t page = 0; page < 100; page++)
        say(GIB + page * 2 * PAGE_BYTES, PAGE_BYTES, page % 2 != 0 ? E820_RAM : E820_TYPE_RESERVED);
    say(2 * GIB, 2 * PAGE_BYTES, E820_TYPE_ACPI); /* small, but of use: reserved goes first */
    say(4 * GIB, GIB, E820_RAM);
    map.capacity = 4;
    judge();
    static const struct boot_memory_range expected[] = {
        { .first = PAGE_BYTES, .last = 0x9EFFF, .type = USABLE },
        { .first = MIB, .last = 65 * MIB - 1, .type = USABLE },
        { .first = 2 * GIB,
          .last = 2 * GIB + 2 * PAGE_BYTES - 1,
          .type = BOOT_MEMORY_ACPI_RECLAIMABLE },
        { .first = 4 * GIB, .last = 5 * GIB - 1, .type = USABLE },
    };
    assert_map(expected, ARRAY_COUNT(expected));

    map.capacity = 0;
    assert_int_equal(memory_judge_answers(&answers, &map), BOOT_E_NO_MEMORY_MAP);
}

static void a_count_too_large_is_cut(void **state)
{
    (void)state;
    say_low_and_extended(64 * MIB);
    for (uint32_t index = answers.e820_count; index < MEMORY_ANSWERS_MAX; index++)
        answers.e820[index] = answers.e820[1];
    answers.e820_count = UINT32_MAX;
    judge();
    assert_int_equal(map.count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(seabios_is_understood, start),
        cmocka_unit_test_setup(types_become_ours, start),
        cmocka_unit_test_setup(low_memory_ends_at_the_least_figure, start),
        cmocka_unit_test_setup(attributes_count_from_24_bytes_on, start),
        cmocka_unit_test_setup(empty_unsorted_overlapping_wrapping, start),
        cmocka_unit_test_setup(ram_reaches_the_last_byte, start),
        cmocka_unit_test_setup(pages_are_ram_only_when_all_of_them_is, start),
        cmocka_unit_test_setup(a_lost_signature_taints_the_list, start),
        cmocka_unit_test_setup(other_ends_keep_the_list, start),
        cmocka_unit_test_setup(without_e820_the_older_calls_count, start),
        cmocka_unit_test_setup(e801_and_88h_are_read_with_care, start),
        cmocka_unit_test_setup(a_silent_e820_is_filled_in, start),
        cmocka_unit_test_setup(an_e820_that_speaks_is_not_doubted, start),
        cmocka_unit_test_setup(nothing_above_1_mib_is_no_map, start),
        cmocka_unit_test_setup(a_full_table_loses_the_least, start),
        cmocka_unit_test_setup(a_count_too_large_is_cut, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

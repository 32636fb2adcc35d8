/* SPDX-License-Identifier: MIT
 *
 * Unit tests of what a record becomes: the ROM's table, the ROM, the machine.
 */
#include <string.h>

#include "tests/unit/cmocka_all.h"
#include "tools/replay/machine.h"
#include "tools/replay/rom.h"
#include "tools/replay/table.h"

#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)

static struct record record;
static struct replay_table table;

/* A record that boots with RAM from 1 MiB to `low`, and from 4 GiB to `high` if it is above. */
static int with_memory(uint64_t low, uint64_t high)
{
    record = (struct record){
        .entry.cs = 0x7C0,
        .a20_method = BOOT_A20_WAS_ON,
        .drive = 0x80,
        .low_kib = 639,
        .ebda_segment = 0x9FC0,
        .e820_end = BOOT_E820_END_ZERO,
        .e820_asked = 24,
    };
    const struct boot_e820_answer answers[] = {
        { .base = 0, .length = 0x9FC00, .continuation = 1 },
        { .base = MIB, .length = low - MIB, .continuation = 2 },
        { .base = 4 * GIB, .length = high - 4 * GIB, .continuation = 0 },
    };
    record.e820_count = high > 4 * GIB ? 3 : 2;
    for (unsigned i = 0; i < record.e820_count; i++) {
        record.e820[i] = answers[i];
        record.e820[i].type = 1;
        record.e820[i].attributes = 1;
        record.e820[i].returned_eax = 0x534D4150;
        record.e820[i].returned_bytes = 20;
    }
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return with_memory(256 * MIB, 0);
}

static void stage_1_is_entered_at_7c00h(void **state)
{
    (void)state;
    for (unsigned cs = 0; cs <= 0x7C0; cs += 0x1F) {
        record.entry.cs = (uint16_t)cs;
        replay_table_fill(&record, &table);
        assert_int_equal(table.cs * 16 + table.ip, 0x7C00);
    }
}

static void a20_is_shut_unless_it_was_on(void **state)
{
    (void)state;
    static const bool closed[] = { false, true, true, true };
    static const bool opens[] = { false, true, false, false };
    for (unsigned method = BOOT_A20_WAS_ON; method <= BOOT_A20_KEYBOARD; method++) {
        record.a20_method = (uint8_t)method;
        replay_table_fill(&record, &table);
        assert_int_equal(table.a20_closed, closed[method - 1]);
        assert_int_equal(table.a20_opens, opens[method - 1]);
    }
}

static void geometry_is_used_when_it_is_one(void **state)
{
    (void)state;
    record.geometry = (struct record_answer){ .cx = 0xFFBF, .dx = 0xFF02 };
    replay_table_fill(&record, &table);
    assert_int_equal(table.track_sectors, 63);
    assert_int_equal(table.heads, 256);
    record.geometry.cx = 0xFF80;
    replay_table_fill(&record, &table);
    assert_int_equal(table.track_sectors, 0);
}

/* What follows the last answer: nothing, or what followed the same continuation before. */
static void a_circle_goes_round_again(void **state)
{
    (void)state;
    with_memory(256 * MIB, 8 * GIB);
    replay_table_fill(&record, &table);
    assert_int_equal(table.e820_after, REPLAY_E820_OVER);

    record.e820_end = BOOT_E820_END_REPEAT;
    record.e820[2].continuation = record.e820[0].continuation;
    replay_table_fill(&record, &table);
    assert_int_equal(table.e820_after, 1);
    record.e820[2].continuation = 77;
    replay_table_fill(&record, &table);
    assert_int_equal(table.e820_after, 2);
}

static void rom_is_one_that_a_bios_runs(void **state)
{
    (void)state;
    static const uint8_t code[32] = { 0x55, 0xAA, 0, 0xCB };
    static uint8_t rom[ROM_MAX];

    for (unsigned count = 0; count <= MEMORY_ANSWERS_MAX; count++) {
        record.e820_count = (uint16_t)count;
        replay_table_fill(&record, &table);
        const size_t bytes = rom_build(code, sizeof(code), &table, rom);
        assert_true(bytes >= sizeof(code) + replay_table_bytes(&table) + 1 && bytes <= ROM_MAX);
        assert_int_equal(bytes, rom[2] * 512);
        assert_memory_equal(rom + sizeof(code), &table, replay_table_bytes(&table));
        uint8_t sum = 0;
        for (size_t i = 0; i < bytes; i++)
            sum = (uint8_t)(sum + rom[i]);
        assert_int_equal(sum, 0);
    }
}

static void other_code_is_refused(void **state)
{
    (void)state;
    static const uint8_t other[][4] = { { 0x55, 0xAB, 0, 0 }, { 0x55, 0xAA, 4, 0 } };
    static uint8_t rom[ROM_MAX];

    replay_table_fill(&record, &table);
    assert_int_equal(rom_build(other[0], sizeof(other[0]), &table, rom), 0);
    assert_int_equal(rom_build(other[1], sizeof(other[1]), &table, rom), 0);
    assert_int_equal(rom_build(other[1], 2, &table, rom), 0);
}

static void machine_has_the_memory(void **state)
{
    (void)state;
    static const struct {
        uint64_t low, high;
        const char *model;
        uint64_t memory_mib, below_4g_mib;
    } cases[] = {
        { 16 * MIB, 0, "pc", 18, 0 },
        { 3 * GIB, 0, "pc", 3074, 0 },
        { 3 * GIB + 512 * MIB, 0, "pc", 3584, 0 },
        { 3 * GIB + 513 * MIB, 0, "isapc", 3587, 3587 },
        { 2 * GIB - MIB, 8 * GIB, "pc", 3072 + 4096, 3072 },
        { 3 * GIB, 8 * GIB, "pc", 3072 + 4096, 3072 },
        { 3 * GIB + MIB, 8 * GIB, "isapc", 3075 + 4096, 3075 },
        { 3 * GIB + 768 * MIB, 1000 * GIB, "isapc", 3840 + 996 * 1024, 3840 },
    };
    struct machine machine;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        with_memory(cases[i].low, cases[i].high);
        assert_true(machine_choose(&record, EMULATOR_QEMU, &machine));
        assert_string_equal(machine.model, cases[i].model);
        assert_int_equal(machine.memory_mib, cases[i].memory_mib);
        assert_int_equal(machine.below_4g_mib, cases[i].below_4g_mib);
    }
    with_memory(2 * GIB, 0);
    assert_true(machine_choose(&record, EMULATOR_BOCHS, &machine));
    assert_int_equal(machine.memory_mib, 2048);
}

static void memory_that_cannot_be_is_named(void **state)
{
    (void)state;
    static const struct {
        enum emulator emulator;
        uint64_t low, high, first, last;
    } cases[] = {
        { EMULATOR_QEMU, 4 * GIB - 128 * MIB, 0, 3840 * MIB, 4 * GIB - 128 * MIB - 1 },
        { EMULATOR_QEMU, 2 * GIB, 1001 * GIB, 1000 * GIB, 1001 * GIB - 1 },
        { EMULATOR_BOCHS, 3 * GIB, 0, 2 * GIB, 3 * GIB - 1 },
        { EMULATOR_BOCHS, 2 * GIB, 8 * GIB, 4 * GIB, 8 * GIB - 1 },
    };
    struct machine machine;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        with_memory(cases[i].low, cases[i].high);
        assert_false(machine_choose(&record, cases[i].emulator, &machine));
        assert_true(machine.missing_first == cases[i].first);
        assert_true(machine.missing_last == cases[i].last);
    }
}

/* Only RAM that the loader would believe in has to be there. */
static void memory_is_what_the_judge_says(void **state)
{
    (void)state;
    struct machine machine;
    with_memory(256 * MIB, 8 * GIB);
    record.e820[2].type = 2;
    assert_true(machine_choose(&record, EMULATOR_BOCHS, &machine));
    assert_int_equal(machine.memory_mib, 258);

    record.e820_count = 0;
    record.e820_end = BOOT_E820_END_UNSUPPORTED;
    record.e801 = (struct record_answer){ .cx = 0x3C00, .dx = 0x100 };
    assert_true(machine_choose(&record, EMULATOR_BOCHS, &machine));
    assert_int_equal(machine.memory_mib, 34);

    record.e801.flags = 1; /* no memory at all: the boot ends with an error, on any machine */
    assert_true(machine_choose(&record, EMULATOR_BOCHS, &machine));
    assert_int_equal(machine.memory_mib, 258);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stage_1_is_entered_at_7c00h, set_up),
        cmocka_unit_test_setup(a20_is_shut_unless_it_was_on, set_up),
        cmocka_unit_test_setup(geometry_is_used_when_it_is_one, set_up),
        cmocka_unit_test_setup(a_circle_goes_round_again, set_up),
        cmocka_unit_test_setup(rom_is_one_that_a_bios_runs, set_up),
        cmocka_unit_test_setup(other_code_is_refused, set_up),
        cmocka_unit_test_setup(machine_has_the_memory, set_up),
        cmocka_unit_test_setup(memory_that_cannot_be_is_named, set_up),
        cmocka_unit_test_setup(memory_is_what_the_judge_says, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

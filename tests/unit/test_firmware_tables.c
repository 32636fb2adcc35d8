/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the search for the ACPI root pointer and the SMBIOS entry
 * point: found at any line, believed only when every checksum is right.
 */
#include <string.h>

#include "cmocka_all.h"
#include "kernel/core/firmware_tables.h"
#include "random.h"

#define MEMORY_BYTES 4096

static uint8_t memory[MEMORY_BYTES];

static int set_up(void **state)
{
    (void)state;
    struct random random = { 3 };
    for (unsigned i = 0; i < MEMORY_BYTES; i++)
        memory[i] = (uint8_t)random_next(&random);
    return 0;
}

/* Make `count` bytes add up to 0 by the byte at `check`. */
static void balance(uint8_t *bytes, size_t count, size_t check)
{
    uint8_t sum = 0;
    bytes[check] = 0;
    for (size_t i = 0; i < count; i++)
        sum = (uint8_t)(sum + bytes[i]);
    bytes[check] = (uint8_t)-sum;
}

static void put_rsdp(size_t at, uint8_t revision)
{
    uint8_t *rsdp = memory + at;
    memcpy(rsdp, "RSD PTR ", 8);
    rsdp[15] = revision;
    balance(rsdp, 20, 8);
    if (revision != 0) {
        memcpy(rsdp + 20, "\x24\0\0", 4);
        balance(rsdp, 36, 32);
    }
}

static void put_smbios(size_t at)
{
    uint8_t *entry = memory + at;
    memcpy(entry, "_SM_", 4);
    entry[5] = 0x1F;
    memcpy(entry + 16, "_DMI_", 5);
    balance(entry + 16, 15, 5);
    balance(entry, 0x1F, 4);
}

static void put_smbios3(size_t at)
{
    uint8_t *entry = memory + at;
    memcpy(entry, "_SM3_", 5);
    entry[6] = 24;
    balance(entry, 24, 5);
}

static bool has_rsdp(size_t *at)
{
    *at = 12345;
    const bool found = firmware_find_rsdp(memory, sizeof(memory), at);
    if (!found)
        assert_int_equal(*at, 12345);
    return found;
}

static bool has_smbios(size_t *at)
{
    *at = 12345;
    const bool found = firmware_find_smbios(memory, sizeof(memory), at);
    if (!found)
        assert_int_equal(*at, 12345);
    return found;
}

static void finds_either_at_any_line(void **state)
{
    size_t at;
    for (size_t place = 0; place + 48 <= MEMORY_BYTES; place += 16) {
        set_up(state);
        put_rsdp(place, place % 32 == 0 ? 2 : 0);
        assert_true(has_rsdp(&at));
        assert_int_equal(at, place);
        set_up(state);
        put_smbios(place);
        assert_true(has_smbios(&at));
        assert_int_equal(at, place);
    }
}

static void finds_nothing_in_noise(void **state)
{
    (void)state;
    size_t at;
    assert_false(has_rsdp(&at));
    assert_false(has_smbios(&at));
    assert_false(firmware_find_rsdp(memory, 0, &at));
    assert_false(firmware_find_rsdp(memory, 15, &at));
}

static void wants_each_checksum(void **state)
{
    size_t at;
    for (unsigned i = 0; i < 36; i++) {
        set_up(state);
        put_rsdp(64, 2);
        memory[64 + i] ^= 0x40;
        assert_false(has_rsdp(&at));
    }
    for (unsigned i = 0; i < 0x1F; i++) {
        set_up(state);
        put_smbios(64);
        memory[64 + i] ^= 0x40;
        assert_false(has_smbios(&at));
    }
    for (unsigned i = 0; i < 24; i++) {
        set_up(state);
        put_smbios3(64);
        memory[64 + i] ^= 0x40;
        assert_false(has_smbios(&at));
    }
}

/* A wrong one in front does not hide the right one behind. */
static void goes_on_after_a_wrong_one(void **state)
{
    (void)state;
    size_t at;
    put_rsdp(32, 0);
    memory[32 + 9] ^= 1;
    put_rsdp(1024, 2);
    assert_true(has_rsdp(&at));
    assert_int_equal(at, 1024);
}

static void prefers_the_64_bit_entry_point(void **state)
{
    (void)state;
    size_t at;
    put_smbios(32);
    put_smbios3(2048);
    assert_true(has_smbios(&at));
    assert_int_equal(at, 2048);
}

/* Two checksums right and a length that leaves the memory. */
static void stays_inside_the_memory(void **state)
{
    size_t at;
    const size_t last = MEMORY_BYTES - 16;
    memcpy(memory + last, "RSD PTR ", 8);
    assert_false(has_rsdp(&at));
    set_up(state);
    put_rsdp(MEMORY_BYTES - 48, 2);
    uint8_t *rsdp = memory + MEMORY_BYTES - 48;
    memcpy(rsdp + 20, "\xFF\xFF\xFF\xFF", 4);
    balance(rsdp, 36, 32);
    assert_false(has_rsdp(&at));
    set_up(state);
    memcpy(memory + last, "_SM3_", 5);
    assert_false(has_smbios(&at));
    memcpy(memory + last, "_SM_", 4);
    assert_false(has_smbios(&at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_either_at_any_line, set_up),
        cmocka_unit_test_setup(finds_nothing_in_noise, set_up),
        cmocka_unit_test_setup(wants_each_checksum, set_up),
        cmocka_unit_test_setup(goes_on_after_a_wrong_one, set_up),
        cmocka_unit_test_setup(prefers_the_64_bit_entry_point, set_up),
        cmocka_unit_test_setup(stays_inside_the_memory, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

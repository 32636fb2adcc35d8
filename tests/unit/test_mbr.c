/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the partition table judge: one table that is right, and every
 * way to spoil it. And of the code's sums: which bits of sector 0 they know.
 */
#include <stdbool.h>
#include <string.h>

#include "hw/mbr.h"
#include "kernel/core/mbr.h"
#include "kernel/core/mbr_code.h"
#include "tests/unit/cmocka_all.h"

#define DISK_SECTORS 131072

static uint8_t sector[SECTOR_BYTES];

static struct mbr_entry *entry_at(unsigned index)
{
    return (struct mbr_entry *)(sector + MBR_PARTITION_TABLE) + index;
}

static void entry_fill(unsigned index, uint8_t status, uint8_t type, uint32_t first,
                       uint32_t sectors)
{
    struct mbr_entry *entry = entry_at(index);
    entry->status = status;
    entry->type = type;
    for (unsigned i = 0; i < 4; i++) {
        entry->lba_first[i] = (uint8_t)(first >> (8 * i));
        entry->sectors[i] = (uint8_t)(sectors >> (8 * i));
    }
}

static int set_up(void **state)
{
    (void)state;
    memset(sector, 0, sizeof(sector));
    sector[MBR_BOOT_SIGNATURE] = 0x55;
    sector[MBR_BOOT_SIGNATURE + 1] = 0xAA;
    entry_fill(1, 0x80, 0x0C, 2048, DISK_SECTORS - 2048);
    return 0;
}

/* The verdict; a failure must leave the output alone. */
static enum boot_status verdict(uint64_t disk_sectors)
{
    struct mbr_partition found = { .index = 99 };
    const enum boot_status status = mbr_find_active(sector, disk_sectors, &found);
    if (status != BOOT_OK)
        assert_int_equal(found.index, 99);
    return status;
}

static void finds_the_active_entry(void **state)
{
    (void)state;
    struct mbr_partition found;
    entry_fill(0, 0x00, 0x83, 1, 2000);
    assert_int_equal(mbr_find_active(sector, DISK_SECTORS, &found), BOOT_OK);
    assert_int_equal(found.index, 2);
    assert_int_equal(found.type, 0x0C);
    assert_int_equal(found.first_lba, 2048);
    assert_int_equal(found.sectors, DISK_SECTORS - 2048);
}

static void wants_the_signature(void **state)
{
    (void)state;
    sector[MBR_BOOT_SIGNATURE] = 0xAA;
    sector[MBR_BOOT_SIGNATURE + 1] = 0x55;
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_MBR_SIGNATURE);
}

static void wants_one_active_entry(void **state)
{
    (void)state;
    entry_fill(3, 0x80, 0x0C, 100, 10);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_MANY_ACTIVE);
    entry_at(1)->status = 0;
    entry_at(3)->status = 0;
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_NO_ACTIVE);
}

static void refuses_other_status_bytes(void **state)
{
    (void)state;
    entry_at(3)->status = 0x01;
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
    entry_at(3)->status = 0x81;
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
}

static void accepts_fat_types_only(void **state)
{
    (void)state;
    static const uint8_t fat[] = { 0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E };
    unsigned accepted = 0;
    for (unsigned type = 0; type <= UINT8_MAX; type++) {
        entry_at(1)->type = (uint8_t)type;
        const enum boot_status status = verdict(DISK_SECTORS);
        if (memchr(fat, (int)type, sizeof(fat)) != NULL) {
            assert_int_equal(status, BOOT_OK);
            accepted++;
        } else {
            assert_int_equal(status, BOOT_E_PARTITION);
        }
    }
    assert_int_equal(accepted, sizeof(fat));
}

static void refuses_a_partition_that_is_not_on_the_disk(void **state)
{
    (void)state;
    entry_fill(1, 0x80, 0x0C, 0, 100);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
    entry_fill(1, 0x80, 0x0C, 2048, 0);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
    entry_fill(1, 0x80, 0x0C, 2048, DISK_SECTORS - 2047);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
    entry_fill(1, 0x80, 0x0C, DISK_SECTORS, 1);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
    entry_fill(1, 0x80, 0x0C, UINT32_MAX, UINT32_MAX);
    assert_int_equal(verdict(DISK_SECTORS), BOOT_E_PARTITION);
}

/* Q27: a BIOS that does not know the size of the disk must not keep it from booting. */
static void lives_without_the_disk_size(void **state)
{
    (void)state;
    entry_fill(1, 0x80, 0x0C, UINT32_MAX, UINT32_MAX);
    assert_int_equal(verdict(0), BOOT_OK);
    assert_int_equal(verdict(UINT64_MAX), BOOT_OK);
}

static bool code_sums_differ(struct fletcher64 good)
{
    const struct fletcher64 sums = mbr_code_sums(sector);
    return sums.sum != good.sum || sums.sum_of_sums != good.sum_of_sums;
}

/* Each bit of the code; none of the BPB, the signature, the table and the mark. */
static void code_sums_know_each_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < MBR_CODE_END; i++)
        sector[i] = (uint8_t)(i * 37 + 5);
    const struct fletcher64 good = mbr_code_sums(sector);
    for (size_t bit = 0; bit < 8 * SECTOR_BYTES; bit++) {
        const size_t at = bit / 8;
        const bool is_code = at >= MBR_CODE_OFFSET && at < MBR_CODE_END;
        sector[at] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(code_sums_differ(good), is_code);
        sector[at] ^= (uint8_t)(1U << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_the_active_entry, set_up),
        cmocka_unit_test_setup(wants_the_signature, set_up),
        cmocka_unit_test_setup(wants_one_active_entry, set_up),
        cmocka_unit_test_setup(refuses_other_status_bytes, set_up),
        cmocka_unit_test_setup(accepts_fat_types_only, set_up),
        cmocka_unit_test_setup(refuses_a_partition_that_is_not_on_the_disk, set_up),
        cmocka_unit_test_setup(lives_without_the_disk_size, set_up),
        cmocka_unit_test_setup(code_sums_know_each_bit, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * The table in front of which an install writes: one that is right, where its gap ends, and every
 * disk whose first sectors are not free for the asking.
 */
#include <string.h>

#include "hw/mbr.h"
#include "tests/unit/cmocka_all.h"
#include "tools/disk/table.h"

#define DISK_SECTORS 100000

static struct head head;
static struct refusal refusal;

static void entry(unsigned index, uint8_t status, uint8_t type, uint32_t first, uint32_t sectors)
{
    struct mbr_entry *const at = (struct mbr_entry *)(head.sector[0] + MBR_PARTITION_TABLE) + index;

    at->status = status;
    at->type = type;
    for (unsigned i = 0; i < 4; i++) {
        at->lba_first[i] = (uint8_t)(first >> 8 * i);
        at->sectors[i] = (uint8_t)(sectors >> 8 * i);
    }
}

static int set_up(void **state)
{
    (void)state;
    memset(&head, 0, sizeof(head));
    head.count = HEAD_SECTORS;
    head.disk_sectors = DISK_SECTORS;
    head.block_sectors = 1;
    head.sector[0][MBR_BOOT_SIGNATURE] = 0x55;
    head.sector[0][MBR_BOOT_SIGNATURE + 1] = 0xAA;
    entry(0, 0x80, 0x0C, 2048, 2000);
    return 0;
}

static void assert_end(uint32_t expected)
{
    uint32_t end = 0;
    assert_true(table_judge(&head, &end, &refusal));
    assert_int_equal(end, expected);
}

/* Refused with a sentence that has this in it, and with advice. */
static void assert_refused(const char *part)
{
    uint32_t end = 99;
    assert_false(table_judge(&head, &end, &refusal));
    assert_int_equal(end, 99);
    if (strstr(refusal.what, part) == NULL)
        fail_msg("%s", refusal.what);
    assert_true(refusal.advice[0] != '\0');
}

static void finds_the_end_of_the_gap(void **state)
{
    (void)state;
    assert_end(2048);
    entry(0, 0x80, 0x0C, 10000, 2000);
    assert_end(HEAD_SECTORS);
    entry(3, 0, 0x05, 63, 1000); /* an extended one counts like any other */
    assert_end(63);
    entry(3, 0, 0x00, 100, 10); /* what was a partition once may hold what somebody wants back */
    assert_end(100);
    entry(3, 0, 0x00, 0, 0);
    head.count = 500;
    assert_end(500);
}

static void refuses_gpt(void **state)
{
    (void)state;
    entry(1, 0, 0xEE, 1, 100);
    assert_refused("GPT");
    set_up(NULL);
    memcpy(head.sector[1], "EFI PART", 8);
    assert_refused("GPT");
    set_up(NULL);
    memcpy(head.last, "EFI PART", 8);
    assert_refused("99999, is the backup header of a GPT");
}

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    head.sector[0][MBR_BOOT_SIGNATURE] = 0;
    assert_refused("no partition table");
    set_up(NULL);
    entry(2, 0x7F, 0, 0, 0);
    assert_refused("no partition table");
    set_up(NULL);
    entry(0, 0, 0, 0, 0);
    assert_refused("no partition table");
    memcpy(head.sector[0] + 0x52, "FAT32   ", 8);
    assert_refused("one file system begins in sector 0");
}

static void refuses_partitions_that_cannot_be(void **state)
{
    (void)state;
    entry(1, 0, 0x83, 3000, 10);
    assert_refused("partitions 1 and 2 overlap");
    entry(1, 0, 0x83, 4047, 10);
    assert_refused("partitions 1 and 2 overlap");
    entry(1, 0, 0x83, 4048, 10);
    assert_end(2048);
    entry(1, 0, 0x83, 4048, DISK_SECTORS - 4048 + 1);
    assert_refused("partition 2");
    entry(1, 0, 0x83, UINT32_MAX, UINT32_MAX);
    assert_refused("is not on this disk");
    entry(1, 0, 0x83, 5000, 0);
    assert_refused("is not on this disk");
    entry(1, 0, 0x17, 0, 100); /* an image of a CD that also is a disk */
    assert_refused("partition 2 begins in sector 0");
    entry(1, 0, 0x54, 63, 100);
    assert_refused("disk manager");
    entry(1, 0, 0x55, 63, 100);
    assert_refused("disk manager");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_the_end_of_the_gap, set_up),
        cmocka_unit_test_setup(refuses_gpt, set_up),
        cmocka_unit_test_setup(refuses_what_is_no_table, set_up),
        cmocka_unit_test_setup(refuses_partitions_that_cannot_be, set_up),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * The new sector 0: what is kept of the old one, and when its bytes are a BPB.
 */
#include <string.h>

#include "boot/stage1.h"
#include "tests/unit/cmocka_all.h"
#include "tools/disk/sector0.h"

static uint8_t stage1[SECTOR_BYTES], old[SECTOR_BYTES], made[SECTOR_BYTES];

/* Stage 1 of ones but for its jump and name, an old sector of twos. */
static int set_up(void **state)
{
    static const uint8_t begin[] = { 0xEB, 0x58, 0x90, 'C', 'O', 'L', 'D', 'S', 'T', 'R', 'T' };

    (void)state;
    memset(stage1, 1, sizeof(stage1));
    memcpy(stage1, begin, sizeof(begin));
    memset(old, 2, sizeof(old));
    return 0;
}

/* A BPB as MS-DOS leaves it on a disk. */
static void give_bpb(uint8_t *sector)
{
    static const uint8_t begin[] = { 0xEB, 0x3C, 0x90, 'M',  'S',  'D', 'O', 'S',
                                     '5',  '.',  '0',  0x00, 0x02, 4,   1,   0 };

    memcpy(sector, begin, sizeof(begin));
    sector[0x15] = 0xF8;
    sector[0x18] = 63;
    sector[0x19] = 0;
    sector[0x1A] = 255;
    sector[0x1B] = 0;
}

/* made[first..end) is `from`'s. */
static void assert_kept(const uint8_t *from, size_t first, size_t end)
{
    assert_memory_equal(made + first, from + first, end - first);
}

static void keeps_table_and_signature(void **state)
{
    (void)state;
    sector0_compose(made, stage1, old);
    assert_kept(stage1, 0, MBR_DISK_SIGNATURE);
    assert_kept(old, MBR_DISK_SIGNATURE, SECTOR_BYTES);
}

static void keeps_a_bpb(void **state)
{
    (void)state;
    give_bpb(old);
    sector0_compose(made, stage1, old);
    assert_kept(stage1, 0, MBR_BPB_OFFSET);
    assert_kept(old, MBR_BPB_OFFSET, MBR_CODE_OFFSET);
    assert_kept(stage1, MBR_CODE_OFFSET, MBR_DISK_SIGNATURE);
    assert_kept(old, MBR_DISK_SIGNATURE, SECTOR_BYTES);
}

static void knows_what_is_no_bpb(void **state)
{
    static const struct {
        uint8_t at, value;
    } spoilt[] = { { 0, 0x33 }, { 2, 0 },     { 0x0C, 4 }, { 0x0B, 1 }, { 0x0D, 3 }, { 0x15, 0 },
                   { 0x18, 0 }, { 0x18, 64 }, { 0x19, 1 }, { 0x1A, 0 }, { 0x1B, 2 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(spoilt); i++) {
        give_bpb(old);
        assert_true(sector0_has_bpb(old));
        old[spoilt[i].at] = spoilt[i].value;
        assert_false(sector0_has_bpb(old));
    }
    give_bpb(old);
    old[0] = 0xE9;
    assert_true(sector0_has_bpb(old));
}

/* What mkimage's --first-bytes nt and --no-bpb chose stays when the loader is renewed. */
static void keeps_a_coldstarts_beginning(void **state)
{
    static const uint8_t nt[] = { 0x33, 0xC0, 0xEB, 0x56 };

    (void)state;
    memcpy(old, stage1, MBR_BPB_OFFSET);
    memset(old + MBR_BPB_OFFSET, 0, MBR_CODE_OFFSET - MBR_BPB_OFFSET);
    sector0_compose(made, stage1, old);
    assert_kept(old, 0, MBR_CODE_OFFSET);
    memcpy(old, nt, sizeof(nt));
    sector0_compose(made, stage1, old);
    assert_kept(old, 0, MBR_CODE_OFFSET);

    old[3] = 0x55; /* a jump to elsewhere: not one that stage 1 can be entered by */
    sector0_compose(made, stage1, old);
    assert_kept(stage1, 0, MBR_DISK_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(keeps_table_and_signature, set_up),
        cmocka_unit_test_setup(keeps_a_bpb, set_up),
        cmocka_unit_test_setup(knows_what_is_no_bpb, set_up),
        cmocka_unit_test_setup(keeps_a_coldstarts_beginning, set_up),
    };
    return cmocka_run_group_tests_name("sector0", tests, NULL, NULL);
}

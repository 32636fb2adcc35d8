/* SPDX-License-Identifier: MIT
 *
 * The gap: which sectors are free, and where two copies go; what is in use, or somebody's, is never
 * chosen, whatever the gap looks like.
 */
#include <string.h>

#include "base/bytes.h"
#include "boot/stage2_header.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"
#include "tools/disk/gap.h"
#include "tools/seal/seal.h"

#define SECTORS 10
#define BYTES   (SECTORS * SECTOR_BYTES)
#define ROUNDS  2000

static struct head head;
static struct gap gap;
static struct refusal refusal;
static uint8_t stage1[SECTOR_BYTES];
static uint8_t ours[BYTES], others[BYTES]; /* sealed; both for sectors 1 and 1024 */

/* A sealed stage 2 of noise; `sector` becomes the stage 1 that goes with it. */
static void make_copy(uint8_t *copy, uint8_t *sector, uint64_t seed)
{
    static const uint8_t begin[] = { 0xEB, 0x58, 0x90, 'C', 'O', 'L', 'D', 'S', 'T', 'R', 'T' };
    struct random random = { seed };

    memset(sector, 0, SECTOR_BYTES);
    memcpy(sector, begin, sizeof(begin));
    sector[MBR_BOOT_SIGNATURE] = 0x55;
    sector[MBR_BOOT_SIGNATURE + 1] = 0xAA;
    memset(copy, 0, BYTES);
    memcpy(copy, "COLDSTG2", 8);
    for (size_t i = sizeof(struct stage2_header); i < BYTES; i++)
        copy[i] = (uint8_t)(random_next(&random) | 1);
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES, SECTORS), SEAL_OK);
    assert_int_equal(seal_stage2(copy, BYTES, sector), SEAL_OK);
}

static int set_up(void **state)
{
    (void)state;
    make_copy(others, stage1, 2);
    make_copy(ours, stage1, 1);
    memset(&head, 0, sizeof(head));
    head.count = HEAD_SECTORS;
    head.disk_sectors = 100000;
    return 0;
}

static void put(uint32_t lba, const uint8_t *copy)
{
    memcpy(head.sector[lba], copy, BYTES);
}

/* The disk's sector 0 becomes a stage 1 that reads these. */
static void boots_from(uint16_t a, uint16_t b)
{
    memcpy(head.sector[0], stage1, SECTOR_BYTES);
    uint8_t *const at = head.sector[0] + STAGE1_PARAMETERS_OFFSET;
    at[0] = (uint8_t)a;
    at[1] = (uint8_t)(a >> 8);
    at[2] = (uint8_t)b;
    at[3] = (uint8_t)(b >> 8);
}

static void assert_places(uint32_t end, uint32_t block, uint16_t a, uint16_t b)
{
    struct stage1_parameters where;

    gap_map(&gap, &head, end, ours, BYTES);
    assert_true(gap_is_ours(&gap, &head, &refusal));
    assert_true(gap_choose(&gap, SECTORS, block, &where, &refusal));
    assert_int_equal(where.copy_lba[0], a);
    assert_int_equal(where.copy_lba[1], b);
    assert_int_equal(where.sectors, SECTORS);
}

static void assert_no_room(uint32_t end, uint32_t block, const char *part)
{
    struct stage1_parameters where;

    gap_map(&gap, &head, end, ours, BYTES);
    assert_true(gap_is_ours(&gap, &head, &refusal));
    assert_false(gap_choose(&gap, SECTORS, block, &where, &refusal));
    if (strstr(refusal.what, part) == NULL)
        fail_msg("%s", refusal.what);
}

static void assert_foreign(const char *part)
{
    gap_map(&gap, &head, 2048, ours, BYTES);
    assert_false(gap_is_ours(&gap, &head, &refusal));
    if (strstr(refusal.what, part) == NULL)
        fail_msg("%s", refusal.what);
}

static void usual_places_in_an_empty_gap(void **state)
{
    (void)state;
    assert_places(2048, 1, 1, 1024);
    assert_places(1034, 1, 1, 1024);
}

static void far_apart_in_a_small_gap(void **state)
{
    (void)state;
    assert_places(1033, 1, 1, 1023);
    assert_places(63, 1, 1, 53);
    assert_places(21, 1, 1, 11);
    assert_no_room(20, 1, "19 sectors, 19 of them free; the loader needs two pieces of 10");
    assert_no_room(1, 1, "0 sectors");
}

/* A disk that writes blocks of eight: no block of a copy may have sector 0 or a partition in it. */
static void large_blocks_are_not_shared(void **state)
{
    (void)state;
    assert_places(2048, 8, 8, 1024);
    assert_places(63, 8, 8, 40);
    assert_no_room(31, 8, "too small");
    assert_places(40, 8, 8, 24);
}

/* The copies in use stay; when the new ones are in use, the old places are free again. */
static void upgrades_go_elsewhere(void **state)
{
    (void)state;
    put(1, others);
    put(1024, others);
    boots_from(1, 1024);
    assert_places(2048, 1, 11, 2038);
    assert_places(2048, 8, 16, 2032);
    put(11, ours);
    put(2038, ours);
    boots_from(11, 2038);
    assert_places(2048, 1, 1, 1024);

    /* A damaged copy in use is in use. */
    put(1, others);
    boots_from(1, 1024);
    head.sector[1][100] ^= 1;
    head.sector[1][1] ^= 1;
    assert_places(2048, 1, 11, 2038);
    assert_int_equal(gap.whole_copies, 1);
}

static void no_room_beside_the_copies_in_use(void **state)
{
    (void)state;
    put(1, others);
    put(21, others);
    boots_from(1, 21);
    assert_no_room(40, 1, "too small");
    assert_non_null(strstr(refusal.advice, "--uninstall"));
    assert_places(41, 1, 11, 31);
}

/* A whole stage 2 that nothing reads is free; a broken one is left alone, but keeps nobody out. */
static void what_others_left(void **state)
{
    (void)state;
    put(1, others);
    assert_places(2048, 1, 1, 1024);
    head.sector[3][77] ^= 1;
    assert_places(2048, 1, 11, 1024);
    head.sector[1][0] ^= 1;
    assert_foreign("between sector 1 and sector 10");
}

/* An install of the same loader that was cut off: any of its sectors, anywhere, is free. */
static void what_was_cut_off(void **state)
{
    struct random random = { 5 };

    (void)state;
    for (unsigned round = 0; round < 50; round++) {
        memset(head.sector[1], 0, BYTES);
        memset(head.sector[1024], 0, BYTES);
        for (uint32_t i = 0; i < SECTORS; i++) {
            if (random_below(&random, 2) != 0)
                memcpy(head.sector[1 + i], ours + i * SECTOR_BYTES, SECTOR_BYTES);
            if (random_below(&random, 2) != 0)
                memcpy(head.sector[1024 + i], ours + i * SECTOR_BYTES, SECTOR_BYTES);
        }
        assert_places(2048, 1, 1, 1024);
    }
}

static void names_the_owner(void **state)
{
    (void)state;
    head.sector[700][5] = 1;
    assert_foreign("between sector 700 and sector 700");
    assert_null(strstr(refusal.what, ": a"));
    memcpy(head.sector[8], "\xFC\x4E\x2B\xA9\x01\0\0\0", 8);
    assert_foreign("between sector 8 and sector 700: a member of a Linux RAID");
    memcpy(head.sector[9] + 24, "LABELONE", 8);
    assert_foreign("LVM");
    memcpy(head.sector[0] + 0x180, "GRUB \0Geom", 11);
    assert_foreign("GRUB");
}

/* Whatever is in a gap: what is chosen is free, apart, and shares no block with what is in use. */
static void never_chooses_what_is_not_free(void **state)
{
    struct random random = { 9 };
    struct stage1_parameters where;
    unsigned chosen = 0;

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint32_t block = 1U << random_below(&random, 4);
        memset(&gap, 0, sizeof(gap));
        gap.end = 2 + (uint32_t)random_below(&random, 200);
        for (unsigned spots = (unsigned)random_below(&random, 5); spots != 0; spots--)
            gap.use[random_below(&random, gap.end)] = (uint8_t)(1 + random_below(&random, 2));
        if (!gap_choose(&gap, SECTORS, block, &where, &refusal))
            continue;
        chosen++;
        assert_true(where.copy_lba[1] >= where.copy_lba[0] + SECTORS);
        for (unsigned i = 0; i < 2; i++) {
            const uint32_t first = where.copy_lba[i], end = first + SECTORS;
            assert_true(first >= 1 && end <= gap.end);
            for (uint32_t lba = first; lba < end; lba++)
                assert_int_equal(gap.use[lba], GAP_FREE);
            for (uint32_t lba = first / block * block; lba < (end + block - 1) / block * block;
                 lba++)
                assert_true(lba < gap.end && gap.use[lba] != GAP_IN_USE &&
                            (lba != 0 || block == 1));
        }
    }
    assert_true(chosen > ROUNDS / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(usual_places_in_an_empty_gap, set_up),
        cmocka_unit_test_setup(far_apart_in_a_small_gap, set_up),
        cmocka_unit_test_setup(large_blocks_are_not_shared, set_up),
        cmocka_unit_test_setup(upgrades_go_elsewhere, set_up),
        cmocka_unit_test_setup(no_room_beside_the_copies_in_use, set_up),
        cmocka_unit_test_setup(what_others_left, set_up),
        cmocka_unit_test_setup(what_was_cut_off, set_up),
        cmocka_unit_test_setup(names_the_owner, set_up),
        cmocka_unit_test_setup(never_chooses_what_is_not_free, set_up),
    };
    return cmocka_run_group_tests_name("gap", tests, NULL, NULL);
}

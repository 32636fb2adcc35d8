/* SPDX-License-Identifier: MIT
 *
 * Sealing: whatever stage 2 holds and however long it is, its sums come out as
 * stage 1 wants them; what is not a stage is refused and left as it was.
 */
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/fletcher64.h"
#include "kernel/core/mbr_code.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"
#include "tools/seal/seal.h"

#define ROOM   (STAGE2_MAX_SECTORS * SECTOR_BYTES)
#define ROUNDS 300

static uint8_t copy[ROOM + SECTOR_BYTES];
static uint8_t before[sizeof(copy)];
static uint8_t sector[SECTOR_BYTES];

static void store_le32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* A raw stage 2 of that many bytes, random behind its header. */
static void make_raw(struct random *random, size_t bytes)
{
    memset(copy, 0, sizeof(copy));
    store_le32(copy, STAGE2_MAGIC_0);
    store_le32(copy + 4, STAGE2_MAGIC_1);
    for (size_t i = sizeof(struct stage2_header); i < bytes; i++)
        copy[i] = (uint8_t)random_next(random);
}

static bool is_balanced(size_t bytes)
{
    struct fletcher64 sums = FLETCHER64_START;
    fletcher64_update(&sums, copy, bytes / 4);
    return sums.sum == FLETCHER64_BALANCED && sums.sum_of_sums == FLETCHER64_BALANCED;
}

static void assert_sealed(size_t raw_bytes)
{
    struct crc32c_tables tables;
    const size_t whole = seal_whole_sectors(raw_bytes);

    assert_int_equal(seal_stage2(copy, raw_bytes, sector), SEAL_OK);
    assert_true(is_balanced(whole));
    assert_int_equal(load_le32(copy + offsetof(struct stage2_header, bytes)), whole);
    const struct fletcher64 code = mbr_code_sums(sector);
    assert_int_equal(load_le32(copy + offsetof(struct stage2_header, mbr_code)), code.sum);
    assert_int_equal(load_le32(copy + offsetof(struct stage2_header, mbr_code) + 4),
                     code.sum_of_sums);
    crc32c_tables_fill(&tables);
    assert_int_equal(load_le32(copy + offsetof(struct stage2_header, build_id)),
                     crc32c_update(&tables, 0, copy + 32, whole - 32));
}

static void test_balances_anything(void **state)
{
    struct random random = { 1 };

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < SECTOR_BYTES; i++)
            sector[i] = (uint8_t)random_next(&random);
        const size_t bytes = 33 + random_next(&random) % (ROOM - 32);
        make_raw(&random, bytes);
        assert_sealed(bytes);
    }
}

static void test_extreme_contents_and_lengths(void **state)
{
    static const size_t lengths[] = { 33, 511, 512, 513, ROOM - 1, ROOM };
    static const uint8_t contents[] = { 0x00, 0xFF, 0x80, 0x01 };
    struct random random = { 1 };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(lengths); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(contents); j++) {
            make_raw(&random, 0);
            memset(copy + 32, contents[j], lengths[i] - 32);
            assert_sealed(lengths[i]);
        }
    }
}

static void assert_refused(size_t bytes, enum seal_status status)
{
    memcpy(before, copy, sizeof(copy));
    assert_int_equal(seal_stage2(copy, bytes, sector), status);
    assert_memory_equal(before, copy, sizeof(copy));
    assert_true(strlen(seal_reason(status)) > 0);
}

static void test_refuses_what_is_no_stage2(void **state)
{
    struct random random = { 1 };

    (void)state;
    make_raw(&random, ROOM);
    assert_refused(0, SEAL_E_STAGE2_SHORT);
    assert_refused(STAGE2_ENTRY_OFFSET, SEAL_E_STAGE2_SHORT);
    assert_refused(ROOM + 1, SEAL_E_STAGE2_LARGE);
    copy[7] ^= 1;
    assert_refused(ROOM, SEAL_E_STAGE2_MAGIC);
    copy[7] ^= 1;
    assert_int_equal(seal_stage2(copy, ROOM, sector), SEAL_OK);
    assert_refused(ROOM, SEAL_E_STAGE2_HEADER);
}

static void test_stage1_parameters(void **state)
{
    (void)state;
    memset(sector, 0, sizeof(sector));
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES, 7), SEAL_E_STAGE1_MARK);
    sector[510] = 0x55;
    sector[511] = 0xAA;
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES - 1, 7), SEAL_E_STAGE1_SIZE);
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES, 7), SEAL_OK);
    const uint8_t *const parameters = sector + STAGE1_PARAMETERS_OFFSET;
    assert_int_equal(load_le16(parameters), STAGE2_COPY_A_LBA);
    assert_int_equal(load_le16(parameters + 2), STAGE2_COPY_B_LBA);
    assert_int_equal(load_le16(parameters + 4), 7);
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES, 7), SEAL_E_STAGE1_PARAMETERS);
}

/* A sealed pair made for other places is a pair again, with the same build id; others are refused. */
static void test_moves_a_pair(void **state)
{
    struct random random = { 1 };
    const struct stage1_parameters where = { { 200, 1500 }, 7 };
    const struct stage1_parameters longer = { { 200, 1500 }, 8 };
    const size_t bytes = 7 * SECTOR_BYTES;

    (void)state;
    memset(sector, 0, sizeof(sector));
    sector[510] = 0x55;
    sector[511] = 0xAA;
    make_raw(&random, bytes);
    assert_int_equal(seal_move(sector, copy, bytes, &where), SEAL_E_NOT_SEALED);
    assert_int_equal(seal_stage1(sector, SECTOR_BYTES, 7), SEAL_OK);
    assert_sealed(bytes);
    memcpy(before, copy, sizeof(copy));
    assert_int_equal(seal_move(sector, copy, bytes, &longer), SEAL_E_NOT_SEALED);
    assert_memory_equal(before, copy, sizeof(copy));

    assert_int_equal(seal_move(sector, copy, bytes, &where), SEAL_OK);
    assert_true(is_balanced(bytes));
    assert_int_equal(load_le16(sector + STAGE1_PARAMETERS_OFFSET), 200);
    assert_int_equal(load_le16(sector + STAGE1_PARAMETERS_OFFSET + 2), 1500);
    assert_int_equal(load_le32(copy + 12), load_le32(before + 12));
    assert_memory_equal(before + 32, copy + 32, bytes - 32);
    const struct fletcher64 code = mbr_code_sums(sector);
    assert_int_equal(load_le32(copy + offsetof(struct stage2_header, mbr_code)), code.sum);
    sector[MBR_CODE_OFFSET] ^= 1;
    assert_int_equal(seal_move(sector, copy, bytes, &where), SEAL_E_NOT_SEALED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_balances_anything),
        cmocka_unit_test(test_extreme_contents_and_lengths),
        cmocka_unit_test(test_refuses_what_is_no_stage2),
        cmocka_unit_test(test_stage1_parameters),
        cmocka_unit_test(test_moves_a_pair),
    };
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}

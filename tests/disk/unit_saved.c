/* SPDX-License-Identifier: MIT
 *
 * The file of saved sectors: what is encoded comes back, and no damaged byte, no length and no
 * contradiction is believed.
 */
#include <string.h>

#include "base/bytes.h"
#include "kernel/core/crc32c.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"
#include "tools/disk/saved.h"

#define SECTORS 3
#define BYTES   (SAVED_HEADER_BYTES + SECTORS * (SECTOR_BYTES + 8) + SAVED_CRC_BYTES)
#define PLACES  (SAVED_HEADER_BYTES + SECTORS * SECTOR_BYTES)

static struct saved saved, back;
static uint8_t bytes[SAVED_BYTES_MOST + 1];
static struct refusal refusal;

static void fill(struct saved *one, uint32_t count)
{
    struct random random = { 1 };

    memset(one, 0, sizeof(*one));
    one->count = count;
    one->disk_bytes = 0x123456789A00;
    one->old_copies = 2;
    for (uint32_t i = 0; i < count; i++) {
        one->sector[i].lba = count < 10 ? 7 * i : i;
        one->sector[i].written = (uint32_t)random_next(&random);
        for (size_t at = 0; at < SECTOR_BYTES; at++)
            one->sector[i].old[at] = (uint8_t)random_next(&random);
    }
    one->signature = load_le32(one->sector[0].old + MBR_DISK_SIGNATURE);
}

static int set_up(void **state)
{
    (void)state;
    fill(&saved, SECTORS);
    assert_int_equal(saved_encode(&saved, bytes), BYTES);
    return 0;
}

/* Make the checksum right again: somebody meant it. */
static void reseal(void)
{
    struct crc32c_tables tables;
    crc32c_tables_fill(&tables);
    const uint32_t crc = crc32c_update(&tables, 0, bytes, BYTES - SAVED_CRC_BYTES);
    for (unsigned i = 0; i < SAVED_CRC_BYTES; i++)
        bytes[BYTES - SAVED_CRC_BYTES + i] = (uint8_t)(crc >> 8 * i);
}

static void comes_back(void **state)
{
    (void)state;
    assert_true(saved_decode(&back, bytes, BYTES, &refusal));
    assert_memory_equal(&back, &saved, sizeof(saved));
    assert_memory_equal(bytes + SAVED_HEADER_BYTES, saved.sector[0].old, SECTOR_BYTES);

    fill(&saved, SAVED_SECTORS_MOST);
    assert_int_equal(saved_encode(&saved, bytes), SAVED_BYTES_MOST);
    assert_true(saved_decode(&back, bytes, SAVED_BYTES_MOST, &refusal));
    assert_memory_equal(&back, &saved, sizeof(saved));
}

static void every_bit_counts(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * BYTES; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(saved_decode(&back, bytes, BYTES, &refusal));
        assert_true(refusal.what[0] != '\0');
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void no_other_length_will_do(void **state)
{
    (void)state;
    for (size_t count = 0; count < BYTES; count++)
        assert_false(saved_decode(&back, bytes, count, &refusal));
    assert_false(saved_decode(&back, bytes, BYTES + 1, &refusal));
}

/* With a right checksum: sectors twice, out of order, beyond the gap, without sector 0. */
static void contradictions_are_found(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {
        { PLACES, 1 },      { PLACES + 8, 0 },  { PLACES + 8, 14 }, { PLACES + 16, 7 },
        { PLACES + 17, 8 }, { PLACES + 18, 1 }, { 24, 0 },          { 12, 2 },
        { 12, 0 },          { 14, 1 },          { 8, 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        set_up(NULL);
        assert_true(bytes[wrong[i].at] != wrong[i].value);
        bytes[wrong[i].at] = wrong[i].value;
        reseal();
        assert_false(saved_decode(&back, bytes, BYTES, &refusal));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(comes_back, set_up),
        cmocka_unit_test_setup(every_bit_counts, set_up),
        cmocka_unit_test_setup(no_other_length_will_do, set_up),
        cmocka_unit_test_setup(contradictions_are_found, set_up),
    };
    return cmocka_run_group_tests_name("saved", tests, NULL, NULL);
}

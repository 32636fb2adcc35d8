/* SPDX-License-Identifier: MIT
 *
 * CRC-32C against the published check values and against the definition, one
 * bit at a time, whole and in pieces.
 */
#include <string.h>

#include "kernel/core/crc32c.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define POLYNOMIAL   0x82F63B78U
#define BYTES        4096
#define SIZE_LAST    600
#define ALIGNMENTS   8
#define ROUNDS       2000
#define VECTOR_BYTES 32

static struct crc32c_tables tables;
static uint8_t bytes[BYTES];

static uint32_t by_definition(uint32_t crc, const uint8_t *from, size_t count)
{
    crc = ~crc;
    while (count-- != 0) {
        crc ^= *from++;
        for (unsigned bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
    }
    return ~crc;
}

static uint32_t by_table(uint32_t crc, const void *from, size_t count)
{
    return crc32c_update(&tables, crc, from, count);
}

typedef uint32_t update_function(uint32_t crc, const void *from, size_t count);

static int fill(void **state)
{
    (void)state;
    crc32c_tables_fill(&tables);
    struct random random = { .state = 1 };
    for (size_t place = 0; place < BYTES; place++)
        bytes[place] = (uint8_t)random_next(&random);
    return 0;
}

static void tables_are_right(void **state)
{
    (void)state;
    for (unsigned slice = 0; slice < CRC32C_SLICES; slice++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t message[CRC32C_SLICES] = { (uint8_t)value };
            /* Started with all ones undone, a CRC is the bare remainder. */
            assert_int_equal(tables.entry[slice][value],
                             ~by_definition(UINT32_MAX, message, slice + 1));
        }
    }
}

static void check_published_values(update_function *update)
{
    uint8_t message[VECTOR_BYTES];
    assert_int_equal(update(0, "123456789", 9), 0xE3069283);
    assert_int_equal(update(0, message, 0), 0);
    memset(message, 0x00, VECTOR_BYTES);
    assert_int_equal(update(0, message, VECTOR_BYTES), 0x8A9136AA);
    memset(message, 0xFF, VECTOR_BYTES);
    assert_int_equal(update(0, message, VECTOR_BYTES), 0x62A8AB43);
    for (unsigned place = 0; place < VECTOR_BYTES; place++)
        message[place] = (uint8_t)place;
    assert_int_equal(update(0, message, VECTOR_BYTES), 0x46DD794E);
    for (unsigned place = 0; place < VECTOR_BYTES; place++)
        message[place] = (uint8_t)(VECTOR_BYTES - 1 - place);
    assert_int_equal(update(0, message, VECTOR_BYTES), 0x113FDB5C);
}

static void check_every_size_and_alignment(update_function *update)
{
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        const uint8_t *const from = bytes + size % ALIGNMENTS;
        assert_int_equal(update(0, from, size), by_definition(0, from, size));
    }
}

static void check_pieces(update_function *update)
{
    const uint32_t whole = by_definition(0, bytes, BYTES);
    struct random random = { .state = 2 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t crc = 0;
        for (size_t done = 0; done < BYTES;) {
            const size_t size = 1 + random_below(&random, BYTES - done);
            crc = update(crc, bytes + done, size);
            done += size;
        }
        assert_int_equal(crc, whole);
    }
}

static void by_table_is_right(void **state)
{
    (void)state;
    check_published_values(by_table);
    check_every_size_and_alignment(by_table);
    check_pieces(by_table);
}

static void no_bytes_need_no_pointer(void **state)
{
    (void)state;
    assert_int_equal(crc32c_update(&tables, 0xE3069283, NULL, 0), 0xE3069283);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_right),
        cmocka_unit_test(by_table_is_right),
        cmocka_unit_test(no_bytes_need_no_pointer),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}

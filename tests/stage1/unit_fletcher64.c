/* SPDX-License-Identifier: MIT
 *
 * Fletcher-64 against its definition with remainders, in pieces, at odd
 * addresses, and at the values where end-around carries could go wrong.
 */
#include <string.h>

#include "kernel/core/fletcher64.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define WORDS   1000
#define ROUNDS  200
#define MODULUS 0xFFFFFFFFull

static uint8_t bytes[WORDS * 4 + 4];

static uint32_t word_at(const uint8_t *from, size_t index)
{
    const uint8_t *const word = from + 4 * index;
    return word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
}

/* The sums as remainders: what end-around carry computes, but 0 and all ones are one value here. */
static void assert_by_definition(const uint8_t *from, size_t words, struct fletcher64 sums)
{
    uint64_t sum = 0;
    uint64_t sum_of_sums = 0;

    for (size_t i = 0; i < words; i++) {
        sum = (sum + word_at(from, i)) % MODULUS;
        sum_of_sums = (sum_of_sums + sum) % MODULUS;
    }
    assert_int_equal(sums.sum % MODULUS, sum);
    assert_int_equal(sums.sum_of_sums % MODULUS, sum_of_sums);
}

static void fill(struct random *random)
{
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)random_next(random);
}

static void test_known_values(void **state)
{
    static const uint8_t words[] = { 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0 };
    struct fletcher64 sums = { 0 };

    (void)state;
    fletcher64_update(&sums, words, 3);
    assert_int_equal(sums.sum, 6);
    assert_int_equal(sums.sum_of_sums, 1 + 3 + 6);
}

static void test_definition_and_pieces(void **state)
{
    struct random random = { 1 };

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct fletcher64 whole = { 0 };
        struct fletcher64 pieces = { 0 };
        const uint8_t *const from = bytes + round % 4;
        const size_t first = random_next(&random) % WORDS;

        fill(&random);
        fletcher64_update(&whole, from, WORDS);
        fletcher64_update(&pieces, from, first);
        fletcher64_update(&pieces, from + 4 * first, WORDS - first);
        assert_by_definition(from, WORDS, whole);
        assert_memory_equal(&whole, &pieces, sizeof(whole));
    }
}

/* Zeros never balance; anything else never gives a sum of 0. */
static void test_zeros_and_ones(void **state)
{
    struct fletcher64 sums = { 0 };

    (void)state;
    memset(bytes, 0, sizeof(bytes));
    fletcher64_update(&sums, bytes, WORDS);
    assert_int_equal(sums.sum, 0);
    assert_int_equal(sums.sum_of_sums, 0);

    memset(bytes, 0xFF, sizeof(bytes));
    fletcher64_update(&sums, bytes, WORDS);
    assert_int_equal(sums.sum, FLETCHER64_BALANCED);
    assert_int_equal(sums.sum_of_sums, FLETCHER64_BALANCED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_definition_and_pieces),
        cmocka_unit_test(test_zeros_and_ones),
    };
    return cmocka_run_group_tests_name("fletcher64", tests, NULL, NULL);
}

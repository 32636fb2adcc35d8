/* SPDX-License-Identifier: MIT
 *
 * arm_divide against the host's own division: all pairs of edge values, then
 * random ones of every length.
 */
#include "tests/bare/arm_divide.h"

#include "base/compiler.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ROUNDS 200000
#define BITS   64

static void compare(uint64_t numerator, uint64_t denominator)
{
    uint64_t remainder = 0;
    assert_int_equal(arm_divide(numerator, denominator, &remainder), numerator / denominator);
    assert_int_equal(remainder, numerator % denominator);
}

static void edges_agree(void **state)
{
    (void)state;
    for (unsigned high = 0; high < BITS; high++) {
        for (unsigned low = 0; low < BITS; low++) {
            for (uint64_t add = 0; add < 3; add++) {
                compare((1ULL << high) + add - 1, 1ULL << low);
                compare(1ULL << high, (1ULL << low) + add / 2);
                compare(UINT64_MAX - add, UINT64_MAX >> low);
            }
        }
    }
}

static void random_numbers_agree(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t numerator = random_next(&random) >> random_below(&random, BITS);
        const uint64_t denominator = random_next(&random) >> random_below(&random, BITS);
        compare(numerator, denominator == 0 ? 1 : denominator);
    }
}

static void division_by_zero_is_all_ones(void **state)
{
    (void)state;
    uint64_t remainder = 0;
    assert_int_equal(arm_divide(7, 0, &remainder), UINT64_MAX);
    assert_int_equal(remainder, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_agree),
        cmocka_unit_test(random_numbers_agree),
        cmocka_unit_test(division_by_zero_is_all_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

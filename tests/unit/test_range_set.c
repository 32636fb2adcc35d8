/* SPDX-License-Identifier: MIT
 *
 * Range sets against an array of truths (tests/fuzz/range_set_oracle.h): random
 * sequences at both ends of all numbers and between, with more and less room.
 */
#include "tests/fuzz/range_set_oracle.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ROUNDS     4000
#define STEPS_LAST 60

static struct oracle_step random_step(struct random *random)
{
    struct oracle_step step = { .verb = (enum oracle_verb)random_below(random, ORACLE_VERBS) };
    step.first = (unsigned)random_below(random, ORACLE_NUMBERS);
    step.last = step.first + (unsigned)random_below(random, ORACLE_NUMBERS - step.first);
    if (random_below(random, 2) != 0 && step.last > step.first + 2)
        step.last = step.first + 2; /* short ones make more ranges */
    step.count = 1 + (unsigned)random_below(random, 8);
    step.alignment = 1U << random_below(random, 5);
    return step;
}

static void random_sequences_agree_with_the_truth(void **state)
{
    (void)state;
    static const uint64_t bases[] = { 0, 1, 0x1000, UINT64_MAX - ORACLE_NUMBERS + 1,
                                      UINT64_MAX - ORACLE_NUMBERS };
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct random random = { .state = seed };
        struct oracle_step steps[STEPS_LAST];
        const unsigned count = (unsigned)random_below(&random, STEPS_LAST + 1);
        const unsigned capacity = (unsigned)random_below(&random, ORACLE_CAPACITY + 1);
        for (unsigned step = 0; step < count; step++)
            steps[step] = random_step(&random);
        const char *const wrong = range_set_oracle_check(
            steps, count, bases[seed % (sizeof(bases) / sizeof(bases[0]))], capacity);
        if (wrong != NULL)
            fail_msg("seed %u: not true: %s", (unsigned)seed, wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Random programs for each allocator, held against the model of the fuzz target.
 * What each must do by itself is in kernel/proof/proof_heap*.c, which runs here,
 * too, with the sanitizers watching.
 */
#include <stdio.h>
#include <stdlib.h>

#include "kernel/proof/suites.h"
#include "tests/fuzz/heap_model.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define SEEDS      300
#define STEPS_MOST 400

static void check(unsigned kind)
{
    static uint8_t program[STEPS_MOST * HEAP_MODEL_STEP_BYTES];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct random random = { .state = seed };
        const size_t bytes = random_below(&random, sizeof(program) + 1);
        for (size_t i = 0; i < bytes; i++)
            program[i] = (uint8_t)random_next(&random);
        const char *const wrong = heap_model_run(kind, program, bytes);
        if (wrong != NULL)
            fail_msg("seed %u: not true that %s", (unsigned)seed, wrong);
    }
}

static void bump_agrees_with_the_model(void **state)
{
    (void)state;
    check(PROOF_BUMP);
}

static void linked_list_agrees_with_the_model(void **state)
{
    (void)state;
    check(PROOF_LINKED_LIST);
}

static void fixed_block_agrees_with_the_model(void **state)
{
    (void)state;
    check(PROOF_FIXED_BLOCK);
}

static void slab_agrees_with_the_model(void **state)
{
    (void)state;
    check(PROOF_SLAB);
}

static void checked_agrees_with_the_model(void **state)
{
    (void)state;
    check(HEAP_MODEL_CHECKED);
}

static void print(void *context, const char *text, size_t bytes)
{
    (void)context;
    fwrite(text, 1, bytes, stdout);
}

static void suites_pass_under_the_sanitizers(void **state)
{
    const struct format_sink out = { .write = print };
    struct claims claims = { .out = &out, .arena_bytes = CLAIMS_ARENA_BYTES };
    (void)state;
    claims.arena = aligned_alloc(CLAIMS_ARENA_ALIGNMENT, CLAIMS_ARENA_BYTES);
    assert_non_null(claims.arena);
    assert_true(claims_run(&claims, NULL, "heap."));
    free(claims.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bump_agrees_with_the_model),
        cmocka_unit_test(linked_list_agrees_with_the_model),
        cmocka_unit_test(fixed_block_agrees_with_the_model),
        cmocka_unit_test(slab_agrees_with_the_model),
        cmocka_unit_test(checked_agrees_with_the_model),
        cmocka_unit_test(suites_pass_under_the_sanitizers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

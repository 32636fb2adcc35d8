/* SPDX-License-Identifier: MIT
 *
 * Drives the shipped stage 1 in an emulator library through what BIOSes answer.
 *
 *   emulated_stage1                    all products, each SLICE-th run of the large ones; fails
 *                                      if an instruction never ran
 *   emulated_stage1 full               the same with all runs
 *   emulated_stage1 NAME...            single quirks, like q17
 *   emulated_stage1 random COUNT SEED  habits by chance
 *
 * The binary is $COLDSTART_BUILD/stage1.bin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulated/stage1_cases.h"

#define CHANCE_COUNT   6000
#define CHANCE_SEED    1
#define CHANCE_SECTORS 3
#define SLICE          5 /* a prime, so that every value of every answer has its turn */

static struct rig rig;

static bool run_case(const struct stage1_case *test)
{
    const unsigned long failed = rig.failed;

    rig_use_short(&rig, 1);
    test->run(&rig);
    printf("%-8s %s: %s\n", test->name, rig.failed == failed ? "ok" : "FAILED", test->what);
    return rig.failed == failed;
}

static bool run_named(const char *name)
{
    for (const struct stage1_case *test = stage1_cases; test->name != NULL; test++)
        if (strcmp(test->name, name) == 0)
            return run_case(test);
    fprintf(stderr, "no test %s\n", name);
    return false;
}

static void run_chance(unsigned long count, uint64_t seed)
{
    struct random random = { seed };

    for (unsigned long i = 0; i < count; i++) {
        if (i % CHANCE_COUNT == 0)
            rig_use_short(&rig, 1 + (unsigned)(i / CHANCE_COUNT % CHANCE_SECTORS));
        const struct habits habits = habits_by_chance(&random, rig.disk.sectors);
        rig_run(&rig, &habits);
    }
}

static void run_product(const char *name, void (*product)(struct rig *rig))
{
    const unsigned long before = rig.runs;

    product(&rig);
    printf("%-8s %lu runs with %u sectors\n", name, rig.runs - before, rig.disk.sectors);
}

static void run_everything(void)
{
    static const unsigned lengths[] = { 65, STAGE2_MAX_SECTORS };

    for (const struct stage1_case *test = stage1_cases; test->name != NULL; test++)
        run_case(test);
    rig_use_short(&rig, 1);
    run_product("manners", product_manners);
    run_product("drives", product_drives);
    run_product("lies", product_lies);
    run_product("reads", product_reads);
    for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        rig_use_short(&rig, lengths[i]);
        run_product("lengths", product_lengths);
    }
    rig_use_shipped(&rig);
    run_product("shipped", product_lengths);
    run_chance(CHANCE_COUNT, CHANCE_SEED);
}

/* Every figure; false when an instruction never ran. */
static bool print_figures(void)
{
    const struct coverage_sum sum = coverage_count(&rig.coverage);

    printf("stage 1: %lu runs: %lu boot, %lu stop, %lu hang in the BIOS; %lu failed\n", rig.runs,
           rig.outcomes[OUTCOME_BOOTS], rig.outcomes[OUTCOME_STOPS], rig.outcomes[OUTCOME_HANGS],
           rig.failed);
    printf("stage 1: instructions run %u of %u, branches both ways %u of %u\n", sum.run,
           sum.instructions, sum.both_ways, sum.branches);
    printf("stage 1: deepest stack %u bytes; one sector takes at most %u calls of INT 13h\n",
           rig.machine.stack_top - rig.machine.deepest, rig.most_calls);
    coverage_list(&rig.coverage);
    if (rig.coverage.off_beat != 0)
        printf("FAILED: the listing knows no instruction at %X\n", rig.coverage.off_beat);
    return sum.run == sum.instructions && rig.coverage.off_beat == 0;
}

int main(int count, char **arguments)
{
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    rig_open(&rig);
    if (count == 1 || (count == 2 && strcmp(arguments[1], "full") == 0)) {
        rig.stride = count == 1 ? SLICE : 1;
        run_everything();
        good = print_figures();
    } else if (count == 4 && strcmp(arguments[1], "random") == 0) {
        run_chance(strtoul(arguments[2], NULL, 0), strtoull(arguments[3], NULL, 0));
        print_figures();
    } else {
        for (int i = 1; i < count; i++)
            good = run_named(arguments[i]) && good;
    }
    good = good && rig.failed == 0;
    rig_close(&rig);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

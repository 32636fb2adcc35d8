/* SPDX-License-Identifier: MIT
 *
 * Drives the shipped stage 2's 16-bit code in an emulator library.
 *
 *   emulated_stage2 LIST      everything; fails if what never ran is not what LIST says
 *   emulated_stage2 NAME...   single quirks, like q58
 *   emulated_stage2 random COUNT SEED
 *
 * The binary is $COLDSTART_BUILD/stage2.bin. Lines of LIST: a label whose
 * instructions, or some of them, cannot run here; and why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulated/stage2_cases.h"

#define LINE_BYTES 256

static struct rig rig;

static const struct stage2_case *const groups[] = {
    stage2_road_cases, stage2_memory_cases, stage2_service_cases, stage2_end_cases, stage2_products,
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool run_case(const struct stage2_case *test)
{
    const unsigned long failed = rig.failed;
    const unsigned long runs = rig.runs;

    test->run(&rig);
    printf("%-9s %s: %s (%lu runs)\n", test->name, rig.failed == failed ? "ok" : "FAILED",
           test->what, rig.runs - runs);
    return rig.failed == failed;
}

/* All cases of that name; NULL: all. */
static bool run_named(const char *name)
{
    bool good = true;
    unsigned found = 0;

    for (size_t i = 0; i < GROUPS; i++)
        for (const struct stage2_case *test = groups[i]; test->name != NULL; test++)
            if (name == NULL || strcmp(test->name, name) == 0) {
                good = run_case(test) && good;
                found++;
            }
    if (found == 0)
        fprintf(stderr, "no test %s\n", name);
    return good && found > 0;
}

static void run_chance(unsigned long count, uint64_t seed)
{
    struct random random = { seed };

    for (unsigned long i = 0; i < count; i++)
        stage2_chance(&rig, &random);
}

/* Whether a label has an instruction that never ran. */
static bool is_incomplete(const char *label)
{
    for (uint32_t at = 0; at < COVERAGE_REACH; at++)
        if (rig.coverage.length[at] != 0 && !rig.coverage.run[at] &&
            strcmp(coverage_name(&rig.coverage, at)->name, label) == 0)
            return true;
    return false;
}

/* Whether the list names a label. */
static bool is_listed(FILE *list, const char *label)
{
    char line[LINE_BYTES];
    char name[COVERAGE_NAME];

    rewind(list);
    while (fgets(line, sizeof(line), list) != NULL)
        if (line[0] != '#' && sscanf(line, "%63s", name) == 1 && strcmp(name, label) == 0)
            return true;
    return false;
}

/* The list and what never ran must say the same. */
static bool check_list(const char *path)
{
    FILE *const list = fopen(path, "r");
    char line[LINE_BYTES];
    char name[COVERAGE_NAME];
    bool good = true;

    if (list == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        return false;
    }
    for (uint32_t at = 0; at < COVERAGE_REACH; at++) {
        const char *const label = coverage_name(&rig.coverage, at)->name;
        if (rig.coverage.length[at] != 0 && !rig.coverage.run[at] && !is_listed(list, label)) {
            printf("FAILED: %X in %s never ran, and %s does not say why\n", (unsigned)at, label,
                   path);
            good = false;
        }
    }
    rewind(list);
    while (fgets(line, sizeof(line), list) != NULL)
        if (line[0] != '#' && sscanf(line, "%63s", name) == 1 && !is_incomplete(name)) {
            printf("FAILED: all of %s ran, though %s says why not\n", name, path);
            good = false;
        }
    fclose(list);
    return good;
}

static void print_figures(void)
{
    const struct coverage_sum sum = coverage_count(&rig.coverage);

    printf("stage 2: %lu runs, %lu failed\n", rig.runs, rig.failed);
    printf("stage 2: instructions run %u of %u, branches both ways %u of %u\n", sum.run,
           sum.instructions, sum.both_ways, sum.branches);
    printf("stage 2: deepest stack %u bytes, most port reads of a boot %lu, most INT 15h E820h "
           "calls %u\n",
           rig.machine.stack_top - rig.machine.deepest, rig.most_waits, rig.most_asked);
    coverage_list(&rig.coverage);
}

int main(int count, char **arguments)
{
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    rig_open(&rig);
    if (count == 2 && strchr(arguments[1], '.') != NULL) {
        good = run_named(NULL);
        print_figures();
        good = check_list(arguments[1]) && good && rig.coverage.off_beat == 0;
    } else if (count == 4 && strcmp(arguments[1], "random") == 0) {
        run_chance(strtoul(arguments[2], NULL, 0), strtoull(arguments[3], NULL, 0));
        print_figures();
        good = rig.failed == 0;
    } else {
        for (int i = 1; i < count; i++)
            good = run_named(arguments[i]) && good;
    }
    rig_close(&rig);
    return good && count > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

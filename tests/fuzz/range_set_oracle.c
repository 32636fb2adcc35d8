/* SPDX-License-Identifier: MIT
 *
 * The array of truths, and the comparison after each step.
 */
#include "tests/fuzz/range_set_oracle.h"

#include <stddef.h>
#include <string.h>

#include "kernel/core/range_set.h"

struct pair {
    struct range_set set;
    struct range ranges[ORACLE_CAPACITY];
    bool truth[ORACLE_NUMBERS];
    uint64_t base;
};

static unsigned count_runs(const bool truth[ORACLE_NUMBERS])
{
    unsigned runs = 0;
    for (unsigned i = 0; i < ORACLE_NUMBERS; i++)
        runs += truth[i] && (i == 0 || !truth[i - 1]) ? 1 : 0;
    return runs;
}

static struct range range_of(const struct pair *pair, const struct oracle_step *step)
{
    return (struct range){ pair->base + step->first, pair->base + step->last };
}

/* A change must go exactly when its result has room, and otherwise leave the set alone. */
static const char *check_change(struct pair *pair, const struct oracle_step *step)
{
    bool wanted[ORACLE_NUMBERS];
    memcpy(wanted, pair->truth, sizeof(wanted));
    for (unsigned i = step->first; i <= step->last; i++)
        wanted[i] = step->verb == ORACLE_INSERT;
    const bool fits = count_runs(wanted) <= pair->set.capacity;
    const bool done = step->verb == ORACLE_INSERT
                          ? range_set_insert(&pair->set, range_of(pair, step))
                          : range_set_remove(&pair->set, range_of(pair, step));
    if (fits)
        memcpy(pair->truth, wanted, sizeof(wanted));
    return done == fits ? NULL : "a change goes when its result has room";
}

static bool is_gap(const struct pair *pair, const struct oracle_step *step, unsigned first)
{
    if ((pair->base + first) % step->alignment != 0 || step->count > step->last - first + 1)
        return false;
    for (unsigned i = first; i < first + step->count; i++) {
        if (pair->truth[i])
            return false;
    }
    return true;
}

static const char *check_gap(const struct pair *pair, const struct oracle_step *step)
{
    unsigned wanted = step->first;
    while (wanted <= step->last && !is_gap(pair, step, wanted))
        wanted++;
    uint64_t first = pair->base - 1;
    const bool found =
        range_set_find_gap(&pair->set, range_of(pair, step), step->count, step->alignment, &first);
    if (found != (wanted <= step->last))
        return "a gap is found when there is one";
    return first == (found ? pair->base + wanted : pair->base - 1) ? NULL : "the lowest gap";
}

static const char *compare(const struct pair *pair)
{
    unsigned run_end = 0;
    if (!range_set_is_whole(&pair->set) || pair->set.count != count_runs(pair->truth))
        return "as few ranges as can be, in order";
    for (unsigned i = 0; i < ORACLE_NUMBERS; i++) {
        const uint64_t number = pair->base + i;
        if ((range_set_find(&pair->set, number) != NULL) != pair->truth[i])
            return "each number is in or out";
        for (run_end = i; run_end < ORACLE_NUMBERS && pair->truth[run_end]; run_end++)
            continue;
        const unsigned last = run_end == i ? i : run_end - 1;
        const struct range range = { number, pair->base + last };
        if (range_set_contains(&pair->set, range) != pair->truth[i] ||
            range_set_overlaps(&pair->set, range) != pair->truth[i])
            return "contains and overlaps";
        if (run_end < ORACLE_NUMBERS &&
            range_set_contains(&pair->set, (struct range){ number, pair->base + run_end }))
            return "not beyond the end of a run";
    }
    return NULL;
}

const char *range_set_oracle_check(const struct oracle_step *steps, unsigned count, uint64_t base,
                                   unsigned capacity)
{
    struct pair pair = { .base = base };
    const char *wrong = NULL;
    range_set_begin(&pair.set, pair.ranges, capacity);
    for (unsigned step = 0; step < count && wrong == NULL; step++) {
        wrong = steps[step].verb == ORACLE_GAP ? check_gap(&pair, &steps[step])
                                               : check_change(&pair, &steps[step]);
        if (wrong == NULL)
            wrong = compare(&pair);
    }
    return wrong;
}

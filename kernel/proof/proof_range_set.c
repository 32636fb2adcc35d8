/* SPDX-License-Identifier: MIT
 *
 * Range sets, in whatever world this runs.
 */
#include "kernel/core/range_set.h"
#include "kernel/proof/suites.h"

#define CAPACITY 4

static bool put(struct range_set *set, uint64_t first, uint64_t last)
{
    return range_set_insert(set, (struct range){ first, last });
}

static bool take(struct range_set *set, uint64_t first, uint64_t last)
{
    return range_set_remove(set, (struct range){ first, last });
}

static bool holds(const struct range_set *set, uint64_t first, uint64_t last)
{
    return range_set_contains(set, (struct range){ first, last });
}

/* Is the range at an index first..last? */
static bool is_at(const struct range_set *set, size_t index, uint64_t first, uint64_t last)
{
    return index < set->count && set->ranges[index].first == first &&
           set->ranges[index].last == last && range_set_is_whole(set);
}

static void order(struct claims *claims)
{
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(range_set_is_whole(&set) && range_set_find(&set, 0) == NULL);
    CLAIM(put(&set, 50, 59) && put(&set, 10, 19) && put(&set, 30, 39));
    CLAIM_EQUAL(set.count, 3);
    CLAIM(is_at(&set, 0, 10, 19) && is_at(&set, 1, 30, 39) && is_at(&set, 2, 50, 59));
}

static void merge(struct claims *claims)
{
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(put(&set, 10, 19) && put(&set, 20, 29)); /* touches from above */
    CLAIM(is_at(&set, 0, 10, 29) && set.count == 1);
    CLAIM(put(&set, 5, 9)); /* touches from below */
    CLAIM(is_at(&set, 0, 5, 29) && set.count == 1);
    CLAIM(put(&set, 7, 8)); /* inside */
    CLAIM(is_at(&set, 0, 5, 29) && set.count == 1);
    CLAIM(put(&set, 31, 39) && set.count == 2); /* one apart: not touching */
    CLAIM(put(&set, 30, 30));                   /* the one between */
    CLAIM(is_at(&set, 0, 5, 39) && set.count == 1);
    CLAIM(put(&set, 50, 59) && put(&set, 0, UINT64_MAX)); /* over all */
    CLAIM(is_at(&set, 0, 0, UINT64_MAX) && set.count == 1);
}

static void split(struct claims *claims)
{
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(put(&set, 10, 59));
    CLAIM(take(&set, 20, 29));
    CLAIM(is_at(&set, 0, 10, 19) && is_at(&set, 1, 30, 59) && set.count == 2);
    CLAIM(take(&set, 15, 34)); /* the end of one and the start of the next */
    CLAIM(is_at(&set, 0, 10, 14) && is_at(&set, 1, 35, 59) && set.count == 2);
    CLAIM(take(&set, 20, 30) && set.count == 2); /* where there is nothing */
    CLAIM(take(&set, 0, 14));
    CLAIM(is_at(&set, 0, 35, 59) && set.count == 1);
    CLAIM(take(&set, 0, UINT64_MAX) && set.count == 0);
}

static void no_room(struct claims *claims)
{
    struct range storage[2];
    struct range_set set;
    range_set_begin(&set, storage, 2);
    CLAIM(put(&set, 10, 19) && put(&set, 30, 39));
    CLAIM(!put(&set, 50, 59));
    CLAIM(!take(&set, 12, 13));
    CLAIM(is_at(&set, 0, 10, 19) && is_at(&set, 1, 30, 39) && set.count == 2);
    CLAIM(put(&set, 20, 29) && take(&set, 15, 35)); /* what needs no more room still goes */
    CLAIM(is_at(&set, 0, 10, 14) && is_at(&set, 1, 36, 39) && set.count == 2);
}

static void questions(struct claims *claims)
{
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(put(&set, 10, 19) && put(&set, 21, 29));
    CLAIM(range_set_find(&set, 9) == NULL && range_set_find(&set, 20) == NULL);
    CLAIM(range_set_find(&set, 10) == &set.ranges[0] && range_set_find(&set, 19) == &set.ranges[0]);
    CLAIM(range_set_find(&set, 29) == &set.ranges[1] && range_set_find(&set, 30) == NULL);
    CLAIM(holds(&set, 10, 19) && holds(&set, 12, 12));
    CLAIM(!holds(&set, 19, 21) && !holds(&set, 9, 10) && !holds(&set, 29, 30));
    CLAIM(range_set_overlaps(&set, (struct range){ 19, 21 }));
    CLAIM(range_set_overlaps(&set, (struct range){ 0, UINT64_MAX }));
    CLAIM(!range_set_overlaps(&set, (struct range){ 20, 20 }));
    CLAIM(!range_set_overlaps(&set, (struct range){ 0, 9 }));
}

static void both_ends_of_all(struct claims *claims)
{
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(put(&set, 0, 0) && put(&set, UINT64_MAX, UINT64_MAX));
    CLAIM(is_at(&set, 0, 0, 0) && is_at(&set, 1, UINT64_MAX, UINT64_MAX));
    CLAIM(put(&set, 1, UINT64_MAX - 1));
    CLAIM(is_at(&set, 0, 0, UINT64_MAX) && set.count == 1);
    CLAIM(take(&set, 0, 0) && take(&set, UINT64_MAX, UINT64_MAX));
    CLAIM(is_at(&set, 0, 1, UINT64_MAX - 1) && set.count == 1);
}

static void gaps(struct claims *claims)
{
    static const struct {
        struct range window;
        uint64_t count, alignment, first; /* first 0: there is none */
    } cases[] = {
        { { 1, 100 }, 9, 1, 1 },   { { 1, 100 }, 10, 1, 20 }, { { 1, 100 }, 11, 1, 60 },
        { { 1, 100 }, 41, 1, 60 }, { { 1, 100 }, 42, 1, 0 },  { { 12, 100 }, 5, 1, 20 },
        { { 22, 100 }, 8, 1, 22 }, { { 23, 100 }, 8, 1, 60 }, { { 1, 100 }, 10, 16, 64 },
        { { 1, 24 }, 5, 1, 1 },    { { 5, 24 }, 6, 1, 0 },    { { 30, 59 }, 1, 1, 0 },
        { { 35, 60 }, 1, 1, 60 },  { { 1, 100 }, 1, 128, 0 }, { { 1, 200 }, 1, 128, 128 },
        { { 60, 60 }, 1, 4, 60 },
    };
    struct range storage[CAPACITY];
    struct range_set set;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(put(&set, 10, 19) && put(&set, 30, 59));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        uint64_t first = 0;
        const bool found =
            range_set_find_gap(&set, cases[i].window, cases[i].count, cases[i].alignment, &first);
        CLAIM_EQUAL(first, cases[i].first);
        CLAIM_EQUAL(found, cases[i].first != 0);
    }
}

static void gaps_at_the_top(struct claims *claims)
{
    const struct range all = { 0, UINT64_MAX };
    struct range storage[CAPACITY];
    struct range_set set;
    uint64_t first = 7;
    range_set_begin(&set, storage, CAPACITY);
    CLAIM(range_set_find_gap(&set, all, UINT64_MAX, 1, &first) && first == 0);
    CLAIM(put(&set, 0, UINT64_MAX - 16));
    CLAIM(range_set_find_gap(&set, all, 16, 16, &first) && first == UINT64_MAX - 15);
    CLAIM(!range_set_find_gap(&set, all, 17, 1, &first));
    CLAIM(!range_set_find_gap(&set, all, 1, 32, &first));
    CLAIM(put(&set, UINT64_MAX, UINT64_MAX));
    CLAIM(range_set_find_gap(&set, all, 15, 1, &first) && first == UINT64_MAX - 15);
    CLAIM(put(&set, 0, UINT64_MAX) && !range_set_find_gap(&set, all, 1, 1, &first));
}

static const struct proof_test tests[] = {
    { "range-set.order", order },         { "range-set.merge", merge },
    { "range-set.split", split },         { "range-set.no-room", no_room },
    { "range-set.questions", questions }, { "range-set.both-ends-of-all", both_ends_of_all },
    { "range-set.gaps", gaps },           { "range-set.gaps-at-the-top", gaps_at_the_top },
};
const struct proof_suite proof_range_set = { tests, ARRAY_COUNT(tests) };

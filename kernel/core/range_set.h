/* SPDX-License-Identifier: MIT
 *
 * Sets of numbers, kept as few ranges with inclusive ends in an array of the
 * caller's: which addresses are taken, which frames a device may reach. Ranges
 * neither overlap nor touch, and stand in order; so equal sets look equal. A
 * range given to these must have first <= last.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Numbers first..last, both inside. */
struct range {
    uint64_t first;
    uint64_t last;
};

struct range_set {
    struct range *ranges;
    size_t count;
    size_t capacity;
};

/* Empty, with room for so many ranges. */
void range_set_begin(struct range_set *set, struct range *ranges, size_t capacity);

/* Put in or take out all numbers of a range; false, and nothing changed, without room for it. */
MUST_CHECK bool range_set_insert(struct range_set *set, struct range range);
MUST_CHECK bool range_set_remove(struct range_set *set, struct range range);

/* The range that holds a number, or NULL. Cost: logarithm of the ranges. */
const struct range *range_set_find(const struct range_set *set, uint64_t number);

/* Are all numbers of a range in the set? Is at least one? */
bool range_set_contains(const struct range_set *set, struct range range);
bool range_set_overlaps(const struct range_set *set, struct range range);

/*
 * The lowest numbers of a window that are not in the set: `count` of them (not
 * 0) from a multiple of `alignment` (a power of two) on. False: there are none.
 */
bool range_set_find_gap(const struct range_set *set, struct range window, uint64_t count,
                        uint64_t alignment, uint64_t *first);

/* Ordered, apart, within the capacity? For tests and audits. */
bool range_set_is_whole(const struct range_set *set);

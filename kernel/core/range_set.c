/* SPDX-License-Identifier: MIT
 *
 * Merging, splitting and searching in an ordered array of ranges. The last
 * number of all is a number like any other: nothing here adds 1 to an end that
 * may be it.
 */
#include "kernel/core/range_set.h"

#include "base/checked.h"
#include "kernel/core/string.h"

/* How many ranges lie wholly below a number: the index of the first that does not. */
static size_t count_below(const struct range_set *set, uint64_t number)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (set->ranges[middle].last < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many ranges begin at or below a number. */
static size_t count_begun(const struct range_set *set, uint64_t number)
{
    const size_t below = count_below(set, number);
    return below < set->count && set->ranges[below].first <= number ? below + 1 : below;
}

/* Put `count` ranges where those from `begin` up to `end` stand; false without room. */
static bool exchange(struct range_set *set, size_t begin, size_t end, const struct range *ranges,
                     size_t count)
{
    const size_t left = set->count - (end - begin);
    if (count > set->capacity - left)
        return false;
    memmove(&set->ranges[begin + count], &set->ranges[end],
            (set->count - end) * sizeof(set->ranges[0]));
    for (size_t i = 0; i < count; i++)
        set->ranges[begin + i] = ranges[i];
    set->count = left + count;
    return true;
}

void range_set_begin(struct range_set *set, struct range *ranges, size_t capacity)
{
    *set = (struct range_set){ .ranges = ranges, .capacity = capacity };
}

/* With all that overlap or touch it, the range becomes one. */
bool range_set_insert(struct range_set *set, struct range range)
{
    const size_t begin = count_below(set, range.first == 0 ? 0 : range.first - 1);
    const size_t end = count_begun(set, range.last == UINT64_MAX ? UINT64_MAX : range.last + 1);
    if (begin < end) {
        if (set->ranges[begin].first < range.first)
            range.first = set->ranges[begin].first;
        if (set->ranges[end - 1].last > range.last)
            range.last = set->ranges[end - 1].last;
    }
    return exchange(set, begin, end, &range, 1);
}

/* Of all that overlap, what stands out at either end is kept. */
bool range_set_remove(struct range_set *set, struct range range)
{
    const size_t begin = count_below(set, range.first);
    const size_t end = count_begun(set, range.last);
    struct range kept[2];
    size_t count = 0;
    if (begin == end)
        return true;
    if (set->ranges[begin].first < range.first)
        kept[count++] = (struct range){ set->ranges[begin].first, range.first - 1 };
    if (set->ranges[end - 1].last > range.last)
        kept[count++] = (struct range){ range.last + 1, set->ranges[end - 1].last };
    return exchange(set, begin, end, kept, count);
}

const struct range *range_set_find(const struct range_set *set, uint64_t number)
{
    const size_t below = count_below(set, number);
    return below < count_begun(set, number) ? &set->ranges[below] : NULL;
}

bool range_set_contains(const struct range_set *set, struct range range)
{
    const struct range *const found = range_set_find(set, range.first);
    return found != NULL && range.last <= found->last;
}

bool range_set_overlaps(const struct range_set *set, struct range range)
{
    return count_below(set, range.first) < count_begun(set, range.last);
}

bool range_set_find_gap(const struct range_set *set, struct range window, uint64_t count,
                        uint64_t alignment, uint64_t *first)
{
    uint64_t start = window.first;
    for (size_t index = count_below(set, start);; index++) {
        const bool is_last = index == set->count || set->ranges[index].first > window.last;
        const uint64_t end = is_last ? window.last : set->ranges[index].first - 1;
        uint64_t aligned;
        if (!checked_round_up64(start, alignment, &aligned))
            return false;
        const bool is_gap = is_last || set->ranges[index].first > start;
        if (is_gap && aligned <= end && count - 1 <= end - aligned) {
            *first = aligned;
            return true;
        }
        if (is_last || set->ranges[index].last >= window.last)
            return false;
        start = set->ranges[index].last + 1;
    }
}

bool range_set_is_whole(const struct range_set *set)
{
    if (set->count > set->capacity)
        return false;
    for (size_t index = 0; index < set->count; index++) {
        const struct range *const range = &set->ranges[index];
        if (range->first > range->last)
            return false;
        if (index != 0 && (range->first == 0 || range->first - 1 <= range[-1].last))
            return false;
    }
    return true;
}

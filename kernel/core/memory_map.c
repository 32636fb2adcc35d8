/* SPDX-License-Identifier: MIT
 *
 * The range set: one sorted array, searched in a straight line, because a PC
 * has some ten ranges. Every end is inclusive, so no sum here can wrap.
 */
#include "kernel/core/memory_map.h"

#include "base/checked.h"
#include "hw/paging.h"
#include "kernel/core/string.h"

#define PAGE_MASK  ((uint64_t)PAGE_BYTES - 1)
#define PIECES_MAX 3 /* what is left below, the new range, what is left above */

/* The pages of `where` that get the type; false when there are none. */
static bool whole_pages(struct phys_range where, enum boot_memory_type type,
                        struct phys_range *pages)
{
    uint64_t first = where.first & ~PAGE_MASK;
    uint64_t last = where.last | PAGE_MASK;
    if (type == BOOT_MEMORY_USABLE) {
        if (!checked_round_up64(where.first, PAGE_BYTES, &first) || where.last < PAGE_MASK)
            return false;
        last = (where.last - PAGE_MASK) | PAGE_MASK;
    }
    if (where.first > where.last || first > last)
        return false;
    *pages = (struct phys_range){ .first = first, .last = last };
    return true;
}

/* The ranges begin..end-1 of the map are replaced by count pieces. */
struct replacement {
    uint32_t begin, end;
    uint32_t count;
    struct boot_memory_range pieces[PIECES_MAX];
};

static void add_piece(struct replacement *replacement, uint64_t first, uint64_t last, uint32_t type)
{
    if (replacement->count != 0) {
        struct boot_memory_range *const before = &replacement->pieces[replacement->count - 1];
        if (before->type == type && before->last + 1 == first) {
            before->last = last;
            return;
        }
    }
    replacement->pieces[replacement->count++] =
        (struct boot_memory_range){ .first = first, .last = last, .type = type };
}

/*
 * Plan how `pages` gets its type: the ranges it touches, the two it may touch
 * on either side included, become what is left below, the new range, and what
 * is left above, merged where the types agree.
 */
static void plan_mark(const struct memory_map *map, struct phys_range pages, uint32_t type,
                      struct replacement *plan)
{
    const struct boot_memory_range *const ranges = map->ranges;
    *plan = (struct replacement){ .count = 0 };
    while (plan->begin < map->count && ranges[plan->begin].last < pages.first)
        plan->begin++;
    plan->end = plan->begin;
    while (plan->end < map->count && ranges[plan->end].first <= pages.last)
        plan->end++;

    if (plan->begin < plan->end && ranges[plan->begin].first < pages.first) {
        add_piece(plan, ranges[plan->begin].first, pages.first - 1, ranges[plan->begin].type);
    } else if (plan->begin > 0) {
        plan->begin--;
        add_piece(plan, ranges[plan->begin].first, ranges[plan->begin].last,
                  ranges[plan->begin].type);
    }
    add_piece(plan, pages.first, pages.last, type);
    if (plan->begin < plan->end && ranges[plan->end - 1].last > pages.last) {
        add_piece(plan, pages.last + 1, ranges[plan->end - 1].last, ranges[plan->end - 1].type);
    } else if (plan->end < map->count) {
        add_piece(plan, ranges[plan->end].first, ranges[plan->end].last, ranges[plan->end].type);
        plan->end++;
    }
}

/*
 * Give all of `where` one type.
 *
 * map    sorted and disjoint; this function is what keeps it so
 * where  bytes; nothing is marked when first > last
 * type   USABLE is rounded inward to pages, all others outward: a page is RAM
 *        only when all of it is
 *
 * BOOT_E_NO_ROOM  the table has not the one or two free places this takes
 *
 * Cost: linear in the number of ranges.
 */
enum boot_status memory_map_mark(struct memory_map *map, struct phys_range where,
                                 enum boot_memory_type type)
{
    struct phys_range pages;
    if (!whole_pages(where, type, &pages))
        return BOOT_OK;

    struct replacement plan;
    plan_mark(map, pages, type, &plan);
    const uint32_t kept = map->count - (plan.end - plan.begin);
    if (plan.count > map->capacity - kept)
        return BOOT_E_NO_ROOM;

    memmove(&map->ranges[plan.begin + plan.count], &map->ranges[plan.end],
            (map->count - plan.end) * sizeof(map->ranges[0]));
    memcpy(&map->ranges[plan.begin], plan.pieces, plan.count * sizeof(plan.pieces[0]));
    map->count = kept + plan.count;
    return BOOT_OK;
}

/*
 * Find the lowest fit. Nothing is marked: the caller does that with the answer.
 *
 * window     only bytes inside it are considered
 * bytes      length wanted, not 0
 * alignment  a power of two, 1 for none
 * where      set only when true is returned; exactly `bytes` long
 */
bool memory_map_find(const struct memory_map *map, enum boot_memory_type type,
                     struct phys_range window, uint64_t bytes, uint64_t alignment,
                     struct phys_range *where)
{
    if (bytes == 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        return false;
    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        if (range->type != type)
            continue;
        const uint64_t lowest = range->first > window.first ? range->first : window.first;
        const uint64_t last = range->last < window.last ? range->last : window.last;
        uint64_t first;
        if (!checked_round_up64(lowest, alignment, &first))
            continue;
        if (first <= last && bytes - 1 <= last - first) {
            *where = (struct phys_range){ .first = first, .last = first + (bytes - 1) };
            return true;
        }
    }
    return false;
}

uint64_t memory_map_total(const struct memory_map *map, enum boot_memory_type type)
{
    uint64_t total = 0;
    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        if (range->type != type)
            continue;
        uint64_t bytes;
        if (!checked_add64(range->last - range->first, 1, &bytes))
            return UINT64_MAX; /* the one range that is all 2^64 bytes */
        total += bytes;        /* disjoint ranges: cannot wrap */
    }
    return total;
}

bool memory_map_type_at(const struct memory_map *map, uint64_t phys, enum boot_memory_type *type)
{
    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        if (phys >= range->first && phys <= range->last) {
            *type = (enum boot_memory_type)range->type;
            return true;
        }
    }
    return false;
}

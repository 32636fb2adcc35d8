/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator's audit: what the records say, what the lists say and what
 * the counters say must be one truth.
 */
#include "kernel/alloc/buddy_records.h"

/* What the records say. */
struct census {
    uint64_t free[BUDDY_ZONES];
    uint64_t used[BUDDY_ZONES];
    uint64_t blocks[BUDDY_ZONES][BUDDY_ORDERS]; /* free ones */
};

static const char *judge_stretch(const struct buddy *buddy, const struct buddy_stretch *stretch)
{
    const struct buddy_block *block = &stretch->block;
    const struct buddy_record *record = buddy_peek(buddy, block->slot);
    const uint64_t frames = 1ULL << block->order;
    if (record->order > BUDDY_ORDER_MAX || record->state > BUDDY_RANGE_NEXT)
        return "a record holds numbers that do not exist";
    if (record->region != block->region)
        return "a record names another region";
    if (block->first % frames != 0 || stretch->frames != frames)
        return "a block is not aligned, or leaves its region";
    if (buddy_zone_of(block->first) != buddy_zone_of(block->first + frames - 1))
        return "a block lies in two zones";
    for (uint64_t i = 1; i < frames;) {
        const uint32_t slot = block->slot + (uint32_t)i;
        const uint64_t skip = buddy_skip(buddy, slot);
        if (skip == 0 && buddy_peek(buddy, slot)->state != BUDDY_NOTHING)
            return "a block begins inside another";
        i += skip == 0 ? 1 : skip;
    }
    return NULL;
}

static void count_stretch(const struct buddy_stretch *stretch, struct census *census)
{
    const enum buddy_zone zone = buddy_zone_of(stretch->block.first);
    if (stretch->state == BUDDY_FREE) {
        census->free[zone] += stretch->frames;
        census->blocks[zone][stretch->block.order]++;
    } else {
        census->used[zone] += stretch->frames;
    }
}

/* Two free blocks that are the halves of one? */
static bool is_split(const struct buddy_stretch *before, const struct buddy_stretch *stretch)
{
    const unsigned order = stretch->block.order;
    return before->state == BUDDY_FREE && stretch->state == BUDDY_FREE && order < BUDDY_ORDER_MAX &&
           before->block.order == order &&
           (before->block.first ^ stretch->block.first) == 1ULL << order &&
           buddy_zone_of(before->block.first) == buddy_zone_of(stretch->block.first);
}

static const char *walk_region(const struct buddy *buddy, uint32_t index, struct census *census)
{
    const struct buddy_region *region = &buddy->regions[index];
    struct buddy_stretch before = { .state = BUDDY_NOTHING };
    struct buddy_block at;
    if (!buddy_locate(buddy, region->first, &at))
        return "a region is not found";
    while (at.first - region->first < region->frames) {
        const struct buddy_stretch stretch = buddy_stretch_at(buddy, &at);
        if (stretch.state != BUDDY_NOTHING) {
            const char *wrong = judge_stretch(buddy, &stretch);
            if (wrong != NULL)
                return wrong;
            if (is_split(&before, &stretch))
                return "two free halves are not joined";
            count_stretch(&stretch, census);
        }
        before = stretch;
        at = buddy_step(&at, stretch.frames);
    }
    return NULL;
}

/* A list that is a circle ends when it has more blocks than there are. */
static const char *walk_list(const struct buddy *buddy, enum buddy_zone zone, unsigned order,
                             uint64_t expected)
{
    uint32_t before = BUDDY_NO_SLOT;
    uint64_t blocks = 0;
    for (uint32_t slot = buddy->heads[zone][order]; slot != BUDDY_NO_SLOT; blocks++) {
        if (blocks == expected || slot >= buddy->slots)
            return "a free list is longer than it has blocks";
        const struct buddy_record *record = buddy_peek(buddy, slot);
        if (record->state != BUDDY_FREE || record->order != order || record->prev != before)
            return "a free list holds what does not belong there";
        before = slot;
        slot = record->next;
    }
    if (blocks != expected)
        return "a free block is in no list";
    if ((buddy->filled[zone] >> order & 1) != (expected != 0 ? 1 : 0))
        return "the summary of the lists is wrong";
    return NULL;
}

/* Cost: every record that was ever used. */
const char *buddy_check(const struct buddy *buddy)
{
    struct census census = { .free = { 0 } };
    const char *wrong = NULL;
    for (uint32_t i = 0; i < buddy->region_count && wrong == NULL; i++)
        wrong = walk_region(buddy, i, &census);
    for (unsigned zone = 0; zone < BUDDY_ZONES && wrong == NULL; zone++) {
        if (census.free[zone] != buddy->free[zone] || census.used[zone] != buddy->used[zone])
            return "the counters differ from the records";
        for (unsigned order = 0; order < BUDDY_ORDERS && wrong == NULL; order++)
            wrong = walk_list(buddy, (enum buddy_zone)zone, order, census.blocks[zone][order]);
    }
    return wrong;
}

/* SPDX-License-Identifier: MIT
 *
 * Ranges of any length from the buddy allocator. A range is handed out as a row
 * of blocks, each as large as its place allows; their records say where it ends,
 * so that it is freed exactly or not at all.
 */
#include "kernel/alloc/buddy_memory.h"
#include "kernel/alloc/buddy_records.h"

/* What is looked for: frames in a row, inside first..end-1. */
struct search {
    uint64_t frames;
    uint64_t alignment;
    uint64_t first;
    uint64_t end;
};

/* The least order whose block has room for the range, at its alignment. */
static unsigned covering_order(uint64_t frames, uint64_t alignment)
{
    const uint64_t least = frames > alignment ? frames : alignment;
    unsigned order = 0;
    while (order <= BUDDY_ORDER_MAX && 1ULL << order < least)
        order++;
    return order;
}

/* Where in a run of free frames the range can begin; false: nowhere. */
static bool fits(const struct search *search, uint64_t run, uint64_t run_end, uint64_t *first)
{
    const uint64_t low = run > search->first ? run : search->first;
    const uint64_t high = run_end < search->end ? run_end : search->end;
    const uint64_t mask = search->alignment - 1;
    const uint64_t start = low + ((search->alignment - (low & mask)) & mask);
    if (start < low || start >= high || search->frames > high - start)
        return false;
    *first = start;
    return true;
}

/* The lowest place in one region, run by run of free blocks that adjoin. */
static bool find_in_region(const struct buddy *buddy, uint32_t index, const struct search *search,
                           uint64_t *first)
{
    const struct buddy_region *region = &buddy->regions[index];
    const uint64_t end = region->first + region->frames;
    struct buddy_block at;
    uint64_t run = region->first;
    if (end <= search->first || !buddy_locate(buddy, region->first, &at))
        return false;
    while (at.first < end && at.first < search->end) {
        const struct buddy_stretch stretch = buddy_stretch_at(buddy, &at);
        const uint64_t next = at.first + stretch.frames;
        if (stretch.state != BUDDY_FREE)
            run = next;
        else if (fits(search, run, next, first))
            return true;
        at = buddy_step(&at, stretch.frames);
    }
    return false;
}

static bool find_in_zones(const struct buddy *buddy, struct search *search, enum buddy_zone lowest,
                          enum buddy_zone highest, uint64_t *first)
{
    search->first = lowest == 0 ? 0 : buddy_zone_end((enum buddy_zone)(lowest - 1));
    search->end = buddy_zone_end(highest);
    for (uint32_t i = 0; i < buddy->region_count; i++) {
        if (find_in_region(buddy, i, search, first))
            return true;
    }
    return false;
}

/* A single block that is large enough, else free blocks in a row: in one zone if that can be. */
static bool find_range(const struct buddy *buddy, uint64_t frames, uint64_t alignment,
                       enum buddy_zone highest, uint64_t *first)
{
    const unsigned order = covering_order(frames, alignment);
    for (unsigned zone = highest + 1U; zone-- > 0 && order <= BUDDY_ORDER_MAX;) {
        const uint32_t fitting = buddy->filled[zone] >> order;
        if (fitting == 0)
            continue;
        const unsigned found = order + (unsigned)__builtin_ctz(fitting);
        *first = buddy_list_first(buddy, (enum buddy_zone)zone, found).first;
        return true;
    }
    struct search search = { .frames = frames, .alignment = alignment };
    for (unsigned zone = highest + 1U; zone-- > 0;) {
        if (find_in_zones(buddy, &search, (enum buddy_zone)zone, (enum buddy_zone)zone, first))
            return true;
    }
    return find_in_zones(buddy, &search, BUDDY_ZONE_1M, highest, first);
}

/* Hand out frames that belong to nobody: the pieces of one range. */
static void mark_pieces(struct buddy *buddy, struct buddy_block at, uint64_t frames)
{
    enum buddy_state state = BUDDY_RANGE;
    while (frames > 0) {
        const struct buddy_block piece = buddy_piece(&at, frames);
        const uint64_t length = 1ULL << piece.order;
        buddy_set_state(buddy, &piece, state);
        buddy->used[buddy_zone_of(piece.first)] += length;
        state = BUDDY_RANGE_NEXT;
        at = buddy_step(&at, length);
        frames -= length;
    }
}

/*
 * Cost: as buddy_allocate while a single block covers the range; else a walk
 * over the blocks there are.
 *
 * alignment  of the first frame: a power of two, in frames
 *
 * BUDDY_E_REQUEST    no frames, no such zone, or not a power of two
 * BUDDY_E_NO_MEMORY  no free frames in a row that fit
 */
enum buddy_status buddy_allocate_range(struct buddy *buddy, uint64_t frames, uint64_t alignment,
                                       enum buddy_zone highest, uint64_t *first)
{
    struct buddy_block at;
    uint64_t found;
    if (frames == 0 || alignment == 0 || (alignment & (alignment - 1)) != 0 ||
        highest >= BUDDY_ZONES)
        return BUDDY_E_REQUEST;
    if (!find_range(buddy, frames, alignment, highest, &found) || !buddy_locate(buddy, found, &at))
        return BUDDY_E_NO_MEMORY;
    buddy_carve(buddy, found, frames);
    mark_pieces(buddy, at, frames);
    *first = found;
    return BUDDY_OK;
}

/* Is what begins here a range of exactly so many frames? */
static enum buddy_status judge_range(const struct buddy *buddy, const struct buddy_block *from,
                                     uint64_t frames)
{
    const struct buddy_region *region = &buddy->regions[from->region];
    const uint64_t left = region->frames - (from->first - region->first);
    enum buddy_state wanted = BUDDY_RANGE;
    uint64_t done = 0;
    while (done < frames && done < left) {
        const struct buddy_record *record = buddy_peek(buddy, from->slot + (uint32_t)done);
        if (record->state != wanted)
            return BUDDY_E_LENGTH;
        done += 1ULL << record->order;
        wanted = BUDDY_RANGE_NEXT;
    }
    if (frames == 0 || done != frames)
        return BUDDY_E_LENGTH;
    return done < left && buddy_peek(buddy, from->slot + (uint32_t)done)->state == BUDDY_RANGE_NEXT
               ? BUDDY_E_LENGTH
               : BUDDY_OK;
}

static void release_pieces(struct buddy *buddy, struct buddy_block at, uint64_t frames)
{
    while (frames > 0) {
        const struct buddy_block piece = buddy_piece(&at, frames);
        const uint64_t length = 1ULL << piece.order;
        buddy_set_state(buddy, &piece, BUDDY_NOTHING);
        buddy_release(buddy, piece);
        buddy->used[buddy_zone_of(piece.first)] -= length;
        buddy->free[buddy_zone_of(piece.first)] += length;
        at = buddy_step(&at, length);
        frames -= length;
    }
}

/*
 * Exactly what buddy_allocate_range gave, once. Nothing changes unless it is BUDDY_OK.
 *
 * BUDDY_E_FOREIGN  the frame was never the allocator's
 * BUDDY_E_FREE     it is free: freed twice
 * BUDDY_E_INSIDE   it is inside a block or a range
 * BUDDY_E_LENGTH   it starts a block, or a range of another length
 */
enum buddy_status buddy_free_range(struct buddy *buddy, uint64_t first, uint64_t frames)
{
    struct buddy_block block;
    enum buddy_state state;
    if (!buddy_cover(buddy, first, &block, &state))
        return BUDDY_E_FOREIGN;
    if (state == BUDDY_FREE)
        return BUDDY_E_FREE;
    if (block.first != first || state == BUDDY_RANGE_NEXT)
        return BUDDY_E_INSIDE;
    const enum buddy_status status = judge_range(buddy, &block, frames);
    if (status == BUDDY_OK)
        release_pieces(buddy, block, frames);
    return status;
}

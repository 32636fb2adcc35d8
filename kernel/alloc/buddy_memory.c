/* SPDX-License-Identifier: MIT
 *
 * Memory that comes to the buddy allocator and goes from it. Both look at all
 * of it first, and only then change anything.
 */
#include "kernel/alloc/buddy_memory.h"

#include "kernel/alloc/buddy_records.h"

/* The block of order 0 at the first of so many frames, if all of them lie in one region. */
static bool locate_all(const struct buddy *buddy, uint64_t first, uint64_t frames,
                       struct buddy_block *at)
{
    if (frames == 0 || !buddy_locate(buddy, first, at))
        return false;
    const struct buddy_region *region = &buddy->regions[at->region];
    return frames <= region->frames - (first - region->first);
}

/* Blocks of any state among the frames, or around them? */
static bool is_known(const struct buddy *buddy, const struct buddy_block *from, uint64_t frames)
{
    struct buddy_block block;
    enum buddy_state state;
    if (buddy_cover(buddy, from->first, &block, &state))
        return true;
    for (uint64_t done = 0; done < frames;) {
        const struct buddy_block at = buddy_step(from, done);
        const struct buddy_stretch stretch = buddy_stretch_at(buddy, &at);
        if (stretch.state != BUDDY_NOTHING)
            return true;
        done += stretch.frames;
    }
    return false;
}

/*
 * Cost: a step for each block, and a look at each record that is zeroed already; at the beginning
 * none is.
 *
 * BUDDY_E_FOREIGN  not all of the frames lie in one region
 * BUDDY_E_OVERLAP  the allocator has one of them already
 */
enum buddy_status buddy_add(struct buddy *buddy, uint64_t first, uint64_t frames)
{
    struct buddy_block at;
    if (!locate_all(buddy, first, frames, &at))
        return BUDDY_E_FOREIGN;
    if (is_known(buddy, &at, frames))
        return BUDDY_E_OVERLAP;
    while (frames > 0) {
        const struct buddy_block piece = buddy_piece(&at, frames);
        const uint64_t length = 1ULL << piece.order;
        buddy_release(buddy, piece);
        buddy->free[buddy_zone_of(piece.first)] += length;
        at = buddy_step(&at, length);
        frames -= length;
    }
    return BUDDY_OK;
}

/* Are all of the frames free? */
static bool is_free(const struct buddy *buddy, uint64_t first, uint64_t frames)
{
    for (uint64_t at = first; at - first < frames;) {
        struct buddy_block block;
        enum buddy_state state;
        if (!buddy_cover(buddy, at, &block, &state) || state != BUDDY_FREE)
            return false;
        at = block.first + (1ULL << block.order);
    }
    return true;
}

/* What was cut off a free block: its other half is not free, so there is nothing to join. */
static void insert_rest(struct buddy *buddy, struct buddy_block at, uint64_t frames)
{
    while (frames > 0) {
        const struct buddy_block piece = buddy_piece(&at, frames);
        buddy_list_insert(buddy, &piece);
        at = buddy_step(&at, 1ULL << piece.order);
        frames -= 1ULL << piece.order;
    }
}

void buddy_carve(struct buddy *buddy, uint64_t first, uint64_t frames)
{
    const uint64_t end = first + frames;
    for (uint64_t at = first; at < end;) {
        struct buddy_block block;
        enum buddy_state state;
        if (!buddy_cover(buddy, at, &block, &state))
            return;
        const uint64_t block_end = block.first + (1ULL << block.order);
        const uint64_t stop = block_end < end ? block_end : end;
        buddy_list_remove(buddy, &block);
        insert_rest(buddy, block, at - block.first);
        insert_rest(buddy, buddy_step(&block, stop - block.first), block_end - stop);
        buddy->free[buddy_zone_of(block.first)] -= stop - at;
        at = stop;
    }
}

/*
 * BUDDY_E_FOREIGN   not all of the frames lie in one region
 * BUDDY_E_NOT_FREE  one of them is not free
 */
enum buddy_status buddy_remove(struct buddy *buddy, uint64_t first, uint64_t frames)
{
    struct buddy_block at;
    if (!locate_all(buddy, first, frames, &at))
        return BUDDY_E_FOREIGN;
    if (!is_free(buddy, first, frames))
        return BUDDY_E_NOT_FREE;
    buddy_carve(buddy, first, frames);
    return BUDDY_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * Records, blocks and free lists, for the parts of the buddy allocator. Decides
 * nothing.
 */
#pragma once

#include "kernel/alloc/buddy.h"

#define BUDDY_NO_SLOT       UINT32_MAX
#define BUDDY_CHUNK_RECORDS 256 /* zeroed together: 4 KiB of them */
#define BUDDY_WORD_BITS     64
#define BUDDY_REGIONS_MAX   UINT16_MAX

enum buddy_state {
    BUDDY_NOTHING = 0, /* inside a block, or not the allocator's */
    BUDDY_FREE,
    BUDDY_USED,
    BUDDY_RANGE,      /* first piece of a range that was handed out */
    BUDDY_RANGE_NEXT, /* a further piece of it */
};

/* 2^order frames, in one region. */
struct buddy_block {
    uint64_t first;
    uint32_t slot;
    uint16_t region;
    uint8_t order;
};

/* Frames that are all of one state, as a walk through a region meets them. */
struct buddy_stretch {
    struct buddy_block block; /* its order only where state is not BUDDY_NOTHING */
    uint64_t frames;
    enum buddy_state state;
};

/* The record of a slot, to read: one that is not zeroed yet reads as zeroes. */
const struct buddy_record *buddy_peek(const struct buddy *buddy, uint32_t slot);

/* The record of a slot, to write. */
struct buddy_record *buddy_touch(struct buddy *buddy, uint32_t slot);

/* Slots from this one on that are known to be zeroes without a look; 0: look. */
uint64_t buddy_skip(const struct buddy *buddy, uint32_t slot);

/* The block of order 0 at a frame; false: in no region. */
bool buddy_locate(const struct buddy *buddy, uint64_t frame, struct buddy_block *block);

/* The block that covers a frame: free, used, or a piece of a range. False: none. */
bool buddy_cover(const struct buddy *buddy, uint64_t frame, struct buddy_block *block,
                 enum buddy_state *state);

/* What begins at the frame, which is not inside a block; up to the end of the region at most. */
struct buddy_stretch buddy_stretch_at(const struct buddy *buddy, const struct buddy_block *at);

/* The largest block that starts at `at`, at most `frames` long, in one zone. */
struct buddy_block buddy_piece(const struct buddy_block *at, uint64_t frames);

/* The block `frames` further on, in the same region. */
struct buddy_block buddy_step(const struct buddy_block *block, uint64_t frames);

/* Make it a free block of its list, as it is; and out of the list, a block of nothing. */
void buddy_list_insert(struct buddy *buddy, const struct buddy_block *block);
void buddy_list_remove(struct buddy *buddy, const struct buddy_block *block);

/* The first block of a list that is not empty. */
struct buddy_block buddy_list_first(const struct buddy *buddy, enum buddy_zone zone,
                                    unsigned order);

/* The head's state, for a block in no list. */
void buddy_set_state(struct buddy *buddy, const struct buddy_block *block, enum buddy_state state);

/* Put a block back, joined with every free neighbour it was split from. */
void buddy_release(struct buddy *buddy, struct buddy_block block);

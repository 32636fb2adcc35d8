/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator's beginning, and blocks: a block is split in halves until
 * it fits, and joined with its other half when both are free again.
 */
#include "kernel/alloc/buddy.h"

#include "kernel/alloc/buddy_records.h"
#include "kernel/core/string.h"

#define FRAMES_1M  0x100ULL
#define FRAMES_16M 0x1000ULL
#define FRAMES_4G  0x100000ULL

/* Blocks do not reach over 1 MiB and 16 MiB; over 4 GiB none can, they are too small. */
_Static_assert(FRAMES_4G % (1ULL << BUDDY_ORDER_MAX) == 0, "a block's multiple");

enum buddy_zone buddy_zone_of(uint64_t frame)
{
    if (frame >= FRAMES_4G)
        return BUDDY_ZONE_HIGH;
    if (frame >= FRAMES_16M)
        return BUDDY_ZONE_4G;
    return frame >= FRAMES_1M ? BUDDY_ZONE_16M : BUDDY_ZONE_1M;
}

uint64_t buddy_zone_end(enum buddy_zone zone)
{
    static const uint64_t ends[BUDDY_ZONES] = { FRAMES_1M, FRAMES_16M, FRAMES_4G, UINT64_MAX };
    return ends[zone];
}

static uint64_t chunks_of(uint64_t frames)
{
    return frames / BUDDY_CHUNK_RECORDS + (frames % BUDDY_CHUNK_RECORDS != 0 ? 1 : 0);
}

static uint64_t words_of(uint64_t chunks)
{
    return chunks / BUDDY_WORD_BITS + 1;
}

uint64_t buddy_record_bytes(uint64_t frames)
{
    if (frames > BUDDY_NO_SLOT - BUDDY_CHUNK_RECORDS)
        return 0;
    const uint64_t chunks = chunks_of(frames);
    return chunks * BUDDY_CHUNK_RECORDS * sizeof(struct buddy_record) +
           words_of(chunks) * sizeof(uint64_t);
}

/* Number the slots; false: a region that is empty, wraps, or does not lie behind the last one. */
static bool number_slots(struct buddy_region *regions, uint32_t count, uint64_t *frames)
{
    *frames = 0;
    if (count > BUDDY_REGIONS_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (regions[i].frames == 0 || regions[i].frames > UINT64_MAX - regions[i].first)
            return false;
        if (i > 0 && regions[i].first <= regions[i - 1].first + regions[i - 1].frames)
            return false;
        regions[i].slot = *frames;
        if (regions[i].frames > UINT64_MAX - *frames)
            return false;
        *frames += regions[i].frames;
    }
    return true;
}

/*
 * regions  sorted, disjoint, with a hole between any two: blocks do not reach over it
 * memory   buddy_record_bytes of all their frames; only the bits of the chunks are zeroed now
 *
 * BUDDY_E_REGIONS  regions that are not so
 * BUDDY_E_RECORDS  too few bytes
 */
enum buddy_status buddy_begin(struct buddy *buddy, struct buddy_region *regions, uint32_t count,
                              void *memory, uint64_t bytes)
{
    uint64_t frames;
    if (!number_slots(regions, count, &frames))
        return BUDDY_E_REGIONS;
    const uint64_t needed = buddy_record_bytes(frames);
    if (needed == 0 || bytes < needed)
        return BUDDY_E_RECORDS;
    *buddy = (struct buddy){
        .regions = regions, .region_count = count, .slots = (uint32_t)frames, .records = memory
    };
    buddy->ready =
        (uint64_t *)(void *)&buddy->records[(size_t)(chunks_of(frames) * BUDDY_CHUNK_RECORDS)];
    memset(buddy->ready, 0, (size_t)words_of(chunks_of(frames)) * sizeof(uint64_t));
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++) {
        for (unsigned order = 0; order < BUDDY_ORDERS; order++)
            buddy->heads[zone][order] = BUDDY_NO_SLOT;
    }
    return BUDDY_OK;
}

/* Split a free block until one of the order is left: its lower part; the rest is free. */
static struct buddy_block split(struct buddy *buddy, struct buddy_block block, unsigned order)
{
    buddy_list_remove(buddy, &block);
    while (block.order > order) {
        block.order--;
        const struct buddy_block upper = buddy_step(&block, 1ULL << block.order);
        buddy_list_insert(buddy, &upper);
    }
    return block;
}

/*
 * Cost: a step for each order that has to be split, no search.
 *
 * BUDDY_E_REQUEST    no such order or zone
 * BUDDY_E_NO_MEMORY  no zone from `highest` down has a block as large
 */
enum buddy_status buddy_allocate(struct buddy *buddy, unsigned order, enum buddy_zone highest,
                                 uint64_t *first)
{
    if (order > BUDDY_ORDER_MAX || highest >= BUDDY_ZONES)
        return BUDDY_E_REQUEST;
    for (unsigned zone = highest + 1U; zone-- > 0;) {
        const uint32_t fitting = buddy->filled[zone] >> order;
        if (fitting == 0)
            continue;
        const unsigned found = order + (unsigned)__builtin_ctz(fitting);
        const struct buddy_block block =
            split(buddy, buddy_list_first(buddy, (enum buddy_zone)zone, found), order);
        buddy_set_state(buddy, &block, BUDDY_USED);
        buddy->free[zone] -= 1ULL << order;
        buddy->used[zone] += 1ULL << order;
        *first = block.first;
        return BUDDY_OK;
    }
    return BUDDY_E_NO_MEMORY;
}

/* Why what begins at a frame is no block of this kind. */
static enum buddy_status why_not(const struct buddy *buddy, uint64_t first)
{
    struct buddy_block block;
    enum buddy_state state;
    if (!buddy_cover(buddy, first, &block, &state))
        return BUDDY_E_FOREIGN;
    if (state == BUDDY_FREE)
        return BUDDY_E_FREE;
    return block.first == first && state != BUDDY_RANGE_NEXT ? BUDDY_E_LENGTH : BUDDY_E_INSIDE;
}

/*
 * Exactly what buddy_allocate gave, once. Nothing changes unless it is BUDDY_OK.
 *
 * BUDDY_E_REQUEST  no such order
 * BUDDY_E_FOREIGN  the frame was never the allocator's
 * BUDDY_E_FREE     it is free: freed twice
 * BUDDY_E_INSIDE   it is inside a block that is in use
 * BUDDY_E_LENGTH   its block has another order, or it starts a range
 */
enum buddy_status buddy_free(struct buddy *buddy, uint64_t first, unsigned order)
{
    struct buddy_block block;
    if (order > BUDDY_ORDER_MAX)
        return BUDDY_E_REQUEST;
    if (!buddy_locate(buddy, first, &block))
        return BUDDY_E_FOREIGN;
    const struct buddy_record *record = buddy_peek(buddy, block.slot);
    if (record->state != BUDDY_USED || record->order != order)
        return why_not(buddy, first);
    const enum buddy_zone zone = buddy_zone_of(first);
    block.order = (uint8_t)order;
    buddy_set_state(buddy, &block, BUDDY_NOTHING);
    buddy_release(buddy, block);
    buddy->used[zone] -= 1ULL << order;
    buddy->free[zone] += 1ULL << order;
    return BUDDY_OK;
}

int buddy_largest(const struct buddy *buddy, enum buddy_zone zone)
{
    const uint32_t filled = buddy->filled[zone];
    return filled == 0 ? -1 : 31 - __builtin_clz(filled);
}

void buddy_set_mark(struct buddy *buddy, uint64_t frame, uint32_t mark)
{
    struct buddy_block block;
    if (buddy_locate(buddy, frame, &block))
        buddy_touch(buddy, block.slot)->mark = mark;
}

uint32_t buddy_mark(const struct buddy *buddy, uint64_t frame)
{
    struct buddy_block block;
    return buddy_locate(buddy, frame, &block) ? buddy_peek(buddy, block.slot)->mark : 0;
}

const char *buddy_words(enum buddy_status status)
{
    static const char *const words[] = {
        [BUDDY_OK] = "is right",
        [BUDDY_E_REGIONS] = "lies in regions that overlap or touch",
        [BUDDY_E_RECORDS] = "has no room for its record",
        [BUDDY_E_NO_MEMORY] = "cannot be had: nothing free fits",
        [BUDDY_E_REQUEST] = "was asked for with an order, zone or length that does not exist",
        [BUDDY_E_FOREIGN] = "was never the allocator's",
        [BUDDY_E_OVERLAP] = "is the allocator's already",
        [BUDDY_E_FREE] = "is free already",
        [BUDDY_E_NOT_FREE] = "is not free",
        [BUDDY_E_INSIDE] = "is inside a block, not its start",
        [BUDDY_E_LENGTH] = "starts a block of another length",
    };
    return words[status];
}

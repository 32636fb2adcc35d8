/* SPDX-License-Identifier: MIT
 *
 * See buddy_records.h. A slot is the number of a frame among those that have
 * records; the regions say which.
 */
#include "kernel/alloc/buddy_records.h"

#include "kernel/core/string.h"

static bool chunk_is_ready(const struct buddy *buddy, uint32_t chunk)
{
    return (buddy->ready[chunk / BUDDY_WORD_BITS] >> (chunk % BUDDY_WORD_BITS) & 1) != 0;
}

const struct buddy_record *buddy_peek(const struct buddy *buddy, uint32_t slot)
{
    static const struct buddy_record nothing = { .state = BUDDY_NOTHING };
    return chunk_is_ready(buddy, slot / BUDDY_CHUNK_RECORDS) ? &buddy->records[slot] : &nothing;
}

struct buddy_record *buddy_touch(struct buddy *buddy, uint32_t slot)
{
    const uint32_t chunk = slot / BUDDY_CHUNK_RECORDS;
    if (!chunk_is_ready(buddy, chunk)) {
        memset(&buddy->records[(size_t)chunk * BUDDY_CHUNK_RECORDS], 0,
               BUDDY_CHUNK_RECORDS * sizeof(struct buddy_record));
        buddy->ready[chunk / BUDDY_WORD_BITS] |= 1ULL << (chunk % BUDDY_WORD_BITS);
    }
    return &buddy->records[slot];
}

uint64_t buddy_skip(const struct buddy *buddy, uint32_t slot)
{
    const uint32_t chunk = slot / BUDDY_CHUNK_RECORDS;
    if (slot % (BUDDY_CHUNK_RECORDS * BUDDY_WORD_BITS) == 0 &&
        buddy->ready[chunk / BUDDY_WORD_BITS] == 0)
        return (uint64_t)BUDDY_CHUNK_RECORDS * BUDDY_WORD_BITS;
    if (chunk_is_ready(buddy, chunk))
        return 0;
    return BUDDY_CHUNK_RECORDS - slot % BUDDY_CHUNK_RECORDS;
}

bool buddy_locate(const struct buddy *buddy, uint64_t frame, struct buddy_block *block)
{
    uint32_t low = 0;
    uint32_t high = buddy->region_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (buddy->regions[middle].first <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    const struct buddy_region *region = &buddy->regions[low - 1];
    if (frame - region->first >= region->frames)
        return false;
    *block = (struct buddy_block){ .first = frame,
                                   .slot = (uint32_t)(region->slot + (frame - region->first)),
                                   .region = (uint16_t)(low - 1),
                                   .order = 0 };
    return true;
}

bool buddy_cover(const struct buddy *buddy, uint64_t frame, struct buddy_block *block,
                 enum buddy_state *state)
{
    struct buddy_block at;
    if (!buddy_locate(buddy, frame, &at))
        return false;
    const uint64_t below = frame - buddy->regions[at.region].first;
    for (unsigned order = 0; order <= BUDDY_ORDER_MAX; order++) {
        const uint64_t back = frame & ((1ULL << order) - 1);
        if (back > below)
            return false;
        const struct buddy_record *record = buddy_peek(buddy, at.slot - (uint32_t)back);
        if (record->state == BUDDY_NOTHING || back >= 1ULL << record->order)
            continue;
        *block = (struct buddy_block){ .first = frame - back,
                                       .slot = at.slot - (uint32_t)back,
                                       .region = at.region,
                                       .order = record->order };
        *state = (enum buddy_state)record->state;
        return true;
    }
    return false;
}

struct buddy_stretch buddy_stretch_at(const struct buddy *buddy, const struct buddy_block *at)
{
    const struct buddy_region *region = &buddy->regions[at->region];
    const uint64_t left = region->frames - (at->first - region->first);
    struct buddy_stretch stretch = { .block = *at, .state = BUDDY_NOTHING };
    stretch.frames = buddy_skip(buddy, at->slot);
    if (stretch.frames == 0) {
        const struct buddy_record *record = buddy_peek(buddy, at->slot);
        stretch.state = (enum buddy_state)record->state;
        stretch.block.order = record->order;
        stretch.frames = record->state == BUDDY_NOTHING ? 1 : 1ULL << record->order;
    }
    if (stretch.frames > left)
        stretch.frames = left;
    return stretch;
}

struct buddy_block buddy_piece(const struct buddy_block *at, uint64_t frames)
{
    const uint64_t in_zone = buddy_zone_end(buddy_zone_of(at->first)) - at->first;
    const uint64_t room = frames < in_zone ? frames : in_zone;
    struct buddy_block piece = *at;
    piece.order = 0;
    while (piece.order < BUDDY_ORDER_MAX && (at->first >> piece.order & 1) == 0 &&
           2ULL << piece.order <= room)
        piece.order++;
    return piece;
}

struct buddy_block buddy_step(const struct buddy_block *block, uint64_t frames)
{
    struct buddy_block next = *block;
    next.first += frames;
    next.slot += (uint32_t)frames;
    return next;
}

void buddy_set_state(struct buddy *buddy, const struct buddy_block *block, enum buddy_state state)
{
    struct buddy_record *record = buddy_touch(buddy, block->slot);
    record->region = block->region;
    record->order = block->order;
    record->state = (uint8_t)state;
}

void buddy_list_insert(struct buddy *buddy, const struct buddy_block *block)
{
    const enum buddy_zone zone = buddy_zone_of(block->first);
    const uint32_t next = buddy->heads[zone][block->order];
    struct buddy_record *record = buddy_touch(buddy, block->slot);
    buddy_set_state(buddy, block, BUDDY_FREE);
    record->prev = BUDDY_NO_SLOT;
    record->next = next;
    if (next != BUDDY_NO_SLOT)
        buddy->records[next].prev = block->slot;
    buddy->heads[zone][block->order] = block->slot;
    buddy->filled[zone] |= 1U << block->order;
}

void buddy_list_remove(struct buddy *buddy, const struct buddy_block *block)
{
    const enum buddy_zone zone = buddy_zone_of(block->first);
    struct buddy_record *record = &buddy->records[block->slot];
    record->state = BUDDY_NOTHING;
    if (record->next != BUDDY_NO_SLOT)
        buddy->records[record->next].prev = record->prev;
    if (record->prev != BUDDY_NO_SLOT) {
        buddy->records[record->prev].next = record->next;
        return;
    }
    buddy->heads[zone][block->order] = record->next;
    if (record->next == BUDDY_NO_SLOT)
        buddy->filled[zone] &= ~(1U << block->order);
}

struct buddy_block buddy_list_first(const struct buddy *buddy, enum buddy_zone zone, unsigned order)
{
    const uint32_t slot = buddy->heads[zone][order];
    const struct buddy_record *record = &buddy->records[slot];
    const struct buddy_region *region = &buddy->regions[record->region];
    return (struct buddy_block){ .first = region->first + (slot - region->slot),
                                 .slot = slot,
                                 .region = record->region,
                                 .order = (uint8_t)order };
}

/* The other half of the block that this one was split from, if all of it is in region and zone. */
static bool other_half(const struct buddy *buddy, const struct buddy_block *block,
                       struct buddy_block *other)
{
    const struct buddy_region *region = &buddy->regions[block->region];
    const uint64_t frames = 1ULL << block->order;
    const uint64_t first = block->first ^ frames;
    if (first < region->first || first - region->first >= region->frames ||
        buddy_zone_of(first) != buddy_zone_of(block->first))
        return false;
    *other = *block;
    other->first = first;
    other->slot =
        first > block->first ? block->slot + (uint32_t)frames : block->slot - (uint32_t)frames;
    const struct buddy_record *record = buddy_peek(buddy, other->slot);
    return record->state == BUDDY_FREE && record->order == block->order;
}

void buddy_release(struct buddy *buddy, struct buddy_block block)
{
    struct buddy_block other;
    while (block.order < BUDDY_ORDER_MAX && other_half(buddy, &block, &other)) {
        buddy_list_remove(buddy, &other);
        if (other.first < block.first)
            block = other;
        block.order++;
    }
    buddy_list_insert(buddy, &block);
}

/* SPDX-License-Identifier: MIT
 *
 * A block of the slab, from its start: the record, a red zone, the block asked
 * for, a red zone to the end of the slab's block.
 */
#include "kernel/alloc/checked.h"

#include "kernel/alloc/checked_look.h"
#include "kernel/core/string.h"

static void ring_begin(struct checked_ring *ring)
{
    *ring = (struct checked_ring){ .blocks = 0 };
    ring->ends.next = &ring->ends;
    ring->ends.previous = &ring->ends;
}

static void ring_add(struct checked_ring *ring, struct checked_record *record)
{
    record->previous = &ring->ends;
    record->next = ring->ends.next;
    record->next->previous = record;
    ring->ends.next = record;
    ring->blocks++;
    ring->bytes += record->bytes;
}

static void ring_remove(struct checked_ring *ring, struct checked_record *record)
{
    record->previous->next = record->next;
    record->next->previous = record->previous;
    ring->blocks--;
    ring->bytes -= record->bytes;
}

void checked_begin(struct checked *checked, struct slab *slab)
{
    *checked = (struct checked){ .slab = slab };
    ring_begin(&checked->live);
    ring_begin(&checked->quarantine);
}

/* The block that has been in quarantine longest goes back to the slab. */
static enum checked_fault leave_quarantine(struct checked *checked, struct checked_finding *finding)
{
    struct checked_record *const oldest = checked->quarantine.ends.previous;
    if (checked_look(checked, oldest, finding) != CHECKED_OK)
        return finding->fault;
    ring_remove(&checked->quarantine, oldest);
    oldest->mark = 0;
    if (slab_free(checked->slab, oldest) != ALLOCATOR_OK)
        return checked_tell(CHECKED_RECORD, oldest, oldest, finding);
    return CHECKED_OK;
}

enum checked_fault checked_flush(struct checked *checked, struct checked_finding *finding)
{
    finding->fault = CHECKED_OK;
    while (checked->quarantine.blocks > 0 && finding->fault == CHECKED_OK)
        leave_quarantine(checked, finding);
    return finding->fault;
}

static size_t offset_of_block(size_t alignment)
{
    const size_t least = alignment > ALLOCATOR_ALIGNMENT ? alignment : ALLOCATOR_ALIGNMENT;
    return allocator_round_up(sizeof(struct checked_record) + CHECKED_ZONE_BYTES, least);
}

void *checked_allocate(struct checked *checked, size_t bytes, size_t alignment, uintptr_t by,
                       struct checked_finding *finding)
{
    const size_t offset = offset_of_block(alignment);
    finding->fault = CHECKED_OK;
    if (bytes > SIZE_MAX - offset - CHECKED_ZONE_BYTES)
        return NULL;
    const size_t room = offset + bytes + CHECKED_ZONE_BYTES;
    uint8_t *start = slab_allocate(checked->slab, room, alignment);
    if (start == NULL && checked->quarantine.blocks > 0 &&
        checked_flush(checked, finding) == CHECKED_OK)
        start = slab_allocate(checked->slab, room, alignment);
    struct slab_place place;
    if (start == NULL || !slab_find(checked->slab, start, &place))
        return NULL;

    struct checked_record *const record = (struct checked_record *)(void *)start;
    memset(start, POISON_HEAP_REDZONE, place.bytes);
    *record = (struct checked_record){
        .bytes = bytes, .offset = offset, .allocated_by = by, .mark = CHECKED_MARK_LIVE
    };
    ring_add(&checked->live, record);
    checked->allocations++;
    if (checked->live.blocks > checked->blocks_most)
        checked->blocks_most = checked->live.blocks;
    if (checked->live.bytes > checked->bytes_most)
        checked->bytes_most = checked->live.bytes;
    return memset(start + offset, POISON_HEAP_FRESH, bytes);
}

enum checked_fault checked_free(struct checked *checked, void *block, uintptr_t by,
                                struct checked_finding *finding)
{
    struct checked_record *const record = checked_find(checked, block, finding);
    if (record == NULL || checked_look(checked, record, finding) != CHECKED_OK)
        return finding->fault;
    ring_remove(&checked->live, record);
    record->mark = CHECKED_MARK_FREED;
    record->freed_by = by;
    memset(block, POISON_HEAP_FREED, record->bytes);
    ring_add(&checked->quarantine, record);
    while (finding->fault == CHECKED_OK &&
           (checked->quarantine.blocks > CHECKED_QUARANTINE_BLOCKS ||
            checked->quarantine.bytes > CHECKED_QUARANTINE_BYTES))
        leave_quarantine(checked, finding);
    return finding->fault;
}

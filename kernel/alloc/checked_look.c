/* SPDX-License-Identifier: MIT
 *
 * A record is believed only as far as the slab confirms it.
 */
#include "kernel/alloc/checked_look.h"

#include "kernel/core/string.h"

uint8_t *checked_block(const struct checked_record *record)
{
    return (uint8_t *)record + record->offset;
}

const uint8_t *checked_first_other(const uint8_t *from, const uint8_t *end, uint8_t fill)
{
    while (from < end && *from == fill)
        from++;
    return from < end ? from : NULL;
}

enum checked_fault checked_tell(enum checked_fault fault, const struct checked_record *record,
                                const void *address, struct checked_finding *finding)
{
    uint8_t *const block = checked_block(record);
    const bool was_written =
        fault == CHECKED_UNDERFLOW || fault == CHECKED_OVERFLOW || fault == CHECKED_AFTER_FREE;
    *finding = (struct checked_finding){
        .fault = fault,
        .address = (uintptr_t)block,
        .bytes = record->bytes,
        .offset = (ptrdiff_t)((uintptr_t)address - (uintptr_t)block),
        .value = was_written ? *(const uint8_t *)address : 0,
        .allocated_by = record->allocated_by,
        .freed_by = record->mark == CHECKED_MARK_FREED ? record->freed_by : 0,
    };
    return fault;
}

/* The record itself may have been written over: by a long underflow, or from the block before. */
static bool is_record(const struct checked_record *record, size_t room)
{
    return (record->mark == CHECKED_MARK_LIVE || record->mark == CHECKED_MARK_FREED) &&
           record->offset >= sizeof(*record) && record->offset < room &&
           record->bytes <= room - record->offset;
}

enum checked_fault checked_look(const struct checked *checked, const struct checked_record *record,
                                struct checked_finding *finding)
{
    struct slab_place place;
    if (!slab_find(checked->slab, record, &place) || place.block != (const uint8_t *)record ||
        !is_record(record, place.bytes)) {
        *finding =
            (struct checked_finding){ .fault = CHECKED_RECORD, .address = (uintptr_t)record };
        return CHECKED_RECORD;
    }
    const uint8_t *const block = checked_block(record);
    const uint8_t *const end = block + record->bytes;
    const uint8_t *wrong =
        checked_first_other((const uint8_t *)(record + 1), block, POISON_HEAP_REDZONE);
    if (wrong != NULL)
        return checked_tell(CHECKED_UNDERFLOW, record, wrong, finding);
    wrong = checked_first_other(end, place.block + place.bytes, POISON_HEAP_REDZONE);
    if (wrong != NULL)
        return checked_tell(CHECKED_OVERFLOW, record, wrong, finding);
    if (record->mark == CHECKED_MARK_FREED)
        wrong = checked_first_other(block, end, POISON_HEAP_FREED);
    if (wrong != NULL)
        return checked_tell(CHECKED_AFTER_FREE, record, wrong, finding);
    finding->fault = CHECKED_OK;
    return CHECKED_OK;
}

struct checked_record *checked_find(const struct checked *checked, const void *block,
                                    struct checked_finding *finding)
{
    struct slab_place place;
    const bool is_ours = slab_find(checked->slab, block, &place);
    if (!is_ours || !place.live) {
        /* A free one that has left the quarantine has no record any more. */
        *finding = (struct checked_finding){ .fault = is_ours ? CHECKED_TWICE : CHECKED_FOREIGN,
                                             .address = (uintptr_t)block };
        return NULL;
    }
    struct checked_record *const record = (struct checked_record *)(void *)place.block;
    if (!is_record(record, place.bytes)) {
        *finding =
            (struct checked_finding){ .fault = CHECKED_RECORD, .address = (uintptr_t)place.block };
        return NULL;
    }
    if (block != checked_block(record))
        checked_tell(CHECKED_MIDDLE, record, block, finding);
    else if (record->mark == CHECKED_MARK_FREED)
        checked_tell(CHECKED_TWICE, record, block, finding);
    else
        return record;
    return NULL;
}

static enum checked_fault check_ring(const struct checked *checked, const struct checked_ring *ring,
                                     struct checked_finding *finding)
{
    for (const struct checked_record *record = ring->ends.next; record != &ring->ends;
         record = record->next) {
        if (checked_look(checked, record, finding) != CHECKED_OK)
            return finding->fault;
    }
    finding->fault = CHECKED_OK;
    return CHECKED_OK;
}

enum checked_fault checked_check(const struct checked *checked, struct checked_finding *finding)
{
    if (check_ring(checked, &checked->live, finding) != CHECKED_OK)
        return finding->fault;
    return check_ring(checked, &checked->quarantine, finding);
}

const char *checked_words(enum checked_fault fault)
{
    static const char *const words[] = {
        [CHECKED_OK] = "is as it should be",
        [CHECKED_FOREIGN] = "is none of the heap's",
        [CHECKED_MIDDLE] = "was freed by an address inside it",
        [CHECKED_TWICE] = "was freed twice",
        [CHECKED_UNDERFLOW] = "was written in front of its start",
        [CHECKED_OVERFLOW] = "was written behind its end",
        [CHECKED_AFTER_FREE] = "was written after it was freed",
        [CHECKED_RECORD] = "has lost its record: something wrote over it",
    };
    return words[fault];
}

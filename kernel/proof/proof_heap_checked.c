/* SPDX-License-Identifier: MIT
 *
 * The checked heap: what it must find, and what it then says. Each test breaks
 * one rule by hand.
 */
#include "kernel/alloc/checked.h"
#include "kernel/core/string.h"
#include "kernel/proof/proof_heap.h"
#include "kernel/proof/suites.h"

#define BYTES     40
#define ALLOCATOR 0xA110 /* who allocated and who freed, as return addresses */
#define FREER     0xF4EE
#define VALUE     0x77

struct checked_subject {
    struct proof_heap *heap;
    struct checked checked;
    struct checked_finding finding;
};

static void begin(struct claims *claims, struct checked_subject *subject)
{
    subject->heap = proof_heap_begin(claims, PROOF_SLAB);
    checked_begin(&subject->checked, &subject->heap->slab);
}

static uint8_t *take(struct checked_subject *subject, size_t bytes)
{
    return checked_allocate(&subject->checked, bytes, ALLOCATOR_ALIGNMENT, ALLOCATOR,
                            &subject->finding);
}

static enum checked_fault give(struct checked_subject *subject, void *block)
{
    return checked_free(&subject->checked, block, FREER, &subject->finding);
}

static void claim_finding(struct claims *claims, const struct checked_subject *subject,
                          const uint8_t *block, ptrdiff_t offset, uintptr_t freed_by)
{
    const struct checked_finding *const finding = &subject->finding;
    CLAIM_EQUAL(finding->address, (uintptr_t)block);
    CLAIM_EQUAL(finding->bytes, BYTES);
    CLAIM_EQUAL(finding->offset, offset);
    CLAIM_EQUAL(finding->allocated_by, ALLOCATOR);
    CLAIM_EQUAL(finding->freed_by, freed_by);
}

/* A block of its own length is whole, filled, and found in order after every byte was written. */
static void clean(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    for (size_t bytes = 0; bytes < 2 * (size_t)BYTES; bytes++) {
        uint8_t *const block = take(&subject, bytes);
        if (!CLAIM(block != NULL))
            return;
        for (size_t i = 0; i < bytes; i++)
            CLAIM_EQUAL(block[i], POISON_HEAP_FRESH);
        memset(block, VALUE, bytes);
        CLAIM_EQUAL(checked_check(&subject.checked, &subject.finding), CHECKED_OK);
        CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
    }
    CLAIM_EQUAL(subject.checked.live.blocks, 0);
}

static void overflow(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    block[BYTES] = VALUE;
    CLAIM_EQUAL(checked_check(&subject.checked, &subject.finding), CHECKED_OVERFLOW);
    CLAIM_EQUAL(give(&subject, block), CHECKED_OVERFLOW);
    claim_finding(claims, &subject, block, BYTES, 0);
    CLAIM_EQUAL(subject.finding.value, VALUE);
    block[BYTES] = POISON_HEAP_REDZONE;
    block[BYTES + CHECKED_ZONE_BYTES - 1] = VALUE;
    CLAIM_EQUAL(give(&subject, block), CHECKED_OVERFLOW);
    block[BYTES + CHECKED_ZONE_BYTES - 1] = POISON_HEAP_REDZONE;
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
}

static void underflow(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    block[-1] = VALUE;
    CLAIM_EQUAL(give(&subject, block), CHECKED_UNDERFLOW);
    claim_finding(claims, &subject, block, -1, 0);
    block[-1] = POISON_HEAP_REDZONE;
    block[-CHECKED_ZONE_BYTES] = VALUE;
    CLAIM_EQUAL(give(&subject, block), CHECKED_UNDERFLOW);
    block[-CHECKED_ZONE_BYTES] = POISON_HEAP_REDZONE;
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
}

static void twice(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
    CLAIM_EQUAL(give(&subject, block), CHECKED_TWICE);
    claim_finding(claims, &subject, block, 0, FREER);
    void *const kept = take(&subject, BYTES); /* so that the slab keeps the page */
    CLAIM_EQUAL(checked_flush(&subject.checked, &subject.finding), CHECKED_OK);
    CLAIM_EQUAL(give(&subject, block), CHECKED_TWICE); /* its record is gone, the fact is not */
    CLAIM_EQUAL(give(&subject, kept), CHECKED_OK);
}

static void after_free(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
    CLAIM_EQUAL(block[BYTES / 2], POISON_HEAP_FREED);
    block[BYTES / 2] = VALUE;
    CLAIM_EQUAL(checked_check(&subject.checked, &subject.finding), CHECKED_AFTER_FREE);
    claim_finding(claims, &subject, block, BYTES / 2, FREER);
    CLAIM_EQUAL(checked_flush(&subject.checked, &subject.finding), CHECKED_AFTER_FREE);
    block[BYTES / 2] = POISON_HEAP_FREED;
    CLAIM_EQUAL(checked_flush(&subject.checked, &subject.finding), CHECKED_OK);
}

static void middle(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    for (ptrdiff_t offset = -CHECKED_ZONE_BYTES; offset < BYTES + CHECKED_ZONE_BYTES; offset++) {
        if (offset == 0)
            continue;
        CLAIM_EQUAL(give(&subject, block + offset), CHECKED_MIDDLE);
        claim_finding(claims, &subject, block, offset, 0);
    }
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
}

static void foreign(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    CLAIM_EQUAL(give(&subject, &subject), CHECKED_FOREIGN);
    CLAIM_EQUAL(subject.finding.address, (uintptr_t)&subject);
    CLAIM_EQUAL(give(&subject, NULL), CHECKED_FOREIGN);
    CLAIM_EQUAL(give(&subject, claims->arena), CHECKED_FOREIGN); /* a page nobody has */
}

/* A long underflow takes the record with it; that is said, and nothing follows it. */
static void record(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    uint8_t *const block = take(&subject, BYTES);
    uint8_t copy[sizeof(struct checked_record)];
    struct checked_record *const lost = checked_find(&subject.checked, block, &subject.finding);
    if (!CLAIM(lost != NULL))
        return;
    memcpy(copy, lost, sizeof(copy));
    memset(lost, VALUE, sizeof(*lost));
    CLAIM_EQUAL(give(&subject, block), CHECKED_RECORD);
    CLAIM_EQUAL(checked_check(&subject.checked, &subject.finding), CHECKED_RECORD);
    memcpy(lost, copy, sizeof(copy));
    CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
}

/* A freed block is not given out again at once. */
static void quarantine(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    void *const first = take(&subject, BYTES);
    CLAIM_EQUAL(give(&subject, first), CHECKED_OK);
    for (unsigned i = 1; i < CHECKED_QUARANTINE_BLOCKS; i++) {
        void *const block = take(&subject, BYTES);
        CLAIM(block != first);
        CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
    }
    CLAIM_EQUAL(subject.checked.quarantine.blocks, CHECKED_QUARANTINE_BLOCKS);
    CLAIM_EQUAL(give(&subject, take(&subject, BYTES)), CHECKED_OK);
    CLAIM_EQUAL(subject.checked.quarantine.blocks, CHECKED_QUARANTINE_BLOCKS);
    CLAIM(take(&subject, BYTES) == first);
}

/* Without the quarantine's memory there would be none left. */
static void exhaustion(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    size_t count = 0;
    CLAIM(take(&subject, SIZE_MAX) == NULL);
    CLAIM(take(&subject, SIZE_MAX - CHECKED_ZONE_BYTES) == NULL);
    while (count < PROOF_HEAP_BLOCKS && (subject.heap->blocks[count] = take(&subject, BYTES)))
        count++;
    CLAIM(count > CHECKED_QUARANTINE_BLOCKS);
    CLAIM_EQUAL(subject.checked.live.blocks, count);
    CLAIM_EQUAL(subject.checked.live.bytes, count * BYTES);
    CLAIM_EQUAL(give(&subject, subject.heap->blocks[0]), CHECKED_OK);
    CLAIM_EQUAL(subject.checked.quarantine.blocks, 1);
    CLAIM(take(&subject, BYTES) == subject.heap->blocks[0]);
    for (size_t i = 0; i < count; i++)
        CLAIM_EQUAL(give(&subject, subject.heap->blocks[i]), CHECKED_OK);
    CLAIM_EQUAL(checked_flush(&subject.checked, &subject.finding), CHECKED_OK);
    slab_trim(&subject.heap->slab);
    CLAIM_EQUAL(slab_pages_held(&subject.heap->slab), 0);
}

static void leaks(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    void *const first = take(&subject, BYTES);
    void *const leaked = take(&subject, (size_t)2 * BYTES);
    CLAIM_EQUAL(give(&subject, first), CHECKED_OK);
    const struct checked_ring *const live = &subject.checked.live;
    CLAIM_EQUAL(live->blocks, 1);
    CLAIM_EQUAL(live->bytes, 2 * BYTES);
    CLAIM(checked_block(live->ends.next) == leaked);
    CLAIM_EQUAL(live->ends.next->allocated_by, ALLOCATOR);
    CLAIM(live->ends.next->next == &live->ends);
    CLAIM_EQUAL(subject.checked.blocks_most, 2);
    CLAIM_EQUAL(subject.checked.bytes_most, 3 * BYTES);
    CLAIM_EQUAL(subject.checked.allocations, 2);
}

static void alignment(struct claims *claims)
{
    struct checked_subject subject;
    begin(claims, &subject);
    for (size_t unit = 1; unit <= CLAIMS_ARENA_ALIGNMENT; unit *= 2) {
        uint8_t *const block =
            checked_allocate(&subject.checked, BYTES, unit, ALLOCATOR, &subject.finding);
        if (!CLAIM(block != NULL))
            return;
        CLAIM_EQUAL((uintptr_t)block % unit, 0);
        block[BYTES] = VALUE;
        CLAIM_EQUAL(give(&subject, block), CHECKED_OVERFLOW);
        block[BYTES] = POISON_HEAP_REDZONE;
        CLAIM_EQUAL(give(&subject, block), CHECKED_OK);
    }
}

static const struct proof_test tests[] = {
    { "heap.checked.clean", clean },
    { "heap.checked.overflow", overflow },
    { "heap.checked.underflow", underflow },
    { "heap.checked.double-free", twice },
    { "heap.checked.use-after-free", after_free },
    { "heap.checked.free-of-middle", middle },
    { "heap.checked.free-of-foreign", foreign },
    { "heap.checked.record-lost", record },
    { "heap.checked.quarantine", quarantine },
    { "heap.checked.exhaustion", exhaustion },
    { "heap.checked.leaks", leaks },
    { "heap.checked.alignment", alignment },
};
const struct proof_suite proof_heap_checked = { tests, ARRAY_COUNT(tests) };

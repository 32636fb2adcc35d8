/* SPDX-License-Identifier: MIT
 *
 * The end of the room, and what comes back from there; and frees that are wrong.
 */
#include "kernel/proof/proof_heap.h"

#define LARGE_BYTES 0xC000 /* about half of the heap */
#define MANY_BYTES  200
#define FIRST_BYTES 8
#define WASTE_MOST  (PROOF_HEAP_BYTES / 10)

static void give_all(struct claims *claims, struct proof_heap *heap, size_t count, size_t first,
                     size_t step, size_t bytes)
{
    unsigned refused = 0;
    for (size_t i = first; i < count; i += step)
        refused += proof_give(heap, heap->blocks[i], bytes) == ALLOCATOR_OK ? 0 : 1;
    CLAIM_EQUAL(refused, 0);
}

void proof_heap_exhaustion(struct claims *claims, struct proof_heap *heap)
{
    const size_t count = proof_fill(heap, PROOF_SMALL_BYTES);
    CLAIM(count * PROOF_SMALL_BYTES > PROOF_HEAP_BYTES - WASTE_MOST);
    CLAIM(count * PROOF_SMALL_BYTES <= PROOF_HEAP_BYTES);
    CLAIM(proof_take(heap, PROOF_SMALL_BYTES) == NULL);
    CLAIM(proof_take(heap, PROOF_HEAP_BYTES) == NULL);
    if ((heap->can & PROOF_REUSES) != 0) {
        CLAIM_EQUAL(proof_give(heap, heap->blocks[count / 2], PROOF_SMALL_BYTES), ALLOCATOR_OK);
        CLAIM(proof_take(heap, PROOF_SMALL_BYTES) == heap->blocks[count / 2]);
        CLAIM(proof_take(heap, PROOF_SMALL_BYTES) == NULL);
    }
    give_all(claims, heap, count, 0, 1, PROOF_SMALL_BYTES);
    CLAIM_EQUAL(proof_fill(heap, PROOF_SMALL_BYTES), count);
}

/* Half of the memory is free, in holes of one small block: no large one fits. */
void proof_heap_fragmentation(struct claims *claims, struct proof_heap *heap)
{
    const size_t count = proof_fill(heap, PROOF_SMALL_BYTES);
    give_all(claims, heap, count, 0, 2, PROOF_SMALL_BYTES);
    CLAIM(proof_take(heap, LARGE_BYTES) == NULL);
    give_all(claims, heap, count, 1, 2, PROOF_SMALL_BYTES);
    void *large = proof_take(heap, LARGE_BYTES);
    if ((heap->can & PROOF_JOINS) == 0) {
        CLAIM(large == NULL); /* what was cut for a class stays in it, until it is trimmed */
        heap->allocator.trim(heap->allocator.state);
        large = proof_take(heap, LARGE_BYTES);
    }
    CLAIM(large != NULL);
    CLAIM_EQUAL(proof_give(heap, large, LARGE_BYTES), ALLOCATOR_OK);
}

static void claim_intact(struct claims *claims, struct proof_heap *heap, void *kept)
{
    CLAIM_EQUAL(proof_give(heap, kept, PROOF_SMALL_BYTES), ALLOCATOR_OK);
    if (heap->allocator.trim != NULL)
        heap->allocator.trim(heap->allocator.state);
    CLAIM_EQUAL(heap->allocator.held(heap->allocator.state), 0);
}

/* Each is a status, and changes nothing. */
void proof_heap_wrong_frees(struct claims *claims, struct proof_heap *heap)
{
    void *const kept = proof_take(heap, PROOF_SMALL_BYTES);
    void *const block = proof_take(heap, PROOF_SMALL_BYTES);
    void *const other = proof_take(heap, PROOF_SMALL_BYTES);
    if (!CLAIM(kept != NULL && block != NULL && other != NULL))
        return;
    CLAIM_EQUAL(proof_give(heap, claims->arena + claims->arena_bytes, PROOF_SMALL_BYTES),
                ALLOCATOR_E_FOREIGN);
    CLAIM_EQUAL(proof_give(heap, NULL, PROOF_SMALL_BYTES), ALLOCATOR_E_FOREIGN);
    if ((heap->can & PROOF_FINDS_MIDDLE) != 0) {
        for (size_t inside = 1; inside < PROOF_SMALL_BYTES; inside++)
            CLAIM_EQUAL(proof_give(heap, (uint8_t *)block + inside, PROOF_SMALL_BYTES),
                        ALLOCATOR_E_MIDDLE);
        CLAIM_EQUAL(proof_give(heap, heap->memory, PROOF_SMALL_BYTES), ALLOCATOR_E_MIDDLE);
    } else if ((heap->can & PROOF_REUSES) != 0) {
        CLAIM_EQUAL(proof_give(heap, (uint8_t *)block + 1, PROOF_SMALL_BYTES), ALLOCATOR_E_MIDDLE);
    }
    CLAIM_EQUAL(proof_give(heap, block, PROOF_SMALL_BYTES), ALLOCATOR_OK);
    if ((heap->can & PROOF_REUSES) != 0)
        CLAIM_EQUAL(proof_give(heap, block, PROOF_SMALL_BYTES), ALLOCATOR_E_FREE);
    CLAIM_EQUAL(proof_give(heap, other, PROOF_SMALL_BYTES), ALLOCATOR_OK);
    if ((heap->can & PROOF_FINDS_TWICE) != 0)
        CLAIM_EQUAL(proof_give(heap, block, PROOF_SMALL_BYTES), ALLOCATOR_E_FREE);
    claim_intact(claims, heap, kept);
    if ((heap->can & PROOF_JOINS) != 0)
        CLAIM(proof_give(heap, kept, PROOF_SMALL_BYTES) != ALLOCATOR_OK); /* nothing is live */
}

void proof_heap_all_returned(struct claims *claims, struct proof_heap *heap)
{
    const struct allocator *const allocator = &heap->allocator;
    CLAIM_EQUAL(allocator->held(allocator->state), 0);
    for (size_t bytes = FIRST_BYTES; bytes < LARGE_BYTES; bytes *= 2) {
        const size_t count = proof_fill(heap, bytes + MANY_BYTES);
        CLAIM(count > 0);
        CLAIM(allocator->held(allocator->state) > PROOF_HEAP_BYTES / 2);
        give_all(claims, heap, count, 0, 1, bytes + MANY_BYTES);
        if (allocator->trim != NULL)
            allocator->trim(allocator->state);
        CLAIM_EQUAL(allocator->held(allocator->state), 0);
    }
    CLAIM(!heap->pages.wrong);
}

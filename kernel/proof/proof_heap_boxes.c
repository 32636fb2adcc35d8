/* SPDX-License-Identifier: MIT
 *
 * What any heap of a small kernel is asked first: boxes and a growing vector.
 */
#include "kernel/proof/proof_heap.h"

#define FIRST_VALUE  41
#define SECOND_VALUE 13
#define ELEMENTS     1000
#define BOX_BYTES    sizeof(uint64_t)

static uint64_t *take_box(struct proof_heap *heap, uint64_t value)
{
    uint64_t *const box = heap->allocator.allocate(heap->allocator.state, BOX_BYTES, BOX_BYTES);
    if (box != NULL)
        *box = value;
    return box;
}

static enum allocator_status give_box(struct proof_heap *heap, uint64_t *box)
{
    return heap->allocator.free(heap->allocator.state, box, BOX_BYTES, BOX_BYTES);
}

void proof_heap_simple(struct claims *claims, struct proof_heap *heap)
{
    uint64_t *const first = take_box(heap, FIRST_VALUE);
    uint64_t *const second = take_box(heap, SECOND_VALUE);
    if (!CLAIM(first != NULL && second != NULL))
        return;
    CLAIM(first != second);
    CLAIM_EQUAL(*first, FIRST_VALUE);
    CLAIM_EQUAL(*second, SECOND_VALUE);
    CLAIM_EQUAL(give_box(heap, first), ALLOCATOR_OK);
    CLAIM_EQUAL(*second, SECOND_VALUE);
    CLAIM_EQUAL(give_box(heap, second), ALLOCATOR_OK);
}

/* Room for one more: twice the room, as a vector does it. */
static uint64_t *grow(struct proof_heap *heap, uint64_t *vector, size_t *room)
{
    uint64_t *const larger = allocator_resize(&heap->allocator, vector, *room * sizeof(*vector),
                                              *room * 2 * sizeof(*vector));
    *room *= 2;
    return larger;
}

void proof_heap_large_vector(struct claims *claims, struct proof_heap *heap)
{
    size_t room = 1;
    uint64_t *vector = proof_take(heap, sizeof(*vector));
    for (size_t i = 0; vector != NULL && i < ELEMENTS; i++) {
        if (i == room)
            vector = grow(heap, vector, &room);
        if (vector != NULL)
            vector[i] = i;
    }
    if (!CLAIM(vector != NULL))
        return;
    uint64_t sum = 0;
    for (size_t i = 0; i < ELEMENTS; i++)
        sum += vector[i];
    CLAIM_EQUAL(sum, (ELEMENTS - 1) * ELEMENTS / 2);
    CLAIM_EQUAL(proof_give(heap, vector, room * sizeof(*vector)), ALLOCATOR_OK);
}

/* Take and give back one box after another: how many times it went well. */
static size_t count_boxes(struct proof_heap *heap)
{
    for (size_t i = 0; i < PROOF_HEAP_BYTES; i++) {
        uint64_t *const box = take_box(heap, i);
        if (box == NULL || *box != i || give_box(heap, box) != ALLOCATOR_OK)
            return i;
    }
    return PROOF_HEAP_BYTES;
}

void proof_heap_many_boxes(struct claims *claims, struct proof_heap *heap)
{
    CLAIM_EQUAL(count_boxes(heap), PROOF_HEAP_BYTES);
}

/*
 * The same while one box lives on. A bump allocator cannot: it fails exactly
 * when its mark has reached the end, and that is claimed of it.
 */
void proof_heap_long_lived(struct claims *claims, struct proof_heap *heap)
{
    uint64_t *const long_lived = take_box(heap, 1);
    if (!CLAIM(long_lived != NULL))
        return;
    const size_t boxes = count_boxes(heap);
    if ((heap->can & PROOF_REUSES) != 0)
        CLAIM_EQUAL(boxes, PROOF_HEAP_BYTES);
    else
        CLAIM_EQUAL(boxes, PROOF_HEAP_BYTES / BOX_BYTES - 1);
    CLAIM_EQUAL(*long_lived, 1);
    CLAIM_EQUAL(give_box(heap, long_lived), ALLOCATOR_OK);
    CLAIM_EQUAL(count_boxes(heap), PROOF_HEAP_BYTES);
}

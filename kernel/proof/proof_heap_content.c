/* SPDX-License-Identifier: MIT
 *
 * What lies in blocks stays there, and blocks lie where they should.
 */
#include "kernel/proof/proof_heap.h"

#include "kernel/core/string.h"

#define ALIGNMENTS  13 /* 1 to 4096 */
#define KEPT_BYTES  100
#define GROWN_BYTES 5000
#define ODD_BYTES   24
#define ODD_COUNT   5
#define DIRT        0xEE

static void write_pattern(uint8_t *block, size_t bytes, unsigned seed)
{
    for (size_t i = 0; i < bytes; i++)
        block[i] = (uint8_t)(seed + i);
}

static bool has_pattern(const uint8_t *block, size_t bytes, unsigned seed)
{
    for (size_t i = 0; i < bytes; i++) {
        if (block[i] != (uint8_t)(seed + i))
            return false;
    }
    return true;
}

void proof_heap_resize(struct claims *claims, struct proof_heap *heap)
{
    uint8_t *const block = proof_take(heap, KEPT_BYTES);
    if (!CLAIM(block != NULL))
        return;
    write_pattern(block, KEPT_BYTES, 1);
    uint8_t *const grown = allocator_resize(&heap->allocator, block, KEPT_BYTES, GROWN_BYTES);
    if (!CLAIM(grown != NULL))
        return;
    CLAIM(has_pattern(grown, KEPT_BYTES, 1));
    write_pattern(grown, GROWN_BYTES, 2);
    CLAIM(allocator_resize(&heap->allocator, grown, GROWN_BYTES, SIZE_MAX) == NULL);
    CLAIM(has_pattern(grown, GROWN_BYTES, 2));
    uint8_t *const shrunk = allocator_resize(&heap->allocator, grown, GROWN_BYTES, KEPT_BYTES);
    if (!CLAIM(shrunk != NULL))
        return;
    CLAIM(has_pattern(shrunk, KEPT_BYTES, 2));
    CLAIM_EQUAL(proof_give(heap, shrunk, KEPT_BYTES), ALLOCATOR_OK);
}

/* Every power of two, for a length that is none, with something small between. */
void proof_heap_alignment(struct claims *claims, struct proof_heap *heap)
{
    const struct allocator *const allocator = &heap->allocator;
    void *between[ALIGNMENTS];
    void *aligned[ALIGNMENTS];
    for (size_t i = 0; i < ALIGNMENTS; i++) {
        between[i] = allocator->allocate(allocator->state, 1, 1);
        aligned[i] = allocator->allocate(allocator->state, ODD_BYTES, (size_t)1 << i);
        CLAIM(between[i] != NULL && aligned[i] != NULL);
        CLAIM_EQUAL((uintptr_t)aligned[i] % ((size_t)1 << i), 0);
    }
    for (size_t i = 0; i < ALIGNMENTS; i++) {
        CLAIM_EQUAL(allocator->free(allocator->state, between[i], 1, 1), ALLOCATOR_OK);
        CLAIM_EQUAL(allocator->free(allocator->state, aligned[i], ODD_BYTES, (size_t)1 << i),
                    ALLOCATOR_OK);
    }
}

/* Nothing may be written to them, but each is a block of its own, and can be freed. */
void proof_heap_zero_bytes(struct claims *claims, struct proof_heap *heap)
{
    void *const first = proof_take(heap, 0);
    void *const second = proof_take(heap, 0);
    CLAIM(first != NULL && second != NULL);
    if ((heap->can & PROOF_REUSES) != 0)
        CLAIM(first != second);
    CLAIM_EQUAL(proof_give(heap, first, 0), ALLOCATOR_OK);
    CLAIM_EQUAL(proof_give(heap, second, 0), ALLOCATOR_OK);
}

/* A product that wraps to something small must not become a small block. */
void proof_heap_overflow(struct claims *claims, struct proof_heap *heap)
{
    const struct allocator *const allocator = &heap->allocator;
    CLAIM(allocator_allocate_zeroed(allocator, SIZE_MAX / 2 + 1, 2) == NULL);
    CLAIM(allocator_allocate_zeroed(allocator, SIZE_MAX / ODD_BYTES + 2, ODD_BYTES) == NULL);
    CLAIM(proof_take(heap, SIZE_MAX) == NULL);
    CLAIM(proof_take(heap, SIZE_MAX - ALLOCATOR_ALIGNMENT) == NULL);
    CLAIM(proof_take(heap, SIZE_MAX / 2 + 2) == NULL);

    uint8_t *const dirty = proof_take(heap, (size_t)ODD_COUNT * ODD_BYTES);
    if (!CLAIM(dirty != NULL))
        return;
    memset(dirty, DIRT, (size_t)ODD_COUNT * ODD_BYTES);
    CLAIM_EQUAL(proof_give(heap, dirty, (size_t)ODD_COUNT * ODD_BYTES), ALLOCATOR_OK);
    uint8_t *const zeros = allocator_allocate_zeroed(allocator, ODD_COUNT, ODD_BYTES);
    if (!CLAIM(zeros != NULL))
        return;
    for (size_t i = 0; i < (size_t)ODD_COUNT * ODD_BYTES; i++)
        CLAIM_EQUAL(zeros[i], 0);
}

#define LIVE        48
#define ROUNDS      1500
#define BYTES_MOST  1200
#define RANDOM_STEP 1103515245U /* ISO C17 7.22.2.2, the example */
#define RANDOM_ADD  12345U
#define RANDOM_HIGH 16

static unsigned next_random(uint32_t *state)
{
    *state = *state * RANDOM_STEP + RANDOM_ADD;
    return *state >> RANDOM_HIGH;
}

struct live {
    uint8_t *block;
    size_t bytes;
    unsigned seed;
};

/* A block that another has written to no longer has its pattern. */
static void replace(struct claims *claims, struct proof_heap *heap, struct live *live, size_t bytes,
                    unsigned seed)
{
    if (live->block != NULL) {
        CLAIM(has_pattern(live->block, live->bytes, live->seed));
        CLAIM_EQUAL(proof_give(heap, live->block, live->bytes), ALLOCATOR_OK);
    }
    *live = (struct live){ .block = proof_take(heap, bytes), .bytes = bytes, .seed = seed };
    if (live->block != NULL)
        write_pattern(live->block, bytes, seed);
}

static void release_all(struct claims *claims, struct proof_heap *heap, struct live *all)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (all[i].block == NULL)
            continue;
        CLAIM(has_pattern(all[i].block, all[i].bytes, all[i].seed));
        CLAIM_EQUAL(proof_give(heap, all[i].block, all[i].bytes), ALLOCATOR_OK);
        all[i].block = NULL;
    }
}

void proof_heap_no_overlap(struct claims *claims, struct proof_heap *heap)
{
    struct live all[LIVE];
    uint32_t random = 1;
    size_t taken = 0;
    memset(all, 0, sizeof(all));
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct live *const live = &all[next_random(&random) % LIVE];
        replace(claims, heap, live, next_random(&random) % BYTES_MOST, round);
        taken += live->block != NULL ? 1 : 0;
        if (live->block == NULL)
            release_all(claims, heap, all); /* a bump allocator begins anew */
    }
    release_all(claims, heap, all);
    CLAIM(taken > ROUNDS - ROUNDS / 10);
}

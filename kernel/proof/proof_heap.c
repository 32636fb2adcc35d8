/* SPDX-License-Identifier: MIT
 *
 * The same claims of every allocator, and what only a slab can be asked.
 */
#include "kernel/proof/proof_heap.h"

#include "hw/paging.h"
#include "kernel/proof/suites.h"

#define LARGE_BYTES ((size_t)2 * PAGE_BYTES)

/* One test of one allocator is a function of its own, since a test has no argument. */
#define TEST(prefix, kind, test)                                                                   \
    static void prefix##_##test(struct claims *claims)                                             \
    {                                                                                              \
        proof_heap_##test(claims, proof_heap_begin(claims, kind));                                 \
    }
#define TESTS(prefix, kind)                                                                        \
    TEST(prefix, kind, simple)                                                                     \
    TEST(prefix, kind, large_vector)                                                               \
    TEST(prefix, kind, many_boxes)                                                                 \
    TEST(prefix, kind, long_lived)                                                                 \
    TEST(prefix, kind, resize)                                                                     \
    TEST(prefix, kind, alignment)                                                                  \
    TEST(prefix, kind, exhaustion)                                                                 \
    TEST(prefix, kind, zero_bytes)                                                                 \
    TEST(prefix, kind, overflow)                                                                   \
    TEST(prefix, kind, no_overlap)                                                                 \
    TEST(prefix, kind, fragmentation)                                                              \
    TEST(prefix, kind, wrong_frees)                                                                \
    TEST(prefix, kind, all_returned)
TESTS(bump, PROOF_BUMP)
TESTS(linked_list, PROOF_LINKED_LIST)
TESTS(fixed_block, PROOF_FIXED_BLOCK)
TESTS(slab, PROOF_SLAB)

/* A page that is refused is NULL for the caller, and everything goes on. */
static void slab_refused(struct claims *claims)
{
    struct proof_heap *const heap = proof_heap_begin(claims, PROOF_SLAB);
    heap->pages.refuse_from = 0;
    CLAIM(proof_take(heap, PROOF_SMALL_BYTES) == NULL);
    CLAIM(proof_take(heap, PAGE_BYTES) == NULL);
    heap->pages.refuse_from = 1;
    CLAIM(proof_take(heap, PROOF_SMALL_BYTES) != NULL);
    CLAIM(proof_take(heap, PAGE_BYTES) == NULL);
    CLAIM_EQUAL(slab_pages_held(&heap->slab), 1);
}

static void slab_place(struct claims *claims)
{
    struct proof_heap *const heap = proof_heap_begin(claims, PROOF_SLAB);
    uint8_t *const small = proof_take(heap, PROOF_SMALL_BYTES - 1);
    uint8_t *const large = proof_take(heap, LARGE_BYTES + 1);
    struct slab_place place = { .block = NULL };
    CLAIM(slab_find(&heap->slab, small + PROOF_SMALL_BYTES - 1, &place));
    CLAIM(place.block == small && place.live);
    CLAIM_EQUAL(place.bytes, PROOF_SMALL_BYTES);
    CLAIM(slab_find(&heap->slab, small + PROOF_SMALL_BYTES, &place));
    CLAIM(place.block == small + PROOF_SMALL_BYTES && !place.live);
    CLAIM(slab_find(&heap->slab, large + LARGE_BYTES, &place));
    CLAIM(place.block == large && place.live);
    CLAIM_EQUAL(place.bytes, 2 * LARGE_BYTES);
    CLAIM_EQUAL(proof_give(heap, large + PAGE_BYTES, 0), ALLOCATOR_E_MIDDLE);
    CLAIM(!slab_find(&heap->slab, heap->memory + PROOF_HEAP_BYTES - 1, &place));
    CLAIM(!slab_find(&heap->slab, heap->memory, &place)); /* a slab's header is no block */
}

static void slab_account(struct claims *claims)
{
    struct proof_heap *const heap = proof_heap_begin(claims, PROOF_SLAB);
    const size_t class = heap->slab.class_of[PROOF_SMALL_BYTES / ALLOCATOR_ALIGNMENT];
    const struct slab_class *const account = &heap->slab.classes[class];
    void *const first = proof_take(heap, PROOF_SMALL_BYTES);
    void *const second = proof_take(heap, PROOF_SMALL_BYTES);
    CLAIM_EQUAL(proof_give(heap, first, PROOF_SMALL_BYTES), ALLOCATOR_OK);
    CLAIM_EQUAL(account->live, 1);
    CLAIM_EQUAL(account->live_most, 2);
    CLAIM_EQUAL(account->allocations, 2);
    CLAIM_EQUAL(account->bytes, PROOF_SMALL_BYTES);
    CLAIM_EQUAL(account->pages, 1);
    CLAIM_EQUAL(proof_give(heap, second, PROOF_SMALL_BYTES), ALLOCATOR_OK);
    CLAIM_EQUAL(account->live, 0);
}

#define ENTRIES(name, prefix)                                                                      \
    { "heap." name ".simple", prefix##_simple },                                                   \
        { "heap." name ".large-vector", prefix##_large_vector },                                   \
        { "heap." name ".many-boxes", prefix##_many_boxes },                                       \
        { "heap." name ".many-boxes-long-lived", prefix##_long_lived },                            \
        { "heap." name ".resize", prefix##_resize },                                               \
        { "heap." name ".alignment", prefix##_alignment },                                         \
        { "heap." name ".exhaustion", prefix##_exhaustion },                                       \
        { "heap." name ".zero-bytes", prefix##_zero_bytes },                                       \
        { "heap." name ".overflow", prefix##_overflow },                                           \
        { "heap." name ".no-overlap", prefix##_no_overlap },                                       \
        { "heap." name ".fragmentation", prefix##_fragmentation },                                 \
        { "heap." name ".wrong-frees", prefix##_wrong_frees },                                     \
    {                                                                                              \
        "heap." name ".all-returned", prefix##_all_returned                                        \
    }

static const struct proof_test tests[] = {
    ENTRIES("bump", bump),
    ENTRIES("linked-list", linked_list),
    ENTRIES("fixed-block", fixed_block),
    ENTRIES("slab", slab),
    { "heap.slab.page-refused", slab_refused },
    { "heap.slab.place", slab_place },
    { "heap.slab.account", slab_account },
};
const struct proof_suite proof_heap = { tests, ARRAY_COUNT(tests) };

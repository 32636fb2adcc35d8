/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator: ranges of any length, and memory that comes and goes.
 */
#include "kernel/proof/buddy_rig.h"
#include "kernel/proof/suites.h"

static void range_is_exact(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 16), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 5, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(buddy->used[BUDDY_ZONE_HIGH], 5);
    CLAIM_EQUAL(rig_free(buddy), 11);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 3);
    CLAIM(rig_sound(buddy));
    CLAIM_EQUAL(buddy_free_range(buddy, first, 5), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 4);
    CLAIM(rig_sound(buddy));
}

static void every_length_fits(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 64), BUDDY_OK);
    for (uint64_t frames = 1; frames <= 64; frames++) {
        uint64_t first = 0;
        CLAIM_EQUAL(buddy_allocate_range(buddy, frames, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
        CLAIM_EQUAL(rig_free(buddy), 64 - frames);
        CLAIM(rig_sound(buddy));
        CLAIM_EQUAL(buddy_free_range(buddy, first, frames), BUDDY_OK);
    }
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 6);
}

static void range_over_blocks(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    /* Free in a row: 2, 4, 8 and 1 frames; no single block has room for 14. */
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 2, 15), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 3);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 16, 1, BUDDY_ZONE_HIGH, &first), BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 14, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(first, RIG_FAR + 2);
    CLAIM_EQUAL(rig_free(buddy), 1);
    CLAIM(rig_sound(buddy));
    CLAIM_EQUAL(buddy_free_range(buddy, first, 14), BUDDY_OK);
    CLAIM_EQUAL(rig_free(buddy), 15);
    CLAIM(rig_sound(buddy));
}

/* A block in use between two free ones is no way through. */
static void range_not_over_used_blocks(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t a = 0, b = 0, first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 12), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate(buddy, 2, BUDDY_ZONE_HIGH, &a), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate(buddy, 2, BUDDY_ZONE_HIGH, &b), BUDDY_OK);
    CLAIM_EQUAL(buddy_free(buddy, a, 2), BUDDY_OK);
    CLAIM_EQUAL(b, RIG_FAR);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 9, 1, BUDDY_ZONE_HIGH, &first), BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 8, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(first, RIG_FAR + 4);
    CLAIM(rig_sound(buddy));
}

static void range_over_zones(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_MIDDLE, RIG_MIDDLE_END - RIG_MIDDLE), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 256, 1, BUDDY_ZONE_16M, &first), BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 256, 1, BUDDY_ZONE_4G, &first), BUDDY_OK);
    CLAIM_EQUAL(first, RIG_MIDDLE);
    CLAIM_EQUAL(buddy->used[BUDDY_ZONE_16M], RIG_16M - RIG_MIDDLE);
    CLAIM_EQUAL(buddy->used[BUDDY_ZONE_4G], RIG_MIDDLE_END - RIG_16M);
    CLAIM(rig_sound(buddy));
    CLAIM_EQUAL(buddy_free_range(buddy, first, 256), BUDDY_OK);
    CLAIM(rig_sound(buddy));
}

/* Longer than the largest free block, over two that adjoin. */
static void range_longer_than_a_block(struct claims *claims)
{
    struct buddy buddy;
    struct buddy_region region = { .first = RIG_LOW, .frames = RIG_LOW_END - RIG_LOW };
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_begin(&buddy, &region, 1, claims->arena, claims->arena_bytes), BUDDY_OK);
    CLAIM_EQUAL(buddy_add(&buddy, RIG_LOW, RIG_LOW_END - RIG_LOW), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(&buddy, BUDDY_ZONE_16M), 9);
    CLAIM_EQUAL(buddy_allocate_range(&buddy, 0x300, 1, BUDDY_ZONE_16M, &first), BUDDY_OK);
    CLAIM_EQUAL(first, RIG_1M);
    CLAIM(rig_sound(&buddy));
    CLAIM_EQUAL(buddy_free_range(&buddy, first, 0x300), BUDDY_OK);
    CLAIM(rig_sound(&buddy));
}

static void range_is_aligned(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    for (uint64_t alignment = 1; alignment <= 512; alignment *= 2) {
        uint64_t first = 0;
        CLAIM_EQUAL(buddy_allocate_range(buddy, 3, alignment, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
        CLAIM_EQUAL(first % alignment, 0);
    }
    CLAIM(rig_sound(buddy));
}

/* No block of 8 there, but a place that begins at a multiple of 8. */
static void range_is_aligned_over_blocks(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 3, 10), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 5, 8, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(first, RIG_FAR + 8);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 1, 8, BUDDY_ZONE_HIGH, &first), BUDDY_E_NO_MEMORY);
    CLAIM(rig_sound(buddy));
}

static void range_takes_the_highest_zone(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++) {
        uint64_t first = 0;
        CLAIM_EQUAL(buddy_allocate_range(buddy, 7, 1, (enum buddy_zone)zone, &first), BUDDY_OK);
        CLAIM_EQUAL(buddy_zone_of(first), zone);
    }
}

static void wrong_lengths_are_refused(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0, block = 0;
    CLAIM_EQUAL(buddy_allocate_range(buddy, 11, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate(buddy, 2, BUDDY_ZONE_HIGH, &block), BUDDY_OK);
    for (uint64_t frames = 0; frames <= 32; frames++) {
        if (frames != 11)
            CLAIM_EQUAL(buddy_free_range(buddy, first, frames), BUDDY_E_LENGTH);
    }
    CLAIM_EQUAL(buddy_free_range(buddy, first, UINT64_MAX), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free_range(buddy, first + 8, 3), BUDDY_E_INSIDE);
    CLAIM_EQUAL(buddy_free_range(buddy, first + 9, 1), BUDDY_E_INSIDE);
    CLAIM_EQUAL(buddy_free_range(buddy, block, 4), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free(buddy, first, 3), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free(buddy, first + 8, 1), BUDDY_E_INSIDE);
    CLAIM_EQUAL(buddy_free_range(buddy, first, 11), BUDDY_OK);
    CLAIM_EQUAL(buddy_free_range(buddy, first, 11), BUDDY_E_FREE);
    CLAIM(rig_sound(buddy));
}

/* Two ranges side by side are two. */
static void neighbours_stay_apart(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t a = 0, b = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 8), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 3, 1, BUDDY_ZONE_HIGH, &a), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 5, 1, BUDDY_ZONE_HIGH, &b), BUDDY_OK);
    CLAIM_EQUAL(b, a + 3);
    CLAIM_EQUAL(buddy_free_range(buddy, a, 8), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free_range(buddy, a, 3), BUDDY_OK);
    CLAIM_EQUAL(buddy_free_range(buddy, b, 5), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 3);
    CLAIM(rig_sound(buddy));
}

static void strange_ranges_are_refused(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_allocate_range(buddy, 0, 1, BUDDY_ZONE_HIGH, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 1, 0, BUDDY_ZONE_HIGH, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 1, 3, BUDDY_ZONE_HIGH, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 1, 1, BUDDY_ZONES, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate_range(buddy, UINT64_MAX, 1, BUDDY_ZONE_HIGH, &first),
                BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(buddy_allocate_range(buddy, 1, 1ULL << 63, BUDDY_ZONE_HIGH, &first),
                BUDDY_E_NO_MEMORY);
}

static void nothing_is_added_twice(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 8, 24), BUDDY_OK);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 9), BUDDY_E_OVERLAP);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 31, 9), BUDDY_E_OVERLAP);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 20, 1), BUDDY_E_OVERLAP);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 64), BUDDY_E_OVERLAP);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 0), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, RIG_FAR_END - RIG_FAR + 1), BUDDY_E_FOREIGN);
    for (unsigned i = 0; i < 24; i++) {
        CLAIM_EQUAL(buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
        CLAIM_EQUAL(buddy_add(buddy, first, 1), BUDDY_E_OVERLAP);
    }
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 8), BUDDY_OK);
    CLAIM_EQUAL(rig_free(buddy), 8);
    CLAIM(rig_sound(buddy));
}

static void added_neighbours_join(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    for (uint64_t frame = RIG_FAR; frame < RIG_FAR_END; frame++)
        CLAIM_EQUAL(buddy_add(buddy, frame, 1), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 10);
    CLAIM(rig_sound(buddy));
}

static void removed_is_gone(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 64), BUDDY_OK);
    CLAIM_EQUAL(buddy_remove(buddy, RIG_FAR + 5, 30), BUDDY_OK);
    CLAIM_EQUAL(rig_free(buddy), 34);
    CLAIM(rig_sound(buddy));
    while (buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &first) == BUDDY_OK)
        CLAIM(first < RIG_FAR + 5 || first >= RIG_FAR + 35);
    CLAIM_EQUAL(buddy_free(buddy, RIG_FAR + 5, 0), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR + 5, 30), BUDDY_OK);
    CLAIM_EQUAL(rig_free(buddy), 30);
    CLAIM(rig_sound(buddy));
}

static void used_is_not_removed(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 64), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate(buddy, 1, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(buddy_remove(buddy, RIG_FAR, 64), BUDDY_E_NOT_FREE);
    CLAIM_EQUAL(buddy_remove(buddy, first + 1, 4), BUDDY_E_NOT_FREE);
    CLAIM_EQUAL(buddy_remove(buddy, RIG_FAR + 64, 1), BUDDY_E_NOT_FREE);
    CLAIM_EQUAL(rig_free(buddy), 62);
    CLAIM(rig_sound(buddy));
}

static const struct proof_test tests[] = {
    { "buddy.range-is-exact", range_is_exact },
    { "buddy.range-of-every-length", every_length_fits },
    { "buddy.range-over-blocks", range_over_blocks },
    { "buddy.range-not-over-used-blocks", range_not_over_used_blocks },
    { "buddy.range-over-zones", range_over_zones },
    { "buddy.range-longer-than-a-block", range_longer_than_a_block },
    { "buddy.range-is-aligned", range_is_aligned },
    { "buddy.range-is-aligned-over-blocks", range_is_aligned_over_blocks },
    { "buddy.range-takes-the-highest-zone", range_takes_the_highest_zone },
    { "buddy.range-of-wrong-length-is-refused", wrong_lengths_are_refused },
    { "buddy.range-neighbours-stay-apart", neighbours_stay_apart },
    { "buddy.range-strange-is-refused", strange_ranges_are_refused },
    { "buddy.nothing-is-added-twice", nothing_is_added_twice },
    { "buddy.added-neighbours-join", added_neighbours_join },
    { "buddy.removed-is-gone", removed_is_gone },
    { "buddy.used-is-not-removed", used_is_not_removed },
};
const struct proof_suite proof_buddy_range = { tests, ARRAY_COUNT(tests) };

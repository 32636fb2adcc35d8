/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator: zones, blocks, and what it refuses. Ranges are in
 * proof_buddy_range.c.
 */
#include "kernel/core/string.h"
#include "kernel/proof/buddy_rig.h"
#include "kernel/proof/suites.h"

#define ALL_FRAMES                                                                                 \
    (RIG_LOW_END - RIG_LOW + RIG_MIDDLE_END - RIG_MIDDLE + RIG_HIGH_END - RIG_HIGH + RIG_FAR_END - \
     RIG_FAR)
#define FRAMES_IN_CHUNK 256

static void begins_empty(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(rig_free(buddy), 0);
    CLAIM_EQUAL(buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &first), BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(buddy_free(buddy, RIG_LOW, 0), BUDDY_E_FOREIGN);
    CLAIM(rig_sound(buddy));
}

static enum buddy_status begin_two(struct claims *claims, struct buddy_region a,
                                   struct buddy_region b)
{
    struct buddy buddy;
    struct buddy_region pair[] = { a, b };
    return buddy_begin(&buddy, pair, 2, claims->arena, claims->arena_bytes);
}

static void regions_are_judged(struct claims *claims)
{
    const struct buddy_region region = { .first = 0x10, .frames = 0x10 };
    CLAIM_EQUAL(begin_two(claims, region, (struct buddy_region){ .first = 0x21, .frames = 1 }),
                BUDDY_OK);
    CLAIM_EQUAL(begin_two(claims, region, (struct buddy_region){ .first = 0x20, .frames = 1 }),
                BUDDY_E_REGIONS);
    CLAIM_EQUAL(begin_two(claims, region, (struct buddy_region){ .first = 0x1F, .frames = 1 }),
                BUDDY_E_REGIONS);
    CLAIM_EQUAL(begin_two(claims, region, (struct buddy_region){ .first = 0x8, .frames = 1 }),
                BUDDY_E_REGIONS);
    CLAIM_EQUAL(begin_two(claims, region, (struct buddy_region){ .first = 0x30, .frames = 0 }),
                BUDDY_E_REGIONS);
    CLAIM_EQUAL(
        begin_two(claims, region, (struct buddy_region){ .first = 0x30, .frames = UINT64_MAX }),
        BUDDY_E_REGIONS);
}

static void records_are_measured(struct claims *claims)
{
    struct buddy buddy;
    struct buddy_region region = { .first = 1, .frames = FRAMES_IN_CHUNK + 1 };
    const uint64_t bytes = buddy_record_bytes(region.frames);
    CLAIM(bytes >= sizeof(struct buddy_record) * 2 * FRAMES_IN_CHUNK);
    CLAIM_EQUAL(buddy_begin(&buddy, &region, 1, claims->arena, bytes - 1), BUDDY_E_RECORDS);
    CLAIM_EQUAL(buddy_begin(&buddy, &region, 1, claims->arena, bytes), BUDDY_OK);
    CLAIM_EQUAL(buddy_record_bytes(UINT32_MAX), 0);
    CLAIM_EQUAL(buddy_record_bytes(UINT64_MAX), 0);
}

/* Only the chunks that are needed lose the ones they were filled with. */
static void records_are_zeroed_late(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    const uint8_t *records = rig_of(claims)->records;
    unsigned untouched = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, RIG_FAR_END - RIG_FAR), BUDDY_OK);
    for (uint64_t at = 0; at < ALL_FRAMES; at += FRAMES_IN_CHUNK)
        untouched += records[at * sizeof(struct buddy_record)] == UINT8_MAX ? 1 : 0;
    CLAIM(untouched >= ALL_FRAMES / FRAMES_IN_CHUNK - 2);
    CLAIM(rig_sound(buddy));
}

static void adds_all(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    CLAIM_EQUAL(rig_free(buddy), ALL_FRAMES);
    CLAIM_EQUAL(buddy->free[BUDDY_ZONE_1M], RIG_1M - RIG_LOW);
    CLAIM_EQUAL(buddy->free[BUDDY_ZONE_16M], RIG_LOW_END - RIG_1M + RIG_16M - RIG_MIDDLE);
    CLAIM_EQUAL(buddy->free[BUDDY_ZONE_4G], RIG_MIDDLE_END - RIG_16M + RIG_4G - RIG_HIGH);
    CLAIM_EQUAL(buddy->free[BUDDY_ZONE_HIGH], RIG_HIGH_END - RIG_4G + RIG_FAR_END - RIG_FAR);
    CLAIM(rig_sound(buddy));
}

static void zone_is_kept(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++) {
        uint64_t first = 0;
        CLAIM_EQUAL(buddy_allocate(buddy, 2, (enum buddy_zone)zone, &first), BUDDY_OK);
        CLAIM_EQUAL(buddy_zone_of(first), zone);
        CLAIM_EQUAL(buddy->used[zone], 4);
    }
    CLAIM(rig_sound(buddy));
}

/* Only when a zone has nothing left that fits. */
static void falls_to_lower_zones(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    unsigned before = BUDDY_ZONE_HIGH;
    uint64_t first = 0;
    while (buddy_allocate(buddy, 4, BUDDY_ZONE_HIGH, &first) == BUDDY_OK) {
        const unsigned zone = buddy_zone_of(first);
        CLAIM(zone <= before);
        before = zone;
    }
    CLAIM_EQUAL(before, BUDDY_ZONE_1M);
    CLAIM(rig_sound(buddy));
}

static void blocks_do_not_join_over_zones(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    /* 80h..FFh and 100h..17Fh are no halves of one block; F80h..FFFh and 1000h..107Fh neither. */
    CLAIM_EQUAL(buddy_add(buddy, RIG_HIGH, RIG_HIGH_END - RIG_HIGH), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_4G), 8);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 10);
    CLAIM_EQUAL(buddy_add(buddy, RIG_LOW, RIG_LOW_END - RIG_LOW), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_1M), 7);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_16M), 9);
    CLAIM(rig_sound(buddy));
}

/* With frame 0 a block of 2 MiB would be complete, but for the zone's end at 1 MiB. */
static void first_zone_ends_inside_a_block(struct claims *claims)
{
    struct buddy buddy;
    struct buddy_region region = { .first = 0, .frames = 2 * RIG_1M };
    CLAIM_EQUAL(buddy_begin(&buddy, &region, 1, claims->arena, claims->arena_bytes), BUDDY_OK);
    CLAIM_EQUAL(buddy_add(&buddy, 0, RIG_1M), BUDDY_OK);
    CLAIM_EQUAL(buddy_add(&buddy, RIG_1M, RIG_1M), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(&buddy, BUDDY_ZONE_1M), 8);
    CLAIM_EQUAL(buddy_largest(&buddy, BUDDY_ZONE_16M), 8);
    CLAIM(rig_sound(&buddy));
}

static void splits_and_joins(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    uint64_t a = 0, b = 0;
    CLAIM_EQUAL(buddy_add(buddy, RIG_FAR, 8), BUDDY_OK);
    CLAIM_EQUAL(buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &a), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 2);
    CLAIM_EQUAL(buddy_allocate(buddy, 2, BUDDY_ZONE_HIGH, &b), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 1);
    CLAIM_EQUAL(rig_free(buddy), 3);
    CLAIM_EQUAL(buddy_free(buddy, a, 0), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 2);
    CLAIM_EQUAL(buddy_free(buddy, b, 2), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 3);
    CLAIM(rig_sound(buddy));
}

static void blocks_are_aligned(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    for (unsigned order = 0; order <= 9; order++) {
        uint64_t first = 0;
        CLAIM_EQUAL(buddy_allocate(buddy, order, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
        CLAIM_EQUAL(first % (1ULL << order), 0);
    }
    CLAIM(rig_sound(buddy));
}

static void exhausts_and_recovers(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0, frames = 0;
    while (buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &first) == BUDDY_OK)
        frames++;
    CLAIM_EQUAL(frames, ALL_FRAMES);
    CLAIM_EQUAL(rig_free(buddy), 0);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), -1);
    CLAIM(rig_sound(buddy));
    for (uint64_t frame = RIG_FAR; frame < RIG_FAR_END; frame++)
        CLAIM_EQUAL(buddy_free(buddy, frame, 0), BUDDY_OK);
    CLAIM_EQUAL(buddy_largest(buddy, BUDDY_ZONE_HIGH), 10);
    CLAIM(rig_sound(buddy));
}

static void double_free_is_refused(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_allocate(buddy, 3, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(buddy_free(buddy, first, 3), BUDDY_OK);
    CLAIM_EQUAL(buddy_free(buddy, first, 3), BUDDY_E_FREE);
    CLAIM_EQUAL(buddy_free(buddy, first + 1, 0), BUDDY_E_FREE);
    CLAIM_EQUAL(rig_free(buddy), ALL_FRAMES);
    CLAIM(rig_sound(buddy));
}

static void wrong_order_is_refused(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_allocate(buddy, 3, BUDDY_ZONE_HIGH, &first), BUDDY_OK);
    CLAIM_EQUAL(buddy_free(buddy, first, 2), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free(buddy, first, 4), BUDDY_E_LENGTH);
    CLAIM_EQUAL(buddy_free(buddy, first, BUDDY_ORDER_MAX + 1), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_free(buddy, first + 4, 2), BUDDY_E_INSIDE);
    CLAIM_EQUAL(buddy_free(buddy, first, 3), BUDDY_OK);
    CLAIM(rig_sound(buddy));
}

static void foreign_frame_is_refused(struct claims *claims)
{
    static const uint64_t frames[] = { 0,           RIG_LOW_END, RIG_MIDDLE - 1, RIG_MIDDLE_END,
                                       RIG_FAR_END, UINT64_MAX };
    struct buddy *buddy = rig_full(claims);
    for (unsigned i = 0; i < ARRAY_COUNT(frames); i++) {
        CLAIM_EQUAL(buddy_free(buddy, frames[i], 0), BUDDY_E_FOREIGN);
        CLAIM_EQUAL(buddy_free_range(buddy, frames[i], 1), BUDDY_E_FOREIGN);
        CLAIM_EQUAL(buddy_add(buddy, frames[i], 1), BUDDY_E_FOREIGN);
        CLAIM_EQUAL(buddy_remove(buddy, frames[i], 1), BUDDY_E_FOREIGN);
    }
    CLAIM_EQUAL(rig_free(buddy), ALL_FRAMES);
}

static void strange_requests_are_refused(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 7;
    CLAIM_EQUAL(buddy_allocate(buddy, BUDDY_ORDERS, BUDDY_ZONE_HIGH, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate(buddy, 0, BUDDY_ZONES, &first), BUDDY_E_REQUEST);
    CLAIM_EQUAL(buddy_allocate(buddy, BUDDY_ORDER_MAX, BUDDY_ZONE_HIGH, &first), BUDDY_E_NO_MEMORY);
    CLAIM_EQUAL(first, 7);
}

static void marks_are_the_users(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    uint64_t first = 0;
    CLAIM_EQUAL(buddy_mark(buddy, RIG_FAR + 5), 0);
    buddy_set_mark(buddy, RIG_FAR + 5, 77);
    buddy_set_mark(buddy, RIG_FAR_END, 77);
    while (buddy_allocate(buddy, 0, BUDDY_ZONE_HIGH, &first) == BUDDY_OK && first != RIG_FAR + 5)
        continue;
    CLAIM_EQUAL(buddy_free(buddy, RIG_FAR + 5, 0), BUDDY_OK);
    CLAIM_EQUAL(buddy_mark(buddy, RIG_FAR + 5), 77);
    CLAIM_EQUAL(buddy_mark(buddy, RIG_FAR + 6), 0);
    CLAIM_EQUAL(buddy_mark(buddy, RIG_FAR_END), 0);
}

/* Each kind of damage to a sound allocator is seen. */
static void audit_finds_damage(struct claims *claims)
{
    struct buddy *buddy = rig_full(claims);
    struct buddy_record *record =
        &buddy->records[buddy->heads[BUDDY_ZONE_HIGH][10]]; /* RIG_FAR's */
    const struct buddy_record sound = *record;
    CLAIM(rig_sound(buddy));
    record->order--;
    CLAIM(!rig_sound(buddy));
    *record = sound;
    record->state = 0;
    CLAIM(!rig_sound(buddy));
    *record = sound;
    record->next = buddy->heads[BUDDY_ZONE_HIGH][10];
    CLAIM(!rig_sound(buddy));
    *record = sound;
    record->prev = record->next;
    CLAIM(!rig_sound(buddy));
    *record = sound;
    record->region++;
    CLAIM(!rig_sound(buddy));
    *record = sound;
    buddy_set_mark(buddy, RIG_FAR + 3, 1); /* so that its record is looked at */
    record[3].state = record->state;
    CLAIM(!rig_sound(buddy));
    record[3].state = 0;
    buddy->free[BUDDY_ZONE_1M]++;
    CLAIM(!rig_sound(buddy));
    buddy->free[BUDDY_ZONE_1M]--;
    buddy->filled[BUDDY_ZONE_1M] = 0;
    CLAIM(!rig_sound(buddy));
}

static const struct proof_test tests[] = {
    { "buddy.begins-empty", begins_empty },
    { "buddy.regions-are-judged", regions_are_judged },
    { "buddy.records-are-measured", records_are_measured },
    { "buddy.records-are-zeroed-late", records_are_zeroed_late },
    { "buddy.adds-all", adds_all },
    { "buddy.zone-is-kept", zone_is_kept },
    { "buddy.falls-to-lower-zones", falls_to_lower_zones },
    { "buddy.blocks-do-not-join-over-zones", blocks_do_not_join_over_zones },
    { "buddy.first-zone-ends-inside-a-block", first_zone_ends_inside_a_block },
    { "buddy.splits-and-joins", splits_and_joins },
    { "buddy.blocks-are-aligned", blocks_are_aligned },
    { "buddy.exhausts-and-recovers", exhausts_and_recovers },
    { "buddy.double-free-is-refused", double_free_is_refused },
    { "buddy.wrong-order-is-refused", wrong_order_is_refused },
    { "buddy.foreign-frame-is-refused", foreign_frame_is_refused },
    { "buddy.strange-requests-are-refused", strange_requests_are_refused },
    { "buddy.marks-are-the-users", marks_are_the_users },
    { "buddy.audit-finds-damage", audit_finds_damage },
};
const struct proof_suite proof_buddy = { tests, ARRAY_COUNT(tests) };

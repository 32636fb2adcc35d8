/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator against a model that is too simple to be wrong: one number
 * a frame. Random maps, random sequences; what it refuses must be what the model
 * has not, what it gives must be what the model would.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/alloc/buddy.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ROUNDS       300
#define STEPS        400
#define REGIONS_MAX  6
#define SMALL_FRAMES 700
#define HELD_MAX     256
#define BIG_BLOCKS   3 /* of the largest order */

enum { UNKNOWN = 0, FREE = 1, HELD = 2 };

/* Where regions are likely to matter: around the ends of zones. */
static const uint64_t places[REGIONS_MAX] = { 0, 0xE00, 0x3000, 0xFFE00, 0x200000, 0x8000001 };

struct held {
    uint64_t first, frames;
    unsigned order;
    bool is_range;
};

struct world {
    struct random random;
    struct buddy buddy;
    struct buddy_region regions[REGIONS_MAX];
    uint32_t region_count;
    void *records;
    uint8_t model[REGIONS_MAX][SMALL_FRAMES];
    struct held held[HELD_MAX];
    unsigned held_count;
};

/* The model's cell; NULL where no region is. */
static uint8_t *cell(struct world *world, uint64_t frame)
{
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct buddy_region *region = &world->regions[i];
        if (frame >= region->first && frame - region->first < region->frames)
            return &world->model[i][frame - region->first];
    }
    return NULL;
}

static bool all_are(struct world *world, uint64_t first, uint64_t frames, uint8_t state)
{
    for (uint64_t frame = first; frame < first + frames; frame++) {
        const uint8_t *at = cell(world, frame);
        if (at == NULL || *at != state)
            return false;
    }
    return true;
}

static void set_all(struct world *world, uint64_t first, uint64_t frames, uint8_t state)
{
    for (uint64_t frame = first; frame < first + frames; frame++)
        *cell(world, frame) = state;
}

static void begin(struct world *world, uint64_t seed)
{
    uint64_t frames = 0;
    memset(world, 0, sizeof(*world));
    world->random.state = seed;
    for (uint32_t i = 0; i < REGIONS_MAX; i++) {
        if (random_below(&world->random, 4) == 0)
            continue;
        const uint64_t length = 1 + random_below(&world->random, SMALL_FRAMES);
        const uint64_t first = places[i] + random_below(&world->random, 300);
        world->regions[world->region_count++] =
            (struct buddy_region){ .first = first, .frames = length };
        frames += length;
    }
    const uint64_t bytes = buddy_record_bytes(frames);
    world->records = aligned_alloc(16, (bytes + 15) & ~15ULL);
    for (uint64_t i = 0; i < bytes; i++)
        ((uint8_t *)world->records)[i] = (uint8_t)random_next(&world->random);
    assert_int_equal(
        buddy_begin(&world->buddy, world->regions, world->region_count, world->records, bytes),
        BUDDY_OK);
}

/* Some frames of some region. */
static uint64_t random_piece(struct world *world, uint64_t *frames)
{
    const struct buddy_region *region =
        &world->regions[random_below(&world->random, world->region_count)];
    const uint64_t skip = random_below(&world->random, region->frames);
    *frames = 1 + random_below(&world->random, region->frames - skip);
    if (random_below(&world->random, 2) == 0)
        *frames = 1 + *frames / 8;
    return region->first + skip;
}

static void step_add(struct world *world)
{
    uint64_t frames;
    const uint64_t first = random_piece(world, &frames);
    const bool fits = all_are(world, first, frames, UNKNOWN);
    assert_int_equal(buddy_add(&world->buddy, first, frames), fits ? BUDDY_OK : BUDDY_E_OVERLAP);
    if (fits)
        set_all(world, first, frames, FREE);
}

static void step_remove(struct world *world)
{
    uint64_t frames;
    const uint64_t first = random_piece(world, &frames);
    const bool fits = all_are(world, first, frames, FREE);
    assert_int_equal(buddy_remove(&world->buddy, first, frames),
                     fits ? BUDDY_OK : BUDDY_E_NOT_FREE);
    if (fits)
        set_all(world, first, frames, UNKNOWN);
}

/* The highest zone with a free, aligned block of the order in it; -1: none up to `highest`. */
static int model_zone(struct world *world, uint64_t frames, enum buddy_zone highest)
{
    int best = -1;
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct buddy_region *region = &world->regions[i];
        uint64_t first = (region->first + frames - 1) / frames * frames;
        for (; first + frames <= region->first + region->frames; first += frames) {
            const int zone = (int)buddy_zone_of(first);
            if (zone > best && zone <= (int)highest &&
                zone == (int)buddy_zone_of(first + frames - 1) &&
                all_are(world, first, frames, FREE))
                best = zone;
        }
    }
    return best;
}

static void hold(struct world *world, struct held held)
{
    assert_true(all_are(world, held.first, held.frames, FREE));
    set_all(world, held.first, held.frames, HELD);
    world->held[world->held_count++] = held;
}

static void step_allocate(struct world *world)
{
    const unsigned order = (unsigned)random_below(&world->random, 9);
    const enum buddy_zone highest = (enum buddy_zone)random_below(&world->random, BUDDY_ZONES);
    const int zone = model_zone(world, 1ULL << order, highest);
    uint64_t first = 0;
    if (world->held_count == HELD_MAX)
        return;
    const enum buddy_status status = buddy_allocate(&world->buddy, order, highest, &first);
    assert_int_equal(status, zone < 0 ? BUDDY_E_NO_MEMORY : BUDDY_OK);
    if (status != BUDDY_OK)
        return;
    assert_int_equal(first % (1ULL << order), 0);
    assert_int_equal(buddy_zone_of(first), zone);
    hold(world, (struct held){ .first = first, .frames = 1ULL << order, .order = order });
}

/* Is there any place for the range at all? */
static bool model_has_range(struct world *world, uint64_t frames, uint64_t alignment,
                            enum buddy_zone highest)
{
    for (uint32_t i = 0; i < world->region_count; i++) {
        const struct buddy_region *region = &world->regions[i];
        uint64_t first = (region->first + alignment - 1) / alignment * alignment;
        for (; first + frames <= region->first + region->frames; first += alignment) {
            if (buddy_zone_of(first + frames - 1) <= highest && all_are(world, first, frames, FREE))
                return true;
        }
    }
    return false;
}

static void step_allocate_range(struct world *world)
{
    const uint64_t frames = 1 + random_below(&world->random, 200);
    const uint64_t alignment = 1ULL << random_below(&world->random, 8);
    const enum buddy_zone highest = (enum buddy_zone)random_below(&world->random, BUDDY_ZONES);
    uint64_t first = 0;
    if (world->held_count == HELD_MAX)
        return;
    const bool has = model_has_range(world, frames, alignment, highest);
    const enum buddy_status status =
        buddy_allocate_range(&world->buddy, frames, alignment, highest, &first);
    assert_int_equal(status, has ? BUDDY_OK : BUDDY_E_NO_MEMORY);
    if (status != BUDDY_OK)
        return;
    assert_int_equal(first % alignment, 0);
    assert_true(buddy_zone_of(first + frames - 1) <= highest);
    hold(world, (struct held){ .first = first, .frames = frames, .is_range = true });
}

static void give_back(struct world *world, unsigned index)
{
    const struct held held = world->held[index];
    assert_int_equal(held.is_range ? buddy_free_range(&world->buddy, held.first, held.frames)
                                   : buddy_free(&world->buddy, held.first, held.order),
                     BUDDY_OK);
    set_all(world, held.first, held.frames, FREE);
    world->held[index] = world->held[--world->held_count];
}

/* Anything that was not handed out so is refused, and changes nothing. */
static void step_wrong_free(struct world *world)
{
    uint64_t frames;
    const uint64_t first = random_piece(world, &frames);
    const unsigned order = (unsigned)random_below(&world->random, 9);
    bool right_block = false, right_range = false;
    for (unsigned i = 0; i < world->held_count; i++) {
        const struct held *held = &world->held[i];
        right_block |= !held->is_range && held->first == first && held->order == order;
        right_range |= held->is_range && held->first == first && held->frames == frames;
    }
    if (!right_block)
        assert_int_not_equal(buddy_free(&world->buddy, first, order), BUDDY_OK);
    if (!right_range)
        assert_int_not_equal(buddy_free_range(&world->buddy, first, frames), BUDDY_OK);
    if (*cell(world, first) == FREE)
        assert_int_equal(buddy_free(&world->buddy, first, order), BUDDY_E_FREE);
    if (*cell(world, first) == UNKNOWN)
        assert_int_equal(buddy_free(&world->buddy, first, order), BUDDY_E_FOREIGN);
}

static void check_counts(struct world *world)
{
    uint64_t free[BUDDY_ZONES] = { 0 }, used[BUDDY_ZONES] = { 0 };
    for (uint32_t i = 0; i < world->region_count; i++) {
        for (uint64_t at = 0; at < world->regions[i].frames; at++) {
            const enum buddy_zone zone = buddy_zone_of(world->regions[i].first + at);
            free[zone] += world->model[i][at] == FREE ? 1 : 0;
            used[zone] += world->model[i][at] == HELD ? 1 : 0;
        }
    }
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++) {
        assert_int_equal(world->buddy.free[zone], free[zone]);
        assert_int_equal(world->buddy.used[zone], used[zone]);
    }
    const char *wrong = buddy_check(&world->buddy);
    if (wrong != NULL)
        fail_msg("the audit says: %s", wrong);
}

static void random_step(struct world *world)
{
    switch (random_below(&world->random, 8)) {
    case 0:
        step_add(world);
        break;
    case 1:
        if (random_below(&world->random, 4) == 0)
            step_remove(world);
        break;
    case 2:
    case 3:
        step_allocate(world);
        break;
    case 4:
        step_allocate_range(world);
        break;
    case 5:
        step_wrong_free(world);
        break;
    default:
        if (world->held_count > 0)
            give_back(world, (unsigned)random_below(&world->random, world->held_count));
        break;
    }
}

static void random_sequences_are_those_of_the_model(void **state)
{
    static struct world world;
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        begin(&world, seed);
        for (unsigned step = 0; step < STEPS && world.region_count > 0; step++) {
            random_step(&world);
            if (step % 8 == 0)
                check_counts(&world);
        }
        while (world.held_count > 0)
            give_back(&world, world.held_count - 1);
        check_counts(&world); /* which also says that all free halves are joined */
        free(world.records);
    }
}

/* More than the largest block has, over blocks in a row. */
static void ranges_are_longer_than_the_largest_block(void **state)
{
    const uint64_t block = 1ULL << BUDDY_ORDER_MAX;
    struct buddy_region region = { .first = 4 * block, .frames = BIG_BLOCKS * block };
    const uint64_t bytes = buddy_record_bytes(region.frames);
    void *records = aligned_alloc(4096, (bytes + 4095) & ~4095ULL);
    struct buddy buddy;
    uint64_t first = 0;
    (void)state;
    assert_int_equal(buddy_begin(&buddy, &region, 1, records, bytes), BUDDY_OK);
    assert_int_equal(buddy_add(&buddy, region.first, region.frames), BUDDY_OK);
    assert_int_equal(buddy_allocate_range(&buddy, 2 * block + 5, 1, BUDDY_ZONE_HIGH, &first),
                     BUDDY_OK);
    assert_int_equal(first, region.first);
    assert_int_equal(buddy.free[BUDDY_ZONE_HIGH], block - 5);
    assert_null(buddy_check(&buddy));
    assert_int_equal(buddy_free_range(&buddy, first, 2 * block + 5), BUDDY_OK);
    assert_int_equal(
        buddy_allocate_range(&buddy, BIG_BLOCKS * block, 2 * block, BUDDY_ZONE_HIGH, &first),
        BUDDY_OK);
    assert_int_equal(buddy_free_range(&buddy, first, BIG_BLOCKS * block), BUDDY_OK);
    assert_int_equal(
        buddy_allocate_range(&buddy, BIG_BLOCKS * block + 1, 1, BUDDY_ZONE_HIGH, &first),
        BUDDY_E_NO_MEMORY);
    assert_null(buddy_check(&buddy));
    free(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_are_those_of_the_model),
        cmocka_unit_test(ranges_are_longer_than_the_largest_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Any boot map, planned, given to the buddy allocator, and then any requests.
 * What is handed out must be usable memory of the map, never frame 0, never the
 * frame table, never twice; at the end the audit must find all of it. The input:
 *
 *   1 byte: ranges, then for each 8 bytes first frame and length, 1 byte type
 *   then requests of 4 bytes: kind and zone, order or alignment, length, which
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/alloc/frame_plan.h"
#include "kernel/core/memory_map.h"

#define RANGES_MAX      16
#define MAP_MAX         (2 * RANGES_MAX + 1)
#define RANGE_BYTES     9
#define REQUEST_BYTES   4
#define HELD_MAX        64
#define TABLE_BYTES_MAX (32ULL << 20) /* 8 GiB of frames */
#define LENGTH_BITS     20            /* a range has up to 4 GiB */
#define LENGTH_SHIFT    40            /* in the number that also has the first frame */
#define FRAMES_END      (1ULL << 34)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

struct held {
    uint64_t first, frames;
    unsigned order;
    bool is_range;
};

struct trial {
    struct boot_memory_range ranges[MAP_MAX];
    struct memory_map map;
    struct frame_plan plan;
    struct buddy_region regions[MAP_MAX];
    struct buddy buddy;
    struct held held[HELD_MAX];
    unsigned held_count;
};

static void require(bool claim, const char *text)
{
    if (claim)
        return;
    fprintf(stderr, "not true that %s\n", text);
    abort();
}

static size_t read_map(struct trial *trial, const uint8_t *data, size_t bytes)
{
    size_t at = 1;
    trial->map = (struct memory_map){ .ranges = trial->ranges, .capacity = MAP_MAX };
    for (unsigned left = data[0] % (RANGES_MAX + 1); left > 0 && bytes - at >= RANGE_BYTES;
         left--, at += RANGE_BYTES) {
        const uint64_t number = load_le64(data + at);
        const uint64_t first = (number & ((1ULL << LENGTH_SHIFT) - 1)) >> data[at + 8] / 16 * 2
                                                                              << 12;
        const uint64_t length = (1 + (number >> LENGTH_SHIFT) % (1ULL << LENGTH_BITS)) << 12;
        const struct phys_range where = { .first = first, .last = first + (length - 1) };
        if (memory_map_mark(&trial->map, where,
                            (enum boot_memory_type)(BOOT_MEMORY_USABLE + data[at + 8] % 8)) !=
            BOOT_OK)
            break;
    }
    return at;
}

static bool is_usable(const struct trial *trial, uint64_t frame)
{
    enum boot_memory_type type;
    return frame != 0 && frame < trial->plan.end &&
           (frame < trial->plan.table_first ||
            frame - trial->plan.table_first >= trial->plan.table_frames) &&
           memory_map_type_at(&trial->map, frame * BUDDY_FRAME_BYTES, &type) &&
           type == BOOT_MEMORY_USABLE;
}

static void hold(struct trial *trial, struct held held, enum buddy_zone highest)
{
    require(buddy_zone_of(held.first + held.frames - 1) <= highest, "the zone is kept");
    /* Every frame of short ones; of long ones the ends, and some between. */
    const uint64_t stride = 1 + held.frames / 64;
    for (uint64_t i = 0; i < held.frames; i += stride)
        require(is_usable(trial, held.first + i), "only usable memory is handed out");
    require(is_usable(trial, held.first + held.frames - 1), "the last frame is usable too");
    for (unsigned i = 0; i < trial->held_count; i++) {
        const struct held *other = &trial->held[i];
        require(held.first + held.frames <= other->first ||
                    other->first + other->frames <= held.first,
                "nothing is handed out twice");
    }
    trial->held[trial->held_count++] = held;
}

static void give_back(struct trial *trial, unsigned index)
{
    const struct held held = trial->held[index];
    struct buddy *buddy = &trial->buddy;
    require((held.is_range ? buddy_free_range(buddy, held.first, held.frames)
                           : buddy_free(buddy, held.first, held.order)) == BUDDY_OK,
            "what was handed out can be given back");
    require((held.is_range ? buddy_free_range(buddy, held.first, held.frames)
                           : buddy_free(buddy, held.first, held.order)) == BUDDY_E_FREE,
            "but not twice");
    trial->held[index] = trial->held[--trial->held_count];
}

/* Free what the input names: only a block that is held, by its start and order. */
static void free_any(struct trial *trial, uint64_t first, unsigned order)
{
    for (unsigned i = 0; i < trial->held_count; i++) {
        const struct held *held = &trial->held[i];
        if (!held->is_range && held->first == first && held->order == order) {
            give_back(trial, i);
            return;
        }
    }
    require(buddy_free(&trial->buddy, first, order) != BUDDY_OK,
            "what was not handed out cannot be given back");
}

static void request(struct trial *trial, const uint8_t *bytes)
{
    const enum buddy_zone highest = (enum buddy_zone)(bytes[0] >> 2 & 3);
    struct held held = { .order = bytes[1] % BUDDY_ORDERS };
    const bool full = trial->held_count == HELD_MAX;
    if ((bytes[0] & 3) == 0 && trial->held_count > 0) {
        give_back(trial, bytes[3] % trial->held_count);
    } else if ((bytes[0] & 3) == 1 && !full) {
        held.frames = 1ULL << held.order;
        if (buddy_allocate(&trial->buddy, held.order, highest, &held.first) == BUDDY_OK)
            hold(trial, held, highest);
    } else if ((bytes[0] & 3) == 2 && !full) {
        held.frames = (1 + (uint64_t)load_le16(bytes + 2)) << (bytes[0] >> 4);
        held.is_range = true;
        if (buddy_allocate_range(&trial->buddy, held.frames, 1ULL << held.order, highest,
                                 &held.first) == BUDDY_OK)
            hold(trial, held, highest);
    } else {
        free_any(trial, load_le16(bytes + 2), bytes[1] % (BUDDY_ORDERS + 1));
    }
}

static void add_usable(struct trial *trial)
{
    for (uint32_t i = 0; i < trial->map.count; i++) {
        uint64_t first;
        const uint64_t frames = frame_plan_usable(&trial->plan, &trial->ranges[i], &first);
        if (trial->ranges[i].type == BOOT_MEMORY_USABLE && frames > 0)
            require(buddy_add(&trial->buddy, first, frames) == BUDDY_OK, "usable memory is new");
    }
}

static uint64_t free_frames(const struct trial *trial)
{
    uint64_t frames = 0;
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++)
        frames += trial->buddy.free[zone];
    return frames;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct trial trial;
    static uint8_t table[TABLE_BYTES_MAX] ALIGNED(16); /* dirty from the trial before */
    if (bytes == 0)
        return 0;
    memset(&trial, 0, sizeof(trial));
    size_t at = read_map(&trial, data, bytes);
    if (frame_plan_make(trial.ranges, trial.map.count, FRAMES_END, &trial.plan) != BUDDY_OK ||
        trial.plan.table_frames * BUDDY_FRAME_BYTES > TABLE_BYTES_MAX)
        return 0;
    frame_plan_regions(trial.ranges, &trial.plan, trial.regions);
    /* So that its end is the array's. */
    uint8_t *records = table + (TABLE_BYTES_MAX - trial.plan.regions_at) / 16 * 16;
    require(buddy_begin(&trial.buddy, trial.regions, trial.plan.region_count, records,
                        trial.plan.regions_at) == BUDDY_OK,
            "the plan's regions are right");
    add_usable(&trial);
    const uint64_t all = free_frames(&trial);
    require(all + trial.plan.table_frames <= trial.plan.total, "free memory is memory");
    for (; bytes - at >= REQUEST_BYTES; at += REQUEST_BYTES)
        request(&trial, data + at);
    while (trial.held_count > 0)
        give_back(&trial, trial.held_count - 1);
    const char *wrong = buddy_check(&trial.buddy);
    require(wrong == NULL, wrong != NULL ? wrong : "");
    require(free_frames(&trial) == all, "all of it is free again");
    return 0;
}

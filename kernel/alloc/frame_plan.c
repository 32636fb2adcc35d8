/* SPDX-License-Identifier: MIT
 *
 * See frame_plan.h. Ranges of memory that may be free one day and adjoin are one
 * region, so that blocks join over the places where ranges meet.
 */
#include "kernel/alloc/frame_plan.h"

/* More records than slots have numbers: what lies above stays out of reach. */
#define FRAMES_MAX (UINT32_MAX - 0x10000ULL)

bool frame_type_is_ram(uint32_t type)
{
    return type >= BOOT_MEMORY_USABLE && type <= BOOT_MEMORY_ACPI_NVS;
}

/* Memory that is free, or may become so. */
static bool has_records(uint32_t type)
{
    return type >= BOOT_MEMORY_USABLE && type <= BOOT_MEMORY_ACPI_RECLAIMABLE;
}

static uint64_t first_frame(const struct boot_memory_range *range)
{
    return range->first / BUDDY_FRAME_BYTES;
}

/* Frames of a range below `end`. */
static uint64_t frames_below(const struct boot_memory_range *range, uint64_t end)
{
    const uint64_t first = first_frame(range);
    const uint64_t behind = range->last / BUDDY_FRAME_BYTES + 1;
    if (first >= end)
        return 0;
    return (behind < end ? behind : end) - first;
}

/* Count RAM and regions; lower plan->end where the slots end. */
static void count_ranges(const struct boot_memory_range *ranges, struct frame_plan *plan)
{
    uint64_t behind = 0;
    for (uint32_t i = 0; i < plan->range_count; i++) {
        if (frame_type_is_ram(ranges[i].type))
            plan->total += frames_below(&ranges[i], UINT64_MAX);
        if (!has_records(ranges[i].type))
            continue;
        const uint64_t first = first_frame(&ranges[i]);
        const uint64_t room = FRAMES_MAX - plan->frames;
        if (frames_below(&ranges[i], plan->end) > room)
            plan->end = first + room;
        const uint64_t frames = frames_below(&ranges[i], plan->end);
        if (frames != 0 && (plan->frames == 0 || first != behind))
            plan->region_count++;
        plan->frames += frames;
        behind = first + frames;
    }
}

/* At the top of the highest range that has room: low memory is scarce. */
static bool place_table(const struct boot_memory_range *ranges, struct frame_plan *plan)
{
    for (uint32_t i = plan->range_count; i-- > 0;) {
        uint64_t first;
        if (ranges[i].type != BOOT_MEMORY_USABLE)
            continue;
        const uint64_t frames = frame_plan_usable(plan, &ranges[i], &first);
        if (frames < plan->table_frames)
            continue;
        plan->table_first = first + frames - plan->table_frames;
        return true;
    }
    return false;
}

enum buddy_status frame_plan_make(const struct boot_memory_range *ranges, uint32_t count,
                                  uint64_t end, struct frame_plan *plan)
{
    *plan = (struct frame_plan){ .end = end, .range_count = count };
    count_ranges(ranges, plan);
    plan->regions_at = buddy_record_bytes(plan->frames);
    plan->ranges_at = plan->regions_at + (uint64_t)plan->region_count * sizeof(struct buddy_region);
    const uint64_t bytes = plan->ranges_at + (uint64_t)count * sizeof(struct boot_memory_range);
    const uint64_t frames = (bytes + BUDDY_FRAME_BYTES - 1) / BUDDY_FRAME_BYTES;
    plan->table_frames = frames;
    return place_table(ranges, plan) ? BUDDY_OK : BUDDY_E_RECORDS;
}

void frame_plan_regions(const struct boot_memory_range *ranges, const struct frame_plan *plan,
                        struct buddy_region *regions)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->range_count; i++) {
        const uint64_t first = first_frame(&ranges[i]);
        const uint64_t frames = frames_below(&ranges[i], plan->end);
        if (!has_records(ranges[i].type) || frames == 0)
            continue;
        if (count > 0 && regions[count - 1].first + regions[count - 1].frames == first)
            regions[count - 1].frames += frames;
        else
            regions[count++] = (struct buddy_region){ .first = first, .frames = frames };
    }
}

uint64_t frame_plan_usable(const struct frame_plan *plan, const struct boot_memory_range *range,
                           uint64_t *first)
{
    uint64_t frames = frames_below(range, plan->end);
    *first = first_frame(range);
    if (*first == 0 && frames > 0) {
        *first = 1;
        frames--;
    }
    /* The table ends where its range does. */
    if (plan->table_first >= *first && plan->table_first - *first < frames)
        frames = plan->table_first - *first;
    return frames;
}

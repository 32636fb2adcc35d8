/* SPDX-License-Identifier: MIT
 *
 * The buddy allocator over the machine's memory: its table in the direct map,
 * its statuses as sentences, the account, the poison.
 */
#include "kernel/mm/frames.h"

#include "kernel/alloc/frame_plan.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/poison.h"
#include "kernel/sanitize/kasan.h"

/* The direct map has room for this much. */
#define FRAMES_END ((BOOT_DIRECT_MAP_LAST - BOOT_DIRECT_MAP_BASE + 1) / FRAME_BYTES)

static struct buddy buddy;
static struct frame_plan plan;
static struct boot_memory_range *map; /* ours; what was reclaimed is usable in it */
static uint64_t reserved;
static uint64_t reclaimed;

static bool checked;
static uint32_t round; /* the mark of frames poisoned since checking was last switched on */

static uint64_t phys_of(uint64_t frame)
{
    return frame * FRAME_BYTES;
}

static void *memory_of(uint64_t frame)
{
    return direct_map_at(phys_of(frame));
}

static NORETURN void refuse(const char *what, uint64_t phys, enum buddy_status status)
{
    panic("%s: the frame at 0x%llx %s", what, (unsigned long long)phys, buddy_words(status));
}

/* All of a range that can be: reserved until now, free from now on. */
static uint64_t give(const struct boot_memory_range *range)
{
    uint64_t first;
    const uint64_t frames = frame_plan_usable(&plan, range, &first);
    if (frames == 0)
        return 0;
    const enum buddy_status status = buddy_add(&buddy, first, frames);
    if (status != BUDDY_OK)
        refuse("memory map", phys_of(first), status);
    reserved -= frames;
    return frames;
}

void frames_begin(const struct boot_memory_range *ranges, uint32_t count)
{
    if (frame_plan_make(ranges, count, FRAMES_END, &plan) != BUDDY_OK)
        panic("no usable range of the memory map has room for the frame table, %llu KiB",
              (unsigned long long)plan.table_frames * (FRAME_BYTES / 1024));
    uint8_t *const table = memory_of(plan.table_first);
    struct buddy_region *const regions = (struct buddy_region *)(void *)(table + plan.regions_at);
    frame_plan_regions(ranges, &plan, regions);
    map = (struct boot_memory_range *)(void *)(table + plan.ranges_at);
    memcpy(map, ranges, count * sizeof(*map));
    const enum buddy_status status =
        buddy_begin(&buddy, regions, plan.region_count, table, plan.regions_at);
    if (status != BUDDY_OK)
        refuse("memory map", 0, status);
    reserved = plan.total;
    for (uint32_t i = 0; i < count; i++) {
        if (map[i].type == BOOT_MEMORY_USABLE)
            give(&map[i]);
    }
}

static void poison_frames(uint64_t first, uint64_t frames)
{
    for (uint64_t frame = first; checked && frame - first < frames; frame++) {
        poison_fill(memory_of(frame), FRAME_BYTES);
        buddy_set_mark(&buddy, frame, round);
    }
    kasan_poison(memory_of(first), frames * FRAME_BYTES, KASAN_FRAME_FREE);
}

/* Only frames that were poisoned in this round of checking have something to say. */
static void verify_frames(uint64_t first, uint64_t frames)
{
    kasan_unpoison(memory_of(first), frames * FRAME_BYTES);
    for (uint64_t frame = first; checked && frame - first < frames; frame++) {
        const uint8_t *const memory = memory_of(frame);
        size_t offset;
        if (buddy_mark(&buddy, frame) != round)
            continue;
        if (!poison_holds(memory, FRAME_BYTES, &offset))
            panic("the free frame at 0x%llx was written to: byte 0x%zx of it is 0x%x",
                  (unsigned long long)phys_of(frame), offset, memory[offset]);
        buddy_set_mark(&buddy, frame, 0);
    }
}

uint64_t frames_allocate(unsigned order, enum frames_limit limit)
{
    uint64_t first;
    if (fail_is_due() || buddy_allocate(&buddy, order, (enum buddy_zone)limit, &first) != BUDDY_OK)
        return 0;
    verify_frames(first, 1ULL << order);
    return phys_of(first);
}

uint64_t frames_allocate_zeroed(enum frames_limit limit)
{
    const uint64_t phys = frames_allocate(0, limit);
    if (phys != 0)
        memset(direct_map_at(phys), 0, FRAME_BYTES);
    return phys;
}

uint64_t frames_allocate_range(uint64_t frames, uint64_t alignment_bytes, enum frames_limit limit)
{
    const uint64_t alignment = alignment_bytes <= FRAME_BYTES ? 1 : alignment_bytes / FRAME_BYTES;
    uint64_t first;
    if (fail_is_due() ||
        buddy_allocate_range(&buddy, frames, alignment, (enum buddy_zone)limit, &first) != BUDDY_OK)
        return 0;
    verify_frames(first, frames);
    return phys_of(first);
}

enum buddy_status frames_try_free(uint64_t phys, unsigned order)
{
    const uint64_t first = phys / FRAME_BYTES;
    if (phys % FRAME_BYTES != 0)
        return BUDDY_E_INSIDE;
    const enum buddy_status status = buddy_free(&buddy, first, order);
    if (status == BUDDY_OK)
        poison_frames(first, 1ULL << order);
    return status;
}

enum buddy_status frames_try_free_range(uint64_t phys, uint64_t frames)
{
    const uint64_t first = phys / FRAME_BYTES;
    if (phys % FRAME_BYTES != 0)
        return BUDDY_E_INSIDE;
    const enum buddy_status status = buddy_free_range(&buddy, first, frames);
    if (status == BUDDY_OK)
        poison_frames(first, frames);
    return status;
}

void frames_free(uint64_t phys, unsigned order)
{
    const enum buddy_status status = phys == 0 ? BUDDY_OK : frames_try_free(phys, order);
    if (status != BUDDY_OK)
        refuse("frames_free", phys, status);
}

void frames_free_range(uint64_t phys, uint64_t frames)
{
    const enum buddy_status status = phys == 0 ? BUDDY_OK : frames_try_free_range(phys, frames);
    if (status != BUDDY_OK)
        refuse("frames_free_range", phys, status);
}

void frames_reclaim(enum boot_memory_type type)
{
    for (uint32_t i = 0; i < plan.range_count; i++) {
        uint64_t first;
        if (map[i].type != type || type == BOOT_MEMORY_USABLE)
            continue;
        const uint64_t frames = give(&map[i]);
        frame_plan_usable(&plan, &map[i], &first);
        poison_frames(first, frames);
        map[i].type = BOOT_MEMORY_USABLE;
        reclaimed += frames;
    }
}

void frames_set_checked(bool wanted)
{
    if (wanted && !checked)
        round++;
    checked = wanted;
}

bool frames_checked(void)
{
    return checked;
}

void frames_account(struct frames_account *account)
{
    *account = (struct frames_account){ .total = plan.total,
                                        .reserved = reserved,
                                        .table = plan.table_frames,
                                        .reclaimed = reclaimed };
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++) {
        account->zones[zone] =
            (struct frames_zone){ .free = buddy.free[zone],
                                  .used = buddy.used[zone],
                                  .largest = buddy_largest(&buddy, (enum buddy_zone)zone) };
        account->free += buddy.free[zone];
        account->used += buddy.used[zone];
    }
}

const char *frames_check(void)
{
    struct frames_account account;
    frames_account(&account);
    if (account.free + account.used + account.reserved != account.total)
        return "free, used and reserved frames are not all there are";
    return buddy_check(&buddy);
}

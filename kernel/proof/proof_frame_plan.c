/* SPDX-License-Identifier: MIT
 *
 * From a boot map to the frame table: what gets records, where the table lies.
 */
#include "kernel/alloc/frame_plan.h"
#include "kernel/proof/suites.h"

#define NO_END UINT64_MAX
#define GIB    0x40000000ULL
#define TIB    (1024 * GIB)

/* A small PC: low memory, the loader's, the kernel, free memory, ACPI's, a hole, memory above 4 GiB. */
static const struct boot_memory_range pc[] = {
    { .first = 0x0, .last = 0x7FFFF, .type = BOOT_MEMORY_USABLE },
    { .first = 0x80000, .last = 0x9EFFF, .type = BOOT_MEMORY_LOADER },
    { .first = 0x9F000, .last = 0xFFFFF, .type = BOOT_MEMORY_RESERVED },
    { .first = 0x100000, .last = 0x1FFFFF, .type = BOOT_MEMORY_KERNEL },
    { .first = 0x200000, .last = 0xFFFFFF, .type = BOOT_MEMORY_USABLE },
    { .first = 0x1000000, .last = 0x1000FFF, .type = BOOT_MEMORY_ACPI_NVS },
    { .first = 4 * GIB, .last = 4 * GIB + 0xFFFFF, .type = BOOT_MEMORY_USABLE },
};

static void counts_ram(struct claims *claims)
{
    struct frame_plan plan;
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), NO_END, &plan), BUDDY_OK);
    CLAIM_EQUAL(plan.total, 0x9F + 0xF00 + 1 + 0x100);
    CLAIM_EQUAL(plan.frames, 0x9F + 0xF00 + 0x100);
    CLAIM_EQUAL(plan.region_count, 3);
}

static void joins_ranges(struct claims *claims)
{
    struct frame_plan plan;
    struct buddy_region regions[ARRAY_COUNT(pc)];
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), NO_END, &plan), BUDDY_OK);
    frame_plan_regions(pc, &plan, regions);
    CLAIM_EQUAL(regions[0].first, 0);
    CLAIM_EQUAL(regions[0].frames, 0x9F);
    CLAIM_EQUAL(regions[1].first, 0x100);
    CLAIM_EQUAL(regions[1].frames, 0xF00);
    CLAIM_EQUAL(regions[2].first, 4 * GIB / BUDDY_FRAME_BYTES);
}

static void table_is_high(struct claims *claims)
{
    struct frame_plan plan;
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), NO_END, &plan), BUDDY_OK);
    CLAIM_EQUAL(plan.table_first + plan.table_frames, (4 * GIB + 0x100000) / BUDDY_FRAME_BYTES);
    CLAIM(plan.ranges_at + sizeof(pc) <= plan.table_frames * BUDDY_FRAME_BYTES);
    CLAIM(plan.regions_at >= buddy_record_bytes(plan.frames));
}

static void table_is_not_handed_out(struct claims *claims)
{
    struct frame_plan plan;
    uint64_t first = 0;
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), NO_END, &plan), BUDDY_OK);
    CLAIM_EQUAL(frame_plan_usable(&plan, &pc[6], &first), 0x100 - plan.table_frames);
    CLAIM_EQUAL(first, 4 * GIB / BUDDY_FRAME_BYTES);
    CLAIM_EQUAL(frame_plan_usable(&plan, &pc[4], &first), 0xE00);
}

static void page_0_is_nobodys(struct claims *claims)
{
    const struct boot_memory_range page = { .first = 0, .last = 0xFFF, .type = BOOT_MEMORY_USABLE };
    struct frame_plan plan;
    uint64_t first = 0;
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), NO_END, &plan), BUDDY_OK);
    CLAIM_EQUAL(frame_plan_usable(&plan, &pc[0], &first), 0x7F);
    CLAIM_EQUAL(first, 1);
    CLAIM_EQUAL(frame_plan_usable(&plan, &page, &first), 0);
}

/* What lies from there on counts as RAM, but has no record and no table. */
static void end_is_kept(struct claims *claims)
{
    struct frame_plan plan;
    uint64_t first = 0;
    CLAIM_EQUAL(frame_plan_make(pc, ARRAY_COUNT(pc), 0xF80, &plan), BUDDY_OK);
    CLAIM_EQUAL(plan.total, 0x9F + 0xF00 + 1 + 0x100);
    CLAIM_EQUAL(plan.frames, 0x9F + 0xE80);
    CLAIM_EQUAL(plan.table_first + plan.table_frames, 0xF80);
    CLAIM_EQUAL(frame_plan_usable(&plan, &pc[6], &first), 0);
}

static void no_room_is_said(struct claims *claims)
{
    static const struct boot_memory_range crowded[] = {
        { .first = 0, .last = 0xFFF, .type = BOOT_MEMORY_USABLE },
        { .first = 0x100000, .last = 0xFFFFFFF, .type = BOOT_MEMORY_KERNEL },
        { .first = 0x10000000, .last = 0x10000FFF, .type = BOOT_MEMORY_USABLE },
    };
    struct frame_plan plan;
    CLAIM_EQUAL(frame_plan_make(crowded, ARRAY_COUNT(crowded), NO_END, &plan), BUDDY_E_RECORDS);
    CLAIM_EQUAL(frame_plan_make(crowded, 0, NO_END, &plan), BUDDY_E_RECORDS);
}

/* 64 TiB: more frames than slots have numbers. */
static void slots_are_kept(struct claims *claims)
{
    const struct boot_memory_range huge[] = {
        { .first = GIB, .last = 64 * TIB - 1, .type = BOOT_MEMORY_USABLE },
        { .first = 65 * TIB, .last = 66 * TIB - 1, .type = BOOT_MEMORY_USABLE },
    };
    struct frame_plan plan;
    CLAIM_EQUAL(frame_plan_make(huge, ARRAY_COUNT(huge), NO_END, &plan), BUDDY_OK);
    CLAIM(plan.frames < UINT32_MAX && buddy_record_bytes(plan.frames) != 0);
    CLAIM_EQUAL(plan.region_count, 1);
    CLAIM_EQUAL(plan.end, huge[0].first / BUDDY_FRAME_BYTES + plan.frames);
}

static const struct proof_test tests[] = {
    { "frame-plan.counts-ram", counts_ram },
    { "frame-plan.joins-ranges", joins_ranges },
    { "frame-plan.table-is-high", table_is_high },
    { "frame-plan.table-is-not-handed-out", table_is_not_handed_out },
    { "frame-plan.page-0-is-nobodys", page_0_is_nobodys },
    { "frame-plan.end-is-kept", end_is_kept },
    { "frame-plan.no-room-is-said", no_room_is_said },
    { "frame-plan.slots-are-kept", slots_are_kept },
};
const struct proof_suite proof_frame_plan = { tests, ARRAY_COUNT(tests) };

/* SPDX-License-Identifier: MIT
 *
 * Tests of several address spaces, of regions, and of both when memory runs out:
 * every allocation is made to fail once, and nothing may be left of what failed.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/region.h"
#include "kernel/mm/space.h"
#include "kernel/selftest/page_space.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/touch.h"

#define PAGE         ((uint64_t)PAGE_BYTES)
#define PLACE        0x0000444400000000 /* nobody maps there; a multiple of 1 GiB */
#define NEW_TOP      0xFFFFE00000000000 /* a top-level entry that nobody has */
#define BYTES_2M     ((uint64_t)PAGE << TABLE_SHIFT)
#define BYTES_1G     (BYTES_2M << TABLE_SHIFT)
#define PATTERN      0x0123456789ABCDEF
#define FAILURES_MAX 64 /* more than any of these operations allocates */
#define REGION_PAGES 5

static uint64_t frames_in_use(void)
{
    struct frames_account account;
    frames_account(&account);
    return account.used;
}

static uint64_t word_at(uint64_t virt)
{
    return *(const volatile uint64_t *)virt;
}

static void claim_isolated(struct page_space spaces[2])
{
    for (unsigned i = 0; i < 2; i++)
        *(uint64_t *)direct_map_at(spaces[i].phys) = PATTERN + i;
    for (unsigned turn = 0; turn < 4; turn++) {
        struct space *const space = &spaces[turn % 2].space;
        space_switch(space);
        CLAIM(space_current() == space);
        CLAIM_EQUAL(word_at(PLACE), PATTERN + turn % 2);
    }
    space_switch(space_kernel());
    touch_claim_fault(TOUCH_READ, PLACE, 0);
}

/* Two spaces, one address: two frames. What the kernel has is in both. */
SELFTEST(spaces_isolated, "space.isolated")
{
    struct page_space spaces[2];
    if (!page_space_begin(&spaces[0], PLACE, PAGING_WRITE))
        return;
    if (page_space_begin(&spaces[1], PLACE, PAGING_WRITE)) {
        claim_isolated(spaces);
        page_space_end(&spaces[1]);
    }
    page_space_end(&spaces[0]);
}

/* A region made while another space is loaded is there, and in all others. */
SELFTEST(spaces_share_the_kernel, "space.shared-upper-half")
{
    struct space space;
    if (!CLAIM(space_create(&space) == SPACE_OK))
        return;
    space_switch(&space);
    uint64_t *region = region_allocate(PAGE);
    if (region != NULL)
        *region = PATTERN;
    space_switch(space_kernel());
    CLAIM(region != NULL && *region == PATTERN);
    region_free(region);
    space_switch(&space);
    touch_claim_fault(TOUCH_READ, (uint64_t)region, 0);
    space_switch(space_kernel());
    space_destroy(&space);
}

SELFTEST(spaces_shared_top, "space.no-new-top-entry-while-shared")
{
    struct space space;
    if (space_kernel()->tables.levels != TABLE_LEVELS) {
        CLAIM_SKIP("with five levels one top-level entry holds all of the kernel");
        return;
    }
    if (!CLAIM(space_create(&space) == SPACE_OK))
        return;
    CLAIM_EQUAL(space_map(space_kernel(), NEW_TOP, 0, PAGE, 0), SPACE_E_SHARED);
    space_destroy(&space);
    CLAIM_EQUAL(space_map(space_kernel(), NEW_TOP, 0, PAGE, 0), SPACE_OK);
    CLAIM_EQUAL(space_unmap(space_kernel(), NEW_TOP, PAGE), SPACE_OK);
}

SELFTEST(spaces_upper_half_is_the_kernels, "space.upper-half-is-the-kernels")
{
    struct space space;
    const uint64_t virt = (uint64_t)direct_map_at(PAGE);
    if (!CLAIM(space_create(&space) == SPACE_OK))
        return;
    CLAIM_EQUAL(space_map(&space, NEW_TOP, 0, PAGE, 0), SPACE_E_SHARED);
    CLAIM_EQUAL(space_unmap(&space, virt, PAGE), SPACE_E_SHARED);
    CLAIM_EQUAL(space_protect(&space, virt, PAGE, 0), SPACE_E_SHARED);
    CLAIM_EQUAL(space_map(space_kernel(), NEW_TOP, 0, PAGE, PAGING_USER), SPACE_E_USER);
    CLAIM_EQUAL(space_map(space_kernel(), 0, 0, PAGE, 0), SPACE_E_PAGE_ZERO);
    space_destroy(&space);
}

/* What is destroyed with pages still mapped gives back all its tables, and none of the pages. */
SELFTEST(spaces_destroy, "space.destroy")
{
    struct space space;
    const uint64_t before = frames_in_use();
    if (!CLAIM(space_create(&space) == SPACE_OK))
        return;
    CLAIM_EQUAL(space_map(&space, PLACE - PAGE, BYTES_1G - PAGE, BYTES_2M + 2 * PAGE, 0), SPACE_OK);
    CLAIM_EQUAL(space_map(&space, PAGE, 0, PAGE, PAGING_USER), SPACE_OK);
    CLAIM(frames_in_use() > before);
    space_destroy(&space);
    CLAIM_EQUAL(frames_in_use(), before);
}

/* What the hook was called with. */
static uint64_t shot_virt, shot_bytes;
static unsigned shots;
static void (*own_shoot_down)(const struct space *space, uint64_t virt, uint64_t bytes);

static void count_shot(const struct space *space, uint64_t virt, uint64_t bytes)
{
    shots++;
    shot_virt = virt;
    shot_bytes = bytes;
    own_shoot_down(space, virt, bytes);
}

SELFTEST(space_shoots_down, "space.shoot-down-hook")
{
    shots = 0;
    own_shoot_down = space_shoot_down;
    space_shoot_down = count_shot;
    CLAIM_EQUAL(space_map(space_kernel(), PLACE, 0, 3 * PAGE, 0), SPACE_OK);
    CLAIM_EQUAL(shots, 0); /* what was not there is in no TLB */
    CLAIM_EQUAL(space_protect(space_kernel(), PLACE, PAGE, PAGING_WRITE), SPACE_OK);
    CLAIM_EQUAL(shots, 1);
    CLAIM_EQUAL(space_unmap(space_kernel(), PLACE, 3 * PAGE), SPACE_OK);
    CLAIM_EQUAL(shots, 2);
    CLAIM_EQUAL(shot_virt, PLACE);
    CLAIM_EQUAL(shot_bytes, 3 * PAGE);
    space_shoot_down = own_shoot_down;
}

/* Run the operation with its k-th allocation failing, for every k; true from it: it came through. */
static void fail_each(bool (*operation)(void), uint64_t least)
{
    uint64_t k = 1;
    for (; k < FAILURES_MAX; k++) {
        const uint64_t before = frames_in_use();
        fail_at(k);
        const bool done = operation();
        const bool reached = fail_counted() >= k;
        fail_at(0);
        CLAIM_EQUAL(done, !reached);
        CLAIM_EQUAL(frames_in_use(), before);
        if (done)
            break;
    }
    CLAIM(k > least); /* so many allocations have failed */
    CLAIM(k < FAILURES_MAX);
}

/* 4 KiB, 2 MiB and 4 KiB: two page tables, and all above them. */
static bool map_three_kinds(void)
{
    const uint64_t virt = PLACE + BYTES_2M - PAGE;
    const uint64_t bytes = BYTES_2M + 2 * PAGE;
    if (space_map(space_kernel(), virt, BYTES_2M - PAGE, bytes, 0) != SPACE_OK) {
        struct page_table_page page;
        CLAIM(page_table_next(&space_kernel()->tables, PLACE, &page));
        CLAIM(page.virt >= BOOT_DIRECT_MAP_BASE);
        return false;
    }
    CLAIM_EQUAL(space_unmap(space_kernel(), virt, bytes), SPACE_OK);
    return true;
}

SELFTEST(space_map_fails_cleanly, "space.map-fails-cleanly")
{
    fail_each(map_three_kinds, 4);
}

static bool split_twice(void)
{
    const uint64_t hole = PLACE + BYTES_2M - PAGE;
    struct page_table_page page = { .bytes = 0 };
    const enum space_status status = space_unmap(space_kernel(), hole, 2 * PAGE);
    CLAIM(page_table_find(&space_kernel()->tables, PLACE, &page));
    if (status == SPACE_OK) {
        CLAIM_EQUAL(page.bytes, PAGE);
        return true;
    }
    CLAIM_EQUAL(status, SPACE_E_NO_ROOM);
    CLAIM_EQUAL(page.bytes, BYTES_2M);
    return false;
}

/* Two large pages, and a hole across where they meet. */
static bool map_and_split(void)
{
    fail_at(0);
    CLAIM_EQUAL(space_map(space_kernel(), PLACE, 0, 2 * BYTES_2M, 0), SPACE_OK);
    for (uint64_t k = 1; k <= 2; k++) {
        const uint64_t before = frames_in_use();
        fail_at(k);
        CLAIM(!split_twice());
        fail_at(0);
        CLAIM_EQUAL(frames_in_use(), before);
    }
    CLAIM(split_twice());
    CLAIM_EQUAL(space_unmap(space_kernel(), PLACE, BYTES_2M - PAGE), SPACE_OK);
    return space_unmap(space_kernel(), PLACE + BYTES_2M + PAGE, BYTES_2M - PAGE) == SPACE_OK;
}

SELFTEST(space_split_fails_cleanly, "space.split-fails-cleanly")
{
    const uint64_t before = frames_in_use();
    CLAIM(map_and_split());
    CLAIM_EQUAL(frames_in_use(), before);
}

static bool create_space(void)
{
    struct space space;
    if (space_create(&space) != SPACE_OK)
        return false;
    const bool mapped = space_map(&space, PLACE, 0, PAGE, PAGING_USER) == SPACE_OK;
    space_destroy(&space);
    return mapped;
}

SELFTEST(space_create_fails_cleanly, "space.create-fails-cleanly")
{
    fail_each(create_space, 4);
}

static bool make_region(void)
{
    void *region = region_allocate(REGION_PAGES * PAGE);
    region_free(region);
    return region != NULL;
}

SELFTEST(region_fails_cleanly, "region.fails-cleanly")
{
    fail_each(make_region, REGION_PAGES);
}

SELFTEST(region_guards, "region.guards")
{
    const uint64_t bytes = REGION_PAGES * PAGE;
    uint8_t *region = region_allocate(bytes - 1); /* whole pages all the same */
    if (!CLAIM(region != NULL))
        return;
    const uint64_t first = (uint64_t)region;
    touch_claim(TOUCH_WRITE, first);
    touch_claim(TOUCH_WRITE, first + bytes - 1);
    touch_claim_fault(TOUCH_WRITE, first - 1, PF_ERROR_W);
    touch_claim_fault(TOUCH_WRITE, first + bytes, PF_ERROR_W);
    region_free(region);
    touch_claim_fault(TOUCH_READ, first, 0);
}

SELFTEST(region_zeroed, "region.zeroed")
{
    unsigned others = 0;
    for (unsigned round = 0; round < 2; round++) {
        uint8_t *region = region_allocate(2 * PAGE);
        CLAIM(region != NULL);
        if (region == NULL)
            return;
        for (unsigned i = 0; i < 2 * PAGE; i++)
            others += region[i] != 0;
        memset(region, TOUCH_BYTE, 2 * PAGE);
        region_free(region);
    }
    CLAIM_EQUAL(others, 0);
}

/* Neighbours share a guard page, and an address does not come again at once. */
SELFTEST(region_apart, "region.apart")
{
    void *regions[2] = { region_allocate(PAGE), region_allocate(PAGE) };
    CLAIM_EQUAL((uint64_t)regions[1], (uint64_t)regions[0] + 2 * PAGE);
    region_free(regions[0]);
    void *next = region_allocate(PAGE);
    CLAIM_EQUAL((uint64_t)next, (uint64_t)regions[1] + 2 * PAGE);
    region_free(next);
    region_free(regions[1]);
}

SELFTEST(region_refused, "region.refused")
{
    const uint64_t before = frames_in_use();
    CLAIM(region_allocate(0) == NULL);
    CLAIM(region_allocate(UINT64_MAX) == NULL);
    CLAIM(region_allocate(UINT64_MAX - 2 * PAGE) == NULL);
    CLAIM(region_allocate(REGION_LAST - REGION_FIRST + 1) == NULL);
    region_free(NULL);
    CLAIM_EQUAL(frames_in_use(), before);
}

/* SPDX-License-Identifier: MIT
 *
 * Tests of physical memory as this machine has it. What needs no machine is in
 * kernel/proof/proof_buddy.c. Each test gives back all it took.
 */
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/boot/boot.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/poison.h"
#include "kernel/sanitize/kasan.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/taken.h"

#define LAST_BELOW_1M  0xFFFFFULL
#define LAST_BELOW_16M 0xFFFFFFULL
#define LAST_BELOW_4G  0xFFFFFFFFULL

#define ORDERS_TRIED    9 /* up to 1 MiB: there must be that much everywhere */
#define RANGE_ALIGNMENT 0x100000ULL
#define SMALL_ORDER     3
#define PAIR_BYTES      ((size_t)2 * FRAME_BYTES) /* of order 1 */
#define NO_MACHINE      0x000FFFFFFFFFF000ULL     /* the last frame of 52 bits */

static uint64_t last_of(unsigned limit)
{
    static const uint64_t lasts[] = { LAST_BELOW_1M, LAST_BELOW_16M, LAST_BELOW_4G, UINT64_MAX };
    return lasts[limit];
}

static bool accounts_equal(const struct frames_account *a, const struct frames_account *b)
{
    for (unsigned i = 0; i < BUDDY_ZONES; i++) {
        if (a->zones[i].free != b->zones[i].free || a->zones[i].used != b->zones[i].used ||
            a->zones[i].largest != b->zones[i].largest)
            return false;
    }
    return a->total == b->total && a->reserved == b->reserved && a->reclaimed == b->reclaimed;
}

SELFTEST(frames_account, "frames.account")
{
    const struct boot_memory_range *ranges = boot_memory();
    struct frames_account account;
    uint64_t ram = 0;
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (ranges[i].type <= BOOT_MEMORY_ACPI_NVS)
            ram += (ranges[i].last - ranges[i].first + 1) / FRAME_BYTES;
    }
    frames_account(&account);
    CLAIM_EQUAL(account.total, ram);
    CLAIM_EQUAL(account.free + account.used + account.reserved, account.total);
    CLAIM(account.table > 0 && account.table < account.reserved);
    CLAIM(frames_check() == NULL);
}

/* Usable memory is free or handed out, all but page 0 and the table. */
SELFTEST(frames_usable, "frames.usable-is-free-or-used")
{
    const struct boot_memory_range *ranges = boot_memory();
    struct frames_account account;
    uint64_t usable = 0;
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (ranges[i].type == BOOT_MEMORY_USABLE)
            usable += (ranges[i].last - ranges[i].first + 1) / FRAME_BYTES;
        if (ranges[i].type == BOOT_MEMORY_USABLE && ranges[i].first == 0)
            usable--;
    }
    frames_account(&account);
    CLAIM_EQUAL(account.free + account.used, usable - account.table + account.reclaimed);
}

SELFTEST(frames_zones, "frames.zones")
{
    for (unsigned limit = FRAMES_BELOW_1M; limit <= FRAMES_ANY; limit++) {
        const uint64_t phys = frames_allocate(0, (enum frames_limit)limit);
        CLAIM(phys != 0);
        CLAIM(phys + (FRAME_BYTES - 1) <= last_of(limit));
        if (phys != 0)
            frames_free(phys, 0);
    }
}

/* Low memory is not spent while there is other. */
SELFTEST(frames_highest, "frames.highest-zone-first")
{
    struct frames_account account;
    frames_account(&account);
    unsigned highest = BUDDY_ZONE_HIGH;
    while (highest > 0 && account.zones[highest].free == 0)
        highest--;
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    CLAIM_EQUAL(buddy_zone_of(phys / FRAME_BYTES), highest);
    frames_free(phys, 0);
}

SELFTEST(frames_alignment, "frames.alignment")
{
    for (unsigned order = 0; order < ORDERS_TRIED; order++) {
        const uint64_t phys = frames_allocate(order, FRAMES_ANY);
        CLAIM(phys != 0);
        CLAIM_EQUAL(phys % ((uint64_t)FRAME_BYTES << order), 0);
        if (phys != 0)
            frames_free(phys, order);
    }
}

SELFTEST(frames_exact, "frames.counted-exactly")
{
    struct frames_account before, during, after;
    frames_account(&before);
    const uint64_t phys = frames_allocate(SMALL_ORDER, FRAMES_ANY);
    frames_account(&during);
    CLAIM_EQUAL(during.used, before.used + (1U << SMALL_ORDER));
    CLAIM_EQUAL(during.free, before.free - (1U << SMALL_ORDER));
    CLAIM_EQUAL(during.reserved, before.reserved);
    frames_free(phys, SMALL_ORDER);
    frames_account(&after);
    CLAIM(accounts_equal(&before, &after));
}

SELFTEST(frames_contents, "frames.are-memory")
{
    const uint64_t a = frames_allocate(1, FRAMES_ANY);
    const uint64_t b = frames_allocate(1, FRAMES_ANY);
    if (CLAIM(a != 0 && b != 0 && a != b)) {
        uint64_t *const first = direct_map_at(a);
        uint64_t *const second = direct_map_at(b);
        memset(first, 0, PAIR_BYTES);
        memset(second, UINT8_MAX, PAIR_BYTES);
        CLAIM_EQUAL(first[PAIR_BYTES / sizeof(*first) - 1], 0);
        CLAIM_EQUAL(second[0], UINT64_MAX);
    }
    frames_free(a, 1);
    frames_free(b, 1);
}

/* Nothing is left below the limit; what there is all the same goes back. */
static void claim_exhausted(enum frames_limit limit)
{
    const uint64_t frame = frames_allocate(0, limit);
    const uint64_t range = frames_allocate_range(1, FRAME_BYTES, limit);
    CLAIM_EQUAL(frame, 0);
    CLAIM_EQUAL(range, 0);
    frames_free(frame, 0);
    frames_free_range(range, 1);
}

/* Take all there is below a limit, see that it is all, and give it back. Not poisoned: it is much. */
static void exhaust(enum frames_limit limit)
{
    struct frames_account before, during, after;
    struct taken taken;
    const bool was_checked = frames_checked();
    frames_set_checked(false);
    frames_account(&before);
    taken_take(limit, &taken);
    frames_account(&during);
    CLAIM(taken.blocks > 0);
    CLAIM(taken.spans.first >= FRAME_BYTES);
    CLAIM(taken.spans.last <= last_of(limit));
    claim_exhausted(limit);
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++)
        CLAIM_EQUAL(during.zones[zone].free, zone > (unsigned)limit ? before.zones[zone].free : 0);
    CLAIM(frames_check() == NULL);
    taken_give(&taken);
    frames_set_checked(was_checked);
    frames_account(&after);
    CLAIM(accounts_equal(&before, &after));
    CLAIM(frames_check() == NULL);
}

SELFTEST(frames_exhaust_1m, "frames.exhaust-below-1m")
{
    exhaust(FRAMES_BELOW_1M);
}

SELFTEST(frames_exhaust_16m, "frames.exhaust-below-16m")
{
    exhaust(FRAMES_BELOW_16M);
}

SELFTEST(frames_exhaust_4g, "frames.exhaust-below-4g")
{
    exhaust(FRAMES_BELOW_4G);
}

SELFTEST(frames_exhaust_all, "frames.exhaust-all")
{
    exhaust(FRAMES_ANY);
}

SELFTEST(frames_range, "frames.range-of-any-length")
{
    static const uint64_t lengths[] = { 1, 2, 3, 5, 17, 100, 255, 257 };
    struct frames_account before, during, after;
    frames_account(&before);
    for (unsigned i = 0; i < ARRAY_COUNT(lengths); i++) {
        const uint64_t phys = frames_allocate_range(lengths[i], RANGE_ALIGNMENT, FRAMES_ANY);
        frames_account(&during);
        CLAIM(phys != 0);
        CLAIM_EQUAL(phys % RANGE_ALIGNMENT, 0);
        CLAIM_EQUAL(during.used, before.used + lengths[i]);
        if (phys != 0)
            frames_free_range(phys, lengths[i]);
    }
    frames_account(&after);
    CLAIM(accounts_equal(&before, &after));
}

/* One frame more than any single block has: only blocks in a row can serve it. */
SELFTEST(frames_range_over_blocks, "frames.range-over-blocks")
{
    struct frames_account before, after;
    const bool was_checked = frames_checked();
    int largest = -1;
    frames_set_checked(false);
    frames_account(&before);
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++)
        largest = before.zones[zone].largest > largest ? before.zones[zone].largest : largest;
    const uint64_t frames = (1ULL << largest) + 1;
    const uint64_t phys = frames_allocate_range(frames, FRAME_BYTES, FRAMES_ANY);
    if (phys == 0)
        CLAIM_SKIP("the largest free block has no free neighbour");
    else
        frames_free_range(phys, frames);
    frames_set_checked(was_checked);
    frames_account(&after);
    CLAIM(accounts_equal(&before, &after));
    CLAIM(frames_check() == NULL);
}

SELFTEST(frames_double_free, "frames.double-free-refused")
{
    const uint64_t phys = frames_allocate(1, FRAMES_ANY);
    if (!CLAIM(phys != 0))
        return;
    CLAIM_EQUAL(frames_try_free(phys, 0), BUDDY_E_LENGTH);
    CLAIM_EQUAL(frames_try_free_range(phys, 2), BUDDY_E_LENGTH);
    CLAIM_EQUAL(frames_try_free(phys + FRAME_BYTES, 0), BUDDY_E_INSIDE);
    CLAIM_EQUAL(frames_try_free(phys + 1, 1), BUDDY_E_INSIDE);
    CLAIM_EQUAL(frames_try_free(phys, 1), BUDDY_OK);
    CLAIM_EQUAL(frames_try_free(phys, 1), BUDDY_E_FREE);
    CLAIM(frames_check() == NULL);
}

SELFTEST(frames_foreign, "frames.foreign-address-refused")
{
    CLAIM_EQUAL(frames_try_free(0, 0), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(frames_try_free(boot_segments()[0].phys, 0), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(frames_try_free(NO_MACHINE, 0), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(frames_try_free_range(boot_segments()[0].phys, 1), BUDDY_E_FOREIGN);
    CLAIM_EQUAL(frames_try_free(FRAME_BYTES, FRAME_ORDER_MAX + 1), BUDDY_E_REQUEST);
}

/* The same block comes again. */
static void claim_again(uint64_t phys, unsigned order)
{
    const uint64_t again = frames_allocate(order, FRAMES_ANY);
    CLAIM_EQUAL(again, phys);
    frames_free(again, order);
}

/* Free memory may hold anything: no link of the allocator lies in it. */
SELFTEST(frames_scribble, "frames.scribbled-free-memory")
{
    const bool was_checked = frames_checked();
    frames_set_checked(false);
    const uint64_t phys = frames_allocate(SMALL_ORDER, FRAMES_ANY);
    frames_free(phys, SMALL_ORDER);
    if (CLAIM(phys != 0)) {
        struct kasan_finding finding; /* the KASAN build sees it */
        kasan_catch(&finding);
        memset(direct_map_at(phys), UINT8_MAX, (size_t)FRAME_BYTES << SMALL_ORDER);
        kasan_catch(NULL);
        CLAIM_EQUAL(finding.bytes > 0, kasan_is_on());
        CLAIM(frames_check() == NULL);
        claim_again(phys, SMALL_ORDER);
    }
    frames_set_checked(was_checked);
}

SELFTEST(frames_poison, "frames.poison")
{
    const bool was_checked = frames_checked();
    size_t offset;
    frames_set_checked(true);
    const uint64_t phys = frames_allocate(1, FRAMES_ANY);
    if (CLAIM(phys != 0)) {
        memset(direct_map_at(phys), 0, PAIR_BYTES);
        frames_free(phys, 1);
        struct kasan_finding finding; /* the KASAN build sees it */
        kasan_catch(&finding);
        CLAIM(poison_holds(direct_map_at(phys), PAIR_BYTES, &offset));
        kasan_catch(NULL);
        CLAIM_EQUAL(finding.bytes > 0, kasan_is_on());
        claim_again(phys, 1);
    }
    frames_set_checked(was_checked);
}

SELFTEST(frames_poison_found, "frames.poison-changed")
{
    uint64_t words[] = { 0, 0, 0 };
    size_t offset = 0;
    CLAIM(!poison_holds(words, sizeof(words), &offset));
    poison_fill(words, sizeof(words));
    CLAIM(poison_holds(words, sizeof(words), &offset));
    ((uint8_t *)words)[13] ^= 1;
    CLAIM(!poison_holds(words, sizeof(words), &offset));
    CLAIM_EQUAL(offset, 13);
}

SELFTEST(frames_fail, "frames.made-to-fail")
{
    struct frames_account before, after;
    frames_account(&before);
    fail_at(2);
    const uint64_t first = frames_allocate(0, FRAMES_ANY);
    const uint64_t second = frames_allocate_range(3, FRAME_BYTES, FRAMES_ANY);
    const uint64_t third = frames_allocate(0, FRAMES_ANY);
    CLAIM(first != 0 && second == 0 && third != 0);
    CLAIM_EQUAL(fail_counted(), 3);
    fail_at(0);
    frames_free(first, 0);
    frames_free(third, 0);
    frames_account(&after);
    CLAIM(accounts_equal(&before, &after));
}

/* SPDX-License-Identifier: MIT
 *
 * Judges the claims. For every byte the highest boot_memory_type claimed for
 * it wins, so nothing that is reserved anywhere becomes RAM (Q48). For every
 * page: what is not RAM in any byte of it takes all of it, and RAM must be
 * claimed for all of it. What nobody claims is unknown, and not in the map.
 * The order of the answers does not matter, and judging the result again
 * gives the result.
 *
 * Not sorted first: with the ten answers of a usual PC, asking every claim at
 * every boundary takes some three thousand instructions; with the most there is
 * room for, about a million.
 */
#include "stage2/plan/memory_judge.h"

#include "hw/paging.h"
#include "kernel/core/string.h"
#include "stage2/plan/memory_claims.h"

#define PAGE_MASK ((uint64_t)PAGE_BYTES - 1)

/*
 * What a page that several pieces share becomes: the highest rank among them.
 * All above silence are enum boot_memory_type.
 */
enum { RANK_RAM = 0, RANK_SILENCE = 1 };
_Static_assert(BOOT_MEMORY_ACPI_RECLAIMABLE > RANK_SILENCE, "types rank above silence");

/*
 * Pages come in ascending; the map grows by whole runs of one type.
 * pending is such a run, still growing; pending.type 0: there is none.
 */
struct paver {
    struct memory_map map;
    struct boot_memory_range pending;
    uint32_t shared_rank; /* of the page that the pieces so far end in */
};

/* Is losing `left` a smaller loss than losing `right`? */
static bool is_lesser_loss(const struct boot_memory_range *left,
                           const struct boot_memory_range *right)
{
    const bool left_useless = left->type == BOOT_MEMORY_RESERVED || left->type == BOOT_MEMORY_BAD;
    const bool right_useless =
        right->type == BOOT_MEMORY_RESERVED || right->type == BOOT_MEMORY_BAD;
    if (left_useless != right_useless)
        return left_useless;
    return left->last - left->first < right->last - right->first;
}

/*
 * The table is full (Q50): the least of all ranges, the new one included, is
 * left out. It becomes unknown, which is not RAM, so the map still tells no lie.
 */
static void replace_least(struct memory_map *map, const struct boot_memory_range *range)
{
    const struct boot_memory_range *least = range;
    for (uint32_t index = 0; index < map->count; index++) {
        if (is_lesser_loss(&map->ranges[index], least))
            least = &map->ranges[index];
    }
    if (least == range)
        return;
    const uint32_t place = (uint32_t)(least - map->ranges);
    memmove(&map->ranges[place], &map->ranges[place + 1],
            (map->count - place - 1) * sizeof(map->ranges[0]));
    map->ranges[map->count - 1] = *range;
}

static void flush_pending(struct paver *paver)
{
    struct memory_map *const map = &paver->map;
    if (paver->pending.type == 0)
        return;
    if (map->count < map->capacity)
        map->ranges[map->count++] = paver->pending;
    else
        replace_least(map, &paver->pending);
    paver->pending.type = 0;
}

/* Whole pages first..last, right above those before, get what their rank says. */
static void put_pages(struct paver *paver, uint64_t first, uint64_t last, uint32_t rank)
{
    const uint32_t type = rank == RANK_RAM ? BOOT_MEMORY_USABLE : rank;
    if (rank == RANK_SILENCE) {
        flush_pending(paver);
        return;
    }
    if (paver->pending.type == type) {
        paver->pending.last = last; /* silence would have ended the run, so it goes on here */
        return;
    }
    flush_pending(paver);
    paver->pending = (struct boot_memory_range){ .first = first, .last = last, .type = type };
}

/*
 * Bytes first..last, which start where the bytes before ended, have one rank.
 * A page that they share with others is put when its last byte has come.
 */
static void pave(struct paver *paver, uint64_t first, uint64_t last, uint32_t rank)
{
    if ((first & PAGE_MASK) != 0) {
        const uint64_t page_last = first | PAGE_MASK;
        if (rank > paver->shared_rank)
            paver->shared_rank = rank;
        if (last < page_last)
            return;
        put_pages(paver, first & ~PAGE_MASK, page_last, paver->shared_rank);
        if (last == page_last)
            return;
        first = page_last + 1;
    }
    if ((last & PAGE_MASK) == PAGE_MASK) {
        put_pages(paver, first, last, rank);
        return;
    }
    const uint64_t open_page = last & ~PAGE_MASK;
    if (open_page > first)
        put_pages(paver, first, open_page - 1, rank);
    paver->shared_rank = rank;
}

/*
 * The last byte up to which every claim says the same as at `first`; the
 * winner's rank there. Claims may come in any order, and overlap (Q48).
 */
static uint64_t find_piece(const struct memory_claims *claims, uint64_t first, uint32_t *rank)
{
    uint64_t last = UINT64_MAX;
    uint32_t winner = 0;
    for (uint32_t index = 0; index < claims->count; index++) {
        const struct memory_claim *const claim = &claims->claims[index];
        if (claim->range.first > first) {
            if (claim->range.first <= last)
                last = claim->range.first - 1;
        } else if (claim->range.last >= first) {
            if (claim->range.last < last)
                last = claim->range.last;
            if (claim->type > winner)
                winner = claim->type;
        }
    }
    if (winner == 0)
        *rank = RANK_SILENCE;
    else
        *rank = winner == BOOT_MEMORY_USABLE ? RANK_RAM : winner;
    return last;
}

static bool has_extended_ram(const struct memory_map *map)
{
    for (uint32_t index = 0; index < map->count; index++) {
        if (map->ranges[index].type == BOOT_MEMORY_USABLE &&
            map->ranges[index].first >= EXTENDED_MEMORY_FIRST)
            return true;
    }
    return false;
}

/*
 * Judge the BIOS's answers.
 *
 * answers  as memory_ask left them; nothing in them is trusted
 * map      its array and capacity are the caller's; count is set on BOOT_OK
 *
 * BOOT_E_NO_MEMORY_MAP  no page above 1 MiB is RAM
 *
 * Context: boot only. Uses about 7 KiB of stack. Cost: the square of the number
 * of answers.
 */
enum boot_status memory_judge_answers(const struct memory_answers *answers, struct memory_map *map)
{
    struct memory_claims claims;
    memory_claims_collect(answers, &claims);

    struct paver paver = { .map = { .ranges = map->ranges, .capacity = map->capacity } };
    uint64_t first = 0;
    uint64_t last;
    do {
        uint32_t rank;
        last = find_piece(&claims, first, &rank);
        pave(&paver, first, last, rank);
        first = last + 1;
    } while (last != UINT64_MAX);
    flush_pending(&paver);

    if (!has_extended_ram(&paver.map))
        return BOOT_E_NO_MEMORY_MAP;
    map->count = paver.map.count;
    return BOOT_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * The oracle. It looks at single bytes: what do the answers say of this one?
 * From that follows what a page must be, and the map is asked at every page
 * where anything begins or ends. Slow, and meant to be.
 */
#include "tests/fuzz/e820_oracle.h"

#include <stdbool.h>
#include <string.h>

#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/e820.h"
#include "hw/paging.h"
#include "stage2/plan/memory_judge.h"
#include "tests/unit/random.h"

#define PAGE_MASK  ((uint64_t)PAGE_BYTES - 1)
#define AMPLE      600 /* more ranges than any answers can make */
#define ONE_MIB    0x100000U
#define VGA_WINDOW 0xA0000U
#define LOW_FLOOR  0x20000U
#define SILENT     0

/* The oracle's own copy of what the judge promises of each kind of answer. */
static bool list_counts(const struct memory_answers *answers)
{
    if (answers->e820_end == BOOT_E820_END_SIGNATURE ||
        answers->e820_end == BOOT_E820_END_UNSUPPORTED)
        return false;
    for (uint32_t index = 0; index < answers->e820_count; index++) {
        if (answers->e820[index].returned_eax != E820_SIGNATURE)
            return false;
    }
    return true;
}

/* What one answer says of one byte; SILENT if nothing. */
static uint32_t answer_says(const struct boot_e820_answer *answer, uint64_t byte)
{
    static const uint32_t types[] = { BOOT_MEMORY_RESERVED, BOOT_MEMORY_USABLE,
                                      BOOT_MEMORY_RESERVED, BOOT_MEMORY_ACPI_RECLAIMABLE,
                                      BOOT_MEMORY_ACPI_NVS, BOOT_MEMORY_BAD };
    uint32_t type = answer->type < ARRAY_COUNT(types) ? types[answer->type] : BOOT_MEMORY_RESERVED;
    if (answer->returned_bytes < E820_BYTES || (answer->flags & RFLAGS_CF) != 0)
        return SILENT;
    if (answer->returned_bytes >= E820_BYTES_EXTENDED) {
        if ((answer->attributes & E820_ATTRIBUTE_ENABLED) == 0)
            return SILENT;
        if (type == BOOT_MEMORY_USABLE &&
            (answer->attributes & (E820_ATTRIBUTE_NON_VOLATILE | E820_ATTRIBUTE_ERROR_LOG)) != 0)
            type = BOOT_MEMORY_RESERVED;
    }
    const bool wraps = answer->length != 0 && answer->base > UINT64_MAX - (answer->length - 1);
    if (wraps && type == BOOT_MEMORY_USABLE)
        return SILENT;
    if (byte < answer->base || (!wraps && byte - answer->base >= answer->length))
        return SILENT;
    return answer->length == 0 ? SILENT : type;
}

static uint32_t e820_says(const struct memory_answers *answers, uint64_t byte)
{
    uint32_t strongest = SILENT;
    if (!list_counts(answers))
        return SILENT;
    for (uint32_t index = 0; index < answers->e820_count; index++) {
        const uint32_t type = answer_says(&answers->e820[index], byte);
        strongest = type > strongest ? type : strongest;
    }
    return strongest;
}

static uint32_t low_end(const struct memory_answers *answers)
{
    const uint32_t by_int12 = answers->int12_ax * 1024U;
    const uint32_t by_ebda = answers->ebda_segment * 16U;
    uint32_t end = VGA_WINDOW;
    if (by_int12 >= LOW_FLOOR && by_int12 < end)
        end = by_int12;
    if (by_ebda >= LOW_FLOOR && by_ebda < end)
        end = by_ebda;
    return end;
}

/* What must not be RAM although E820 may say so. */
static bool is_forbidden(const struct memory_answers *answers, uint64_t byte)
{
    return byte < PAGE_BYTES || (byte >= low_end(answers) && byte < ONE_MIB);
}

/* Could an older call mean this byte, which E820 does not name? Generous on purpose. */
static bool older_calls_may_mean(const struct memory_answers *answers, uint64_t byte)
{
    if (byte < ONE_MIB)
        return byte < low_end(answers);
    const uint64_t above = byte - ONE_MIB;
    if (above < answers->int88_ax * 1024ULL)
        return true;
    if ((answers->e801_flags & RFLAGS_CF) != 0 || byte >= 0xFEC00000)
        return false;
    if (above < 15 * ONE_MIB)
        return above < answers->e801_ax * 1024ULL || above < answers->e801_cx * 1024ULL;
    const uint64_t units = (byte - 16ULL * ONE_MIB) / 0x10000;
    return units < answers->e801_bx || units < answers->e801_dx;
}

/* What the map says of one byte. */
static uint32_t map_says(const struct memory_map *map, uint64_t byte)
{
    enum boot_memory_type type = SILENT;
    return memory_map_type_at(map, byte, &type) ? type : SILENT;
}

/* Every byte of a page at which what the answers say can change, and its two ends. */
#define EDGES_MAX (2 + 4 * MEMORY_ANSWERS_MAX + 2)

static uint32_t page_edges(const struct memory_answers *answers, uint64_t page,
                           uint64_t edges[EDGES_MAX])
{
    uint32_t count = 0;
    edges[count++] = page;
    edges[count++] = page | PAGE_MASK;
    const uint64_t low[] = { low_end(answers) - 1, low_end(answers) };
    for (unsigned which = 0; which < ARRAY_COUNT(low); which++) {
        if ((low[which] & ~PAGE_MASK) == page)
            edges[count++] = low[which];
    }
    for (uint32_t index = 0; index < answers->e820_count; index++) {
        const struct boot_e820_answer *const answer = &answers->e820[index];
        const uint64_t behind = answer->base + answer->length;
        const uint64_t around[] = { answer->base - 1, answer->base, behind - 1, behind };
        for (unsigned which = 0; which < ARRAY_COUNT(around); which++) {
            if ((around[which] & ~PAGE_MASK) == page)
                edges[count++] = around[which];
        }
    }
    return count;
}

/* Is the map right about one page? */
static const char *check_page(const struct memory_answers *answers, const struct memory_map *map,
                              uint64_t page)
{
    uint64_t edges[EDGES_MAX];
    const uint32_t count = page_edges(answers, page, edges);
    const uint32_t said = map_says(map, page);
    uint32_t strongest = SILENT;
    bool all_ram = true;
    bool all_meant = true;
    for (uint32_t index = 0; index < count; index++) {
        uint32_t type = e820_says(answers, edges[index]);
        if (is_forbidden(answers, edges[index]) && type < BOOT_MEMORY_RESERVED)
            type = BOOT_MEMORY_RESERVED;
        strongest = type > strongest ? type : strongest;
        all_ram = all_ram && type == BOOT_MEMORY_USABLE;
        all_meant = all_meant && (type == BOOT_MEMORY_USABLE ||
                                  (type == SILENT && older_calls_may_mean(answers, edges[index])));
    }
    if (strongest > BOOT_MEMORY_USABLE)
        return said == strongest ? NULL : "a page has the highest type claimed in it";
    if (all_ram)
        return said == BOOT_MEMORY_USABLE ? NULL : "a page that is all RAM is usable";
    if (said == SILENT)
        return NULL;
    return said == BOOT_MEMORY_USABLE && all_meant ? NULL : "no page is RAM that nobody claims";
}

static const char *check_pages(const struct memory_answers *answers, const struct memory_map *map)
{
    const uint64_t fixed[] = { 0, PAGE_BYTES, low_end(answers), VGA_WINDOW, ONE_MIB, UINT64_MAX };
    const char *wrong = NULL;
    for (unsigned which = 0; which < ARRAY_COUNT(fixed) && wrong == NULL; which++)
        wrong = check_page(answers, map, fixed[which] & ~PAGE_MASK);
    for (uint32_t index = 0; index < answers->e820_count; index++) {
        const uint64_t base = answers->e820[index].base;
        const uint64_t behind = base + answers->e820[index].length;
        const uint64_t near[] = { base - PAGE_BYTES,   base,   base + PAGE_BYTES,
                                  behind - PAGE_BYTES, behind, behind + PAGE_BYTES };
        for (unsigned which = 0; which < ARRAY_COUNT(near) && wrong == NULL; which++)
            wrong = check_page(answers, map, near[which] & ~PAGE_MASK);
    }
    for (uint32_t index = 0; index < map->count; index++) {
        const uint64_t near[] = { map->ranges[index].first - 1, map->ranges[index].first,
                                  map->ranges[index].last, map->ranges[index].last + 1 };
        for (unsigned which = 0; which < ARRAY_COUNT(near) && wrong == NULL; which++)
            wrong = check_page(answers, map, near[which] & ~PAGE_MASK);
    }
    return wrong;
}

static const char *check_shape(const struct memory_map *map)
{
    bool has_extended = false;
    if (map->count > map->capacity)
        return "the map fits its table";
    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        if (range->first > range->last)
            return "no range is empty";
        if ((range->first & PAGE_MASK) != 0 || (range->last & PAGE_MASK) != PAGE_MASK)
            return "ranges are whole pages";
        if (range->reserved != 0)
            return "the reserved field is 0";
        if (range->type != BOOT_MEMORY_USABLE &&
            (range->type < BOOT_MEMORY_ACPI_RECLAIMABLE || range->type > BOOT_MEMORY_BAD))
            return "types are those a BIOS can give";
        if (index != 0 && range[-1].last >= range->first)
            return "ranges are sorted and disjoint";
        if (index != 0 && range[-1].last + 1 == range->first && range[-1].type == range->type)
            return "neighbours of one type are merged";
        has_extended |= range->type == BOOT_MEMORY_USABLE && range->first >= ONE_MIB;
    }
    return has_extended ? NULL : "BOOT_OK means RAM above 1 MiB";
}

static bool same_map(const struct memory_map *left, const struct memory_map *right)
{
    return left->count == right->count &&
           memcmp(left->ranges, right->ranges, left->count * sizeof(left->ranges[0])) == 0;
}

static struct boot_memory_range other_ranges[AMPLE];

static struct memory_map other_map(uint32_t capacity)
{
    return (struct memory_map){ .ranges = other_ranges, .count = 0, .capacity = capacity };
}

/* The same answers in another order. */
static const char *check_order(const struct memory_answers *answers, const struct memory_map *map,
                               uint64_t seed)
{
    struct memory_answers shuffled = *answers;
    struct random random = { .state = seed };
    for (uint32_t left = shuffled.e820_count; left > 1; left--) {
        const uint32_t place = (uint32_t)random_below(&random, left);
        const struct boot_e820_answer moved = shuffled.e820[place];
        shuffled.e820[place] = shuffled.e820[left - 1];
        shuffled.e820[left - 1] = moved;
    }
    struct memory_map other = other_map(AMPLE);
    if (memory_judge_answers(&shuffled, &other) != BOOT_OK || !same_map(map, &other))
        return "the order of the answers does not matter";
    return NULL;
}

/* The map as a BIOS would tell it. */
static const char *check_again(const struct memory_answers *answers, const struct memory_map *map)
{
    static const uint32_t types[] = {
        [BOOT_MEMORY_USABLE] = E820_TYPE_USABLE, [BOOT_MEMORY_ACPI_RECLAIMABLE] = E820_TYPE_ACPI,
        [BOOT_MEMORY_ACPI_NVS] = E820_TYPE_NVS,  [BOOT_MEMORY_RESERVED] = E820_TYPE_RESERVED,
        [BOOT_MEMORY_BAD] = E820_TYPE_UNUSABLE,
    };
    struct memory_answers told = { .e820_count = map->count,
                                   .e820_end = BOOT_E820_END_ZERO,
                                   .e801_flags = RFLAGS_CF,
                                   .int12_ax = answers->int12_ax,
                                   .ebda_segment = answers->ebda_segment };
    if (map->count > MEMORY_ANSWERS_MAX)
        return NULL;
    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        if (range->first == 0 && range->last == UINT64_MAX)
            return NULL; /* a BIOS cannot tell 2^64 bytes in one answer */
        told.e820[index] = (struct boot_e820_answer){ .base = range->first,
                                                      .length = range->last - range->first + 1,
                                                      .type = types[range->type],
                                                      .returned_eax = E820_SIGNATURE,
                                                      .returned_bytes = E820_BYTES };
    }
    struct memory_map other = other_map(AMPLE);
    if (memory_judge_answers(&told, &other) != BOOT_OK || !same_map(map, &other))
        return "judging the result again gives the result";
    return NULL;
}

/* Too small a table: some ranges are missing, none is wrong. */
static const char *check_capacity(const struct memory_answers *answers,
                                  const struct memory_map *map, uint32_t capacity)
{
    struct memory_map other = other_map(capacity);
    other.ranges = &other_ranges[AMPLE - capacity]; /* the sanitizer guards the table's end */
    const enum boot_status status = memory_judge_answers(answers, &other);
    if (status != BOOT_OK)
        return capacity < map->count && other.count == 0 ? NULL : "a map that fits is made";
    if (check_shape(&other) != NULL)
        return "a cut map has the shape of a map";
    if (other.count != (capacity < map->count ? capacity : map->count))
        return "a table is filled before anything is left out";
    uint32_t at = 0;
    for (uint32_t index = 0; index < other.count; index++) {
        while (at < map->count && map->ranges[at].first < other.ranges[index].first)
            at++;
        if (at == map->count ||
            memcmp(&map->ranges[at], &other.ranges[index], sizeof(other.ranges[0])) != 0)
            return "a cut map has only ranges of the whole one";
    }
    return NULL;
}

/* Is all of a range usable in the map? Ranges are merged, so one range must hold it. */
static bool is_usable_in(const struct memory_map *map, const struct boot_memory_range *range)
{
    for (uint32_t index = 0; index < map->count; index++) {
        if (map->ranges[index].first <= range->first && map->ranges[index].last >= range->last)
            return map->ranges[index].type == BOOT_MEMORY_USABLE;
    }
    return false;
}

/* One more reserved range takes RAM away, or does nothing; it never makes any. */
static const char *check_more_reserved(const struct memory_answers *answers,
                                       const struct memory_map *map, uint64_t seed)
{
    struct random random = { .state = seed };
    struct memory_answers more = *answers;
    if (more.e820_count == 0 || more.e820_count >= MEMORY_ANSWERS_MAX)
        return NULL;
    struct boot_e820_answer *const extra = &more.e820[more.e820_count];
    *extra = more.e820[random_below(&random, more.e820_count)];
    more.e820_count++;
    extra->base += random_below(&random, 2 * PAGE_BYTES) - PAGE_BYTES;
    extra->type = E820_TYPE_RESERVED;
    struct memory_map other = other_map(AMPLE);
    if (memory_judge_answers(&more, &other) != BOOT_OK)
        return NULL;
    for (uint32_t index = 0; index < other.count; index++) {
        const struct boot_memory_range *const range = &other.ranges[index];
        if (range->type == BOOT_MEMORY_USABLE && !is_usable_in(map, range))
            return "one more reserved range makes no RAM";
    }
    return NULL;
}

/* No map: then no page above 1 MiB may be all RAM. */
static const char *check_refusal(const struct memory_answers *answers, const struct memory_map *map)
{
    if (map->count != 0)
        return "a refusal leaves the count alone";
    for (uint32_t index = 0; index < answers->e820_count; index++) {
        const uint64_t base = answers->e820[index].base;
        const uint64_t page = (base + PAGE_MASK) & ~PAGE_MASK;
        uint64_t edges[EDGES_MAX];
        if (page < ONE_MIB)
            continue;
        const uint32_t count = page_edges(answers, page, edges);
        bool all_ram = true;
        for (uint32_t edge = 0; edge < count; edge++)
            all_ram = all_ram && e820_says(answers, edges[edge]) == BOOT_MEMORY_USABLE;
        if (all_ram)
            return "RAM above 1 MiB is not refused";
    }
    return NULL;
}

const char *e820_oracle_check(const struct memory_answers *answers, uint32_t capacity,
                              uint64_t seed)
{
    static struct boot_memory_range ranges[AMPLE];
    memset(ranges, 0xAA, sizeof(ranges));
    struct memory_map map = { .ranges = ranges, .count = 0, .capacity = AMPLE };
    if (memory_judge_answers(answers, &map) != BOOT_OK)
        return check_refusal(answers, &map);

    const char *wrong = check_shape(&map);
    if (wrong == NULL)
        wrong = check_pages(answers, &map);
    if (wrong == NULL)
        wrong = check_order(answers, &map, seed);
    if (wrong == NULL)
        wrong = check_again(answers, &map);
    if (wrong == NULL)
        wrong = check_capacity(answers, &map, capacity);
    if (wrong == NULL)
        wrong = check_more_reserved(answers, &map, seed);
    return wrong;
}

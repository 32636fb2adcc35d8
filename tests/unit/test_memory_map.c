/* SPDX-License-Identifier: MIT
 *
 * The range set: cases by hand, then random marks against a model that keeps
 * one type for each page of two small windows, one at either end of the address space.
 */
#include <string.h>

#include "hw/paging.h"
#include "kernel/core/memory_map.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define CAPACITY     64
#define MODEL_PAGES  48 /* of each window */
#define ROUNDS       300
#define MARKS        60
#define TOP_FIRST    (0 - (uint64_t)MODEL_PAGES * PAGE_BYTES)
#define TYPE_UNKNOWN 0

static struct boot_memory_range table[CAPACITY];

static struct memory_map empty_map(uint32_t capacity)
{
    memset(table, 0xAA, sizeof(table));
    return (struct memory_map){ .ranges = table, .count = 0, .capacity = capacity };
}

static enum boot_status mark(struct memory_map *map, uint64_t first, uint64_t last,
                             enum boot_memory_type type)
{
    return memory_map_mark(map, (struct phys_range){ .first = first, .last = last }, type);
}

static void assert_range(const struct memory_map *map, uint32_t index, uint64_t first,
                         uint64_t last, enum boot_memory_type type)
{
    assert_true(index < map->count);
    assert_int_equal(map->ranges[index].first, first);
    assert_int_equal(map->ranges[index].last, last);
    assert_int_equal(map->ranges[index].type, type);
    assert_int_equal(map->ranges[index].reserved, 0);
}

static void usable_rounds_inward_all_else_outward(void **state)
{
    (void)state;
    struct memory_map map = empty_map(CAPACITY);
    assert_int_equal(mark(&map, 0x1001, 0x3FFE, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(map.count, 1);
    assert_range(&map, 0, 0x2000, 0x2FFF, BOOT_MEMORY_USABLE);
    assert_int_equal(mark(&map, 0x6FFF, 0x7000, BOOT_MEMORY_RESERVED), BOOT_OK);
    assert_range(&map, 1, 0x6000, 0x7FFF, BOOT_MEMORY_RESERVED);

    /* No whole page inside: nothing happens. */
    assert_int_equal(mark(&map, 0x9001, 0xAFFE, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, 0, 0xFFE, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, UINT64_MAX - 5, UINT64_MAX, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, 0x9801, 0x9800, BOOT_MEMORY_RESERVED), BOOT_OK); /* backwards */
    assert_int_equal(map.count, 2);
}

static void marking_splits_merges_and_replaces(void **state)
{
    (void)state;
    struct memory_map map = empty_map(CAPACITY);
    assert_int_equal(mark(&map, 0x10000, 0x1FFFF, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, 0x14000, 0x15FFF, BOOT_MEMORY_KERNEL), BOOT_OK);
    assert_int_equal(map.count, 3);
    assert_range(&map, 0, 0x10000, 0x13FFF, BOOT_MEMORY_USABLE);
    assert_range(&map, 1, 0x14000, 0x15FFF, BOOT_MEMORY_KERNEL);
    assert_range(&map, 2, 0x16000, 0x1FFFF, BOOT_MEMORY_USABLE);

    assert_int_equal(mark(&map, 0x16000, 0x16FFF, BOOT_MEMORY_KERNEL), BOOT_OK);
    assert_range(&map, 1, 0x14000, 0x16FFF, BOOT_MEMORY_KERNEL);
    assert_int_equal(mark(&map, 0x13000, 0x13FFF, BOOT_MEMORY_KERNEL), BOOT_OK);
    assert_range(&map, 1, 0x13000, 0x16FFF, BOOT_MEMORY_KERNEL);
    assert_int_equal(map.count, 3);

    assert_int_equal(mark(&map, 0x13000, 0x16FFF, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(map.count, 1);
    assert_range(&map, 0, 0x10000, 0x1FFFF, BOOT_MEMORY_USABLE);
}

static void a_full_table_refuses_and_is_unchanged(void **state)
{
    (void)state;
    struct memory_map map = empty_map(2);
    assert_int_equal(mark(&map, 0x10000, 0x1FFFF, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, 0x14000, 0x14FFF, BOOT_MEMORY_KERNEL), BOOT_E_NO_ROOM);
    assert_int_equal(map.count, 1);
    assert_range(&map, 0, 0x10000, 0x1FFFF, BOOT_MEMORY_USABLE);
    assert_int_equal(mark(&map, 0x10000, 0x10FFF, BOOT_MEMORY_KERNEL), BOOT_OK);
    assert_int_equal(mark(&map, 0x30000, 0x30FFF, BOOT_MEMORY_KERNEL), BOOT_E_NO_ROOM);
    assert_int_equal(mark(&map, 0x11000, 0x11FFF, BOOT_MEMORY_KERNEL), BOOT_OK);
    assert_range(&map, 0, 0x10000, 0x11FFF, BOOT_MEMORY_KERNEL);
    assert_range(&map, 1, 0x12000, 0x1FFFF, BOOT_MEMORY_USABLE);

    struct memory_map none = empty_map(0);
    assert_int_equal(mark(&none, 0, 0xFFF, BOOT_MEMORY_USABLE), BOOT_E_NO_ROOM);
}

static void finding_is_lowest_and_exact(void **state)
{
    (void)state;
    struct memory_map map = empty_map(CAPACITY);
    struct phys_range where = { .first = 7, .last = 7 };
    const struct phys_range all = { .first = 0, .last = UINT64_MAX };
    assert_int_equal(mark(&map, 0x1000, 0x2FFF, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, 0x5000, 0x20FFFF, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_int_equal(mark(&map, TOP_FIRST, UINT64_MAX, BOOT_MEMORY_USABLE), BOOT_OK);

    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 0x2000, 1, &where));
    assert_int_equal(where.first, 0x1000);
    assert_int_equal(where.last, 0x2FFF);
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 0x2001, 0x1000, &where));
    assert_int_equal(where.first, 0x5000);
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 0x1000, 0x200000, &where));
    assert_int_equal(where.first, 0x200000);
    const struct phys_range window = { .first = 0x1800, .last = 0x57FF };
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, window, 0x1000, 1, &where));
    assert_int_equal(where.first, 0x1800);
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, window, 0x1000, 0x1000, &where));
    assert_int_equal(where.first, 0x2000);

    /* The last byte of the address space can be had; one more cannot. */
    const uint64_t top_bytes = (uint64_t)MODEL_PAGES * PAGE_BYTES;
    const struct phys_range top = { .first = TOP_FIRST, .last = UINT64_MAX };
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, top, top_bytes, 0x1000, &where));
    assert_int_equal(where.last, UINT64_MAX);

    where = (struct phys_range){ .first = 7, .last = 7 };
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, top, top_bytes + 1, 1, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, top, 1, 1ULL << 63, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, UINT64_MAX, 1, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_KERNEL, all, 1, 1, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, window, 0x1800, 0x1000, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 0, 1, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 1, 0, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 1, 3, &where));
    const struct phys_range backwards = { .first = 0x2000, .last = 0x1000 };
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, backwards, 1, 1, &where));
    assert_int_equal(where.first, 7);
    assert_int_equal(where.last, 7);
}

static void the_whole_address_space_is_a_range(void **state)
{
    (void)state;
    struct memory_map map = empty_map(CAPACITY);
    enum boot_memory_type type = BOOT_MEMORY_BAD;
    assert_false(memory_map_type_at(&map, 0, &type));
    assert_int_equal(memory_map_total(&map, BOOT_MEMORY_USABLE), 0);
    assert_int_equal(mark(&map, 0, UINT64_MAX, BOOT_MEMORY_USABLE), BOOT_OK);
    assert_range(&map, 0, 0, UINT64_MAX, BOOT_MEMORY_USABLE);
    assert_int_equal(memory_map_total(&map, BOOT_MEMORY_USABLE), UINT64_MAX);
    const struct phys_range all = { .first = 0, .last = UINT64_MAX };
    struct phys_range where;
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 0, 1, &where));
    assert_false(memory_map_find(&map, BOOT_MEMORY_USABLE, all, 1, 0, &where));
    assert_true(memory_map_find(&map, BOOT_MEMORY_USABLE, all, UINT64_MAX, 1, &where));
    assert_int_equal(where.last, UINT64_MAX - 1);
    assert_true(memory_map_type_at(&map, UINT64_MAX, &type));
    assert_int_equal(type, BOOT_MEMORY_USABLE);
    assert_int_equal(mark(&map, UINT64_MAX, UINT64_MAX, BOOT_MEMORY_BAD), BOOT_OK);
    assert_int_equal(memory_map_total(&map, BOOT_MEMORY_USABLE), 0 - (uint64_t)PAGE_BYTES);
    assert_int_equal(memory_map_total(&map, BOOT_MEMORY_BAD), PAGE_BYTES);
}

/* The model: page p of a window has types[window][p]. */
static uint32_t model[2][MODEL_PAGES];
static const uint64_t bases[2] = { 0, TOP_FIRST };

static void model_mark(unsigned window, uint64_t first, uint64_t last, uint32_t type)
{
    for (uint64_t page = 0; page < MODEL_PAGES; page++) {
        const uint64_t page_first = page * PAGE_BYTES;
        const uint64_t page_last = page_first + PAGE_BYTES - 1;
        const bool inside = first <= page_first && last >= page_last;
        const bool touched = first <= page_last && last >= page_first;
        if (type == BOOT_MEMORY_USABLE ? inside : touched)
            model[window][page] = type;
    }
}

static void check_against_model(const struct memory_map *map)
{
    uint64_t totals[BOOT_MEMORY_BAD + 1] = { 0 };
    for (unsigned window = 0; window < 2; window++) {
        for (uint64_t page = 0; page < MODEL_PAGES; page++) {
            enum boot_memory_type type = TYPE_UNKNOWN;
            const uint64_t phys = bases[window] + page * PAGE_BYTES;
            assert_int_equal(memory_map_type_at(map, phys, &type), model[window][page] != 0);
            assert_int_equal(type, model[window][page]);
            totals[model[window][page]] += PAGE_BYTES;
        }
    }
    for (unsigned type = BOOT_MEMORY_USABLE; type <= BOOT_MEMORY_BAD; type++)
        assert_int_equal(memory_map_total(map, (enum boot_memory_type)type), totals[type]);

    for (uint32_t index = 0; index < map->count; index++) {
        const struct boot_memory_range *const range = &map->ranges[index];
        assert_true(range->first <= range->last);
        assert_int_equal(range->first % PAGE_BYTES, 0);
        assert_int_equal((range->last + 1) % PAGE_BYTES, 0);
        if (index == 0)
            continue;
        const struct boot_memory_range *const before = range - 1;
        assert_true(before->last < range->first);
        assert_false(before->last + 1 == range->first && before->type == range->type);
    }
}

static void random_marks_agree_with_the_model(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    unsigned refusals = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct memory_map map = empty_map(1 + (uint32_t)random_below(&random, CAPACITY));
        memset(model, 0, sizeof(model));
        for (unsigned count = 0; count < MARKS; count++) {
            const unsigned window = (unsigned)random_below(&random, 2);
            const uint64_t bytes = MODEL_PAGES * PAGE_BYTES;
            const uint64_t first = random_below(&random, bytes);
            uint64_t last = first + random_below(&random, (bytes - first + 7) / 8);
            const enum boot_memory_type type = 1 + (enum boot_memory_type)random_below(&random, 8);
            struct boot_memory_range before[CAPACITY];
            const uint32_t count_before = map.count;
            memcpy(before, table, sizeof(before));

            const enum boot_status status =
                mark(&map, bases[window] + first, bases[window] + last, type);
            if (status == BOOT_OK) {
                model_mark(window, first, last, type);
            } else {
                refusals++;
                assert_int_equal(status, BOOT_E_NO_ROOM);
                assert_int_equal(map.count, count_before);
                assert_memory_equal(before, table, sizeof(before));
            }
            assert_true(map.count <= map.capacity);
            check_against_model(&map);
        }
    }
    assert_true(refusals > ROUNDS); /* the edge was met, often */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usable_rounds_inward_all_else_outward),
        cmocka_unit_test(marking_splits_merges_and_replaces),
        cmocka_unit_test(a_full_table_refuses_and_is_unchanged),
        cmocka_unit_test(finding_is_lowest_and_exact),
        cmocka_unit_test(the_whole_address_space_is_a_range),
        cmocka_unit_test(random_marks_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

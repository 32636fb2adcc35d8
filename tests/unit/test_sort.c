/* SPDX-License-Identifier: MIT
 *
 * Sorting against libc's qsort: random arrays of every small size, of elements
 * of several lengths, with many equal ones; and its cost at the worst.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/core/sort.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define COUNT_LAST 70
#define BYTES_LAST 24
#define ROUNDS     40
#define LARGE      100000
#define LOG_LARGE  17 /* rounded up */

/* What the callback is told and what it has counted. */
struct order {
    size_t bytes;
    uint64_t calls;
};

static int compare_bytes(const void *left, const void *right, void *context)
{
    struct order *const order = context;
    order->calls++;
    return memcmp(left, right, order->bytes);
}

static size_t libc_bytes; /* qsort tells its callback nothing */

static int compare_for_libc(const void *left, const void *right)
{
    return memcmp(left, right, libc_bytes);
}

/* Whole elements are compared, so equal ones are the same and any order of them is right. */
static void arrays_are_sorted_as_qsort_does(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (size_t count = 0; count <= COUNT_LAST; count++) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            struct order order = { .bytes = 1 + random_below(&random, BYTES_LAST) };
            const size_t bytes = count * order.bytes;
            uint8_t *const ours = malloc(bytes + 1);
            uint8_t *const theirs = malloc(bytes + 1);
            assert_non_null(ours);
            assert_non_null(theirs);
            for (size_t place = 0; place < bytes; place++)
                ours[place] = (uint8_t)random_below(&random, round % 2 == 0 ? 2 : 256);
            memcpy(theirs, ours, bytes);
            sort_elements(ours, count, order.bytes, compare_bytes, &order);
            libc_bytes = order.bytes;
            qsort(theirs, count, order.bytes, compare_for_libc);
            assert_memory_equal(ours, theirs, bytes);
            free(ours);
            free(theirs);
        }
    }
}

static int compare_numbers(const void *left, const void *right, void *context)
{
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    ((struct order *)context)->calls++;
    return (a > b) - (a < b);
}

static uint32_t shape_at(unsigned shape, uint32_t place, struct random *random)
{
    switch (shape) {
    case 0:
        return place;
    case 1:
        return LARGE - place;
    case 2:
        return 7;
    case 3: /* up, then down: bad for many a quicksort */
        return place < LARGE / 2 ? place : LARGE - place;
    default:
        return (uint32_t)random_next(random);
    }
}

static void no_shape_costs_more_than_n_log_n(void **state)
{
    (void)state;
    struct random random = { .state = 2 };
    uint32_t *const numbers = malloc(LARGE * sizeof(*numbers));
    assert_non_null(numbers);
    for (unsigned shape = 0; shape <= 4; shape++) {
        struct order order = { .calls = 0 };
        for (uint32_t place = 0; place < LARGE; place++)
            numbers[place] = shape_at(shape, place, &random);
        sort_elements(numbers, LARGE, sizeof(*numbers), compare_numbers, &order);
        for (uint32_t place = 1; place < LARGE; place++)
            assert_true(numbers[place - 1] <= numbers[place]);
        assert_in_range(order.calls, 1, 2ULL * LARGE * LOG_LARGE);
    }
    free(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_sorted_as_qsort_does),
        cmocka_unit_test(no_shape_costs_more_than_n_log_n),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

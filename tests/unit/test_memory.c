/* SPDX-License-Identifier: MIT
 *
 * The memory routines of the core (built with the core_ prefix) against libc's:
 * every small size, alignment and overlap, then large random ones. Linked twice:
 * with the assembly and with the portable C.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define SIZE_LAST      300
#define ALIGNMENTS     8
#define OVERLAP        20
#define GUARD          32
#define ARENA          (2 * GUARD + SIZE_LAST + 2 * OVERLAP + ALIGNMENTS)
#define LARGE          0x20000
#define LARGE_ROUNDS   300
#define DIRECTION_FLAG 0x400U

void *core_memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *core_memmove(void *to, const void *from, size_t bytes);
void *core_memset(void *to, int value, size_t bytes);
int core_memcmp(const void *left, const void *right, size_t bytes);

static void fill_random(uint8_t *bytes, size_t count, uint64_t seed)
{
    struct random random = { .state = seed };
    for (size_t place = 0; place < count; place++)
        bytes[place] = (uint8_t)random_next(&random);
}

static void assert_direction_clear(void)
{
    assert_int_equal(__builtin_ia32_readeflags_u64() & DIRECTION_FLAG, 0);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void memcpy_copies_every_size_and_alignment(void **state)
{
    (void)state;
    uint8_t from[ARENA], ours[ARENA], theirs[ARENA];
    fill_random(from, ARENA, 1);
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (unsigned place = 0; place < ALIGNMENTS * ALIGNMENTS; place++) {
            const size_t to = GUARD + place % ALIGNMENTS;
            const size_t at = GUARD + place / ALIGNMENTS;
            memset(ours, 0x55, ARENA);
            memset(theirs, 0x55, ARENA);
            assert_ptr_equal(core_memcpy(ours + to, from + at, size), ours + to);
            memcpy(theirs + to, from + at, size);
            assert_memory_equal(ours, theirs, ARENA);
        }
    }
}

static void memmove_copies_every_overlap(void **state)
{
    (void)state;
    uint8_t filled[ARENA], ours[ARENA], theirs[ARENA];
    fill_random(filled, ARENA, 2);
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t place = 0; place < (2 * OVERLAP + 1) * ALIGNMENTS; place++) {
            const size_t at = GUARD + OVERLAP + place % ALIGNMENTS;
            const size_t to = GUARD + place / ALIGNMENTS + place % ALIGNMENTS;
            memcpy(ours, filled, ARENA);
            memcpy(theirs, filled, ARENA);
            assert_ptr_equal(core_memmove(ours + to, ours + at, size), ours + to);
            assert_direction_clear();
            memmove(theirs + to, theirs + at, size);
            assert_memory_equal(ours, theirs, ARENA);
        }
    }
}

static void memset_fills_every_size_and_alignment(void **state)
{
    (void)state;
    uint8_t ours[ARENA], theirs[ARENA];
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t place = 0; place < ALIGNMENTS; place++) {
            const int value = (int)(size * 7 + place) - 300; /* only the low byte counts */
            fill_random(ours, ARENA, size);
            memcpy(theirs, ours, ARENA);
            assert_ptr_equal(core_memset(ours + GUARD + place, value, size), ours + GUARD + place);
            memset(theirs + GUARD + place, value, size);
            assert_memory_equal(ours, theirs, ARENA);
        }
    }
}

static void memcmp_finds_the_first_difference(void **state)
{
    (void)state;
    uint8_t left[ARENA], right[ARENA];
    fill_random(left, ARENA, 3);
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        const size_t at = size % ALIGNMENTS;
        memcpy(right, left, ARENA);
        assert_int_equal(core_memcmp(left + at, right + at, size), 0);
        right[at + size] ^= 0xFF; /* behind the end: must not count */
        assert_int_equal(core_memcmp(left + at, right + at, size), 0);
        for (size_t place = 0; place < size; place++) {
            memcpy(right, left, ARENA);
            right[at + place] ^= 0x80;
            if (place + 1 < size) /* a later difference the other way must not decide */
                right[at + size - 1] = (uint8_t)~right[at + size - 1];
            assert_int_equal(sign(core_memcmp(left + at, right + at, size)),
                             sign(memcmp(left + at, right + at, size)));
        }
    }
}

static void large_copies_agree_with_libc(void **state)
{
    (void)state;
    uint8_t *const ours = malloc(LARGE);
    uint8_t *const theirs = malloc(LARGE);
    assert_non_null(ours);
    assert_non_null(theirs);
    fill_random(ours, LARGE, 4);
    memcpy(theirs, ours, LARGE);
    struct random random = { .state = 5 };
    for (unsigned round = 0; round < LARGE_ROUNDS; round++) {
        const size_t size = random_below(&random, LARGE);
        const size_t to = random_below(&random, LARGE - size);
        const size_t at = random_below(&random, LARGE - size);
        core_memmove(ours + to, ours + at, size);
        memmove(theirs + to, theirs + at, size);
        assert_int_equal(memcmp(ours, theirs, LARGE), 0);
        assert_int_equal(core_memcmp(ours, theirs, LARGE), 0);
    }
    free(ours);
    free(theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcpy_copies_every_size_and_alignment),
        cmocka_unit_test(memmove_copies_every_overlap),
        cmocka_unit_test(memset_fills_every_size_and_alignment),
        cmocka_unit_test(memcmp_finds_the_first_difference),
        cmocka_unit_test(large_copies_agree_with_libc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Thousands of random answers, biased to the edges, each held against the
 * oracle of the fuzz target. The cases by hand are in test_memory_judge.c.
 */
#include <string.h>

#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/e820.h"
#include "tests/fuzz/e820_oracle.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ROUNDS          20000
#define FEW_ANSWERS     14
#define MANY_ROUNDS     60
#define CAPACITY_MAX    24
#define WINDOW_BYTES    0x200000ULL
#define NEIGHBOUR_BYTES 0x8000ULL
#define NO_WINDOW       1 /* answers may lie anywhere */

/* Addresses at which real maps change, or break. */
static const uint64_t places[] = {
    0,          0x1000,     0x7FFFF,    0x9F000,    0x9FC00,    0xA0000,       0xE8000,
    0xF0000,    0xFFFFF,    0x100000,   0x101000,   0xF00000,   0x1000000,     0x3FFE0000,
    1ULL << 31, 0xFEC00000, 1ULL << 32, 1ULL << 40, 1ULL << 63, 0 - 0x2000ULL, 0 - 1ULL,
};

/* Half of the maps are spread out, the others crowded, also at either end. */
static const uint64_t windows[] = {
    NO_WINDOW, NO_WINDOW, NO_WINDOW, 0x80000, 1ULL << 32, 0 - WINDOW_BYTES,
};

static uint64_t random_place(struct random *random)
{
    const uint64_t place = places[random_below(random, ARRAY_COUNT(places))];
    switch (random_below(random, 4)) {
    case 0:
        return place;
    case 1:
        return place + random_below(random, 0x4000) - 0x2000;
    case 2:
        return place + (random_below(random, 16) - 8) * 0x800;
    default:
        return random_next(random) >> random_below(random, 64);
    }
}

/* A short range in a window of a few hundred pages, where many ranges meet. */
static void random_neighbour(struct random *random, uint64_t window,
                             struct boot_e820_answer *answer)
{
    answer->base = window + random_below(random, WINDOW_BYTES - NEIGHBOUR_BYTES);
    answer->length = random_below(random, NEIGHBOUR_BYTES);
    if (random_below(random, 2) != 0) {
        answer->base &= ~0x7FFULL; /* pages, and halves of pages */
        answer->length &= ~0x7FFULL;
    }
}

static void random_answer(struct random *random, uint64_t window, struct boot_e820_answer *answer)
{
    static const uint32_t types[] = { 1, 1, 1, 1, 2, 2, 3, 4, 5, 0, 7, 12, 13, 2954887168U };
    const uint64_t other = random_place(random);
    *answer = (struct boot_e820_answer){ .base = random_place(random),
                                         .type = types[random_below(random, ARRAY_COUNT(types))],
                                         .attributes = 1,
                                         .returned_eax = E820_SIGNATURE,
                                         .returned_bytes = E820_BYTES };
    answer->length = other > answer->base ? other - answer->base : random_below(random, 0x5000);
    if (window != NO_WINDOW)
        random_neighbour(random, window, answer);
    switch (random_below(random, 16)) {
    case 0:
        if (window == NO_WINDOW)
            answer->length = other; /* may well wrap */
        break;
    case 1:
        answer->length = 0;
        break;
    case 2:
        answer->returned_bytes = E820_BYTES_EXTENDED;
        answer->attributes = (uint32_t)random_below(random, 16);
        break;
    case 3:
        answer->returned_bytes = (uint32_t)random_below(random, 26);
        answer->attributes = (uint32_t)random_next(random);
        break;
    case 4:
        answer->flags = RFLAGS_CF;
        break;
    default:
        break;
    }
}

static void random_older_answers(struct random *random, struct memory_answers *answers)
{
    static const uint16_t kib[] = { 0, 1, 0x3BFF, 0x3C00, 0x3C01, 0x8600, 0xFFFF, 0x0400 };
    static const uint16_t units[] = { 0, 1, 0x100, 0x7F00, 0xFDC0, 0xFEBF, 0xFF00, 0xFFFF };
    static const uint16_t low_kib[] = { 0, 64, 127, 128, 512, 638, 639, 640, 641, 0xFFFF };
    static const uint16_t segments[] = { 0, 0x40, 0x2000, 0x8000, 0x9F80, 0x9FC0, 0xA000, 0xF000 };
    answers->e801_ax = kib[random_below(random, ARRAY_COUNT(kib))];
    answers->e801_bx = units[random_below(random, ARRAY_COUNT(units))];
    answers->e801_cx = kib[random_below(random, ARRAY_COUNT(kib))];
    answers->e801_dx = units[random_below(random, ARRAY_COUNT(units))];
    answers->e801_flags = (uint16_t)random_below(random, 2);
    answers->int88_ax = kib[random_below(random, ARRAY_COUNT(kib))];
    answers->int88_flags = (uint16_t)random_below(random, 2);
    answers->int12_ax = low_kib[random_below(random, ARRAY_COUNT(low_kib))];
    answers->ebda_segment = segments[random_below(random, ARRAY_COUNT(segments))];
}

static void random_answers(struct random *random, uint32_t count, struct memory_answers *answers)
{
    memset(answers, 0, sizeof(*answers));
    answers->e820_end = BOOT_E820_END_ZERO;
    answers->e820_count = count;
    const uint64_t window = windows[random_below(random, ARRAY_COUNT(windows))];
    for (uint32_t index = 0; index < count; index++)
        random_answer(random, window, &answers->e820[index]);
    random_older_answers(random, answers);
    if (random_below(random, 32) == 0)
        answers->e820_end = 1 + (uint32_t)random_below(random, BOOT_E820_END_UNSUPPORTED);
    if (count != 0 && random_below(random, 32) == 0)
        answers->e820[random_below(random, count)].returned_eax = 0;
}

static void check(uint32_t count, uint64_t seed)
{
    struct random random = { .state = seed };
    struct memory_answers answers;
    random_answers(&random, count, &answers);
    const uint32_t capacity = (uint32_t)random_below(&random, CAPACITY_MAX);
    const char *const wrong = e820_oracle_check(&answers, capacity, seed);
    if (wrong != NULL)
        fail_msg("seed %u, %u answers: not true that %s", (unsigned)seed, count, wrong);
}

static void few_answers_are_judged_right(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++)
        check((uint32_t)(seed % (FEW_ANSWERS + 1)), seed);
}

static void a_full_list_is_judged_right(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < MANY_ROUNDS; seed++)
        check(MEMORY_ANSWERS_MAX - (uint32_t)(seed % 2) - (uint32_t)(seed % 3) * 90, seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_answers_are_judged_right),
        cmocka_unit_test(a_full_list_is_judged_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

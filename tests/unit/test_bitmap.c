/* SPDX-License-Identifier: MIT
 *
 * Bitmaps against an array of truths, over random sequences of every verb.
 */
#include <stdbool.h>
#include <string.h>

#include "kernel/core/bitmap.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define BITS_MAX 300
#define MAPS     200
#define STEPS    300

/* The bitmap and what it should say. */
struct pair {
    struct bitmap bitmap;
    uint64_t words[BITMAP_WORDS(BITS_MAX)];
    bool model[BITS_MAX];
};

static size_t model_find(const struct pair *pair, size_t from, size_t count, bool value)
{
    size_t length = 0;
    for (size_t bit = from; bit < pair->bitmap.bits; bit++) {
        length = pair->model[bit] == value ? length + 1 : 0;
        if (length == count)
            return bit + 1 - count;
    }
    return pair->bitmap.bits;
}

static void change(struct pair *pair, struct random *random)
{
    const size_t first = random_below(random, pair->bitmap.bits);
    const size_t count = random_below(random, pair->bitmap.bits - first + 1);
    const bool value = random_below(random, 2) != 0;
    if (random_below(random, 2) != 0) {
        pair->model[first] = value;
        (value ? bitmap_set : bitmap_clear)(&pair->bitmap, first);
        return;
    }
    for (size_t bit = first; bit < first + count; bit++)
        pair->model[bit] = value;
    (value ? bitmap_set_run : bitmap_clear_run)(&pair->bitmap, first, count);
}

static void compare(const struct pair *pair, struct random *random)
{
    const size_t bits = pair->bitmap.bits;
    size_t set = 0;
    for (size_t bit = 0; bit < bits; bit++) {
        assert_int_equal(bitmap_test(&pair->bitmap, bit), pair->model[bit]);
        set += pair->model[bit] ? 1 : 0;
    }
    assert_int_equal(bitmap_count_set(&pair->bitmap), set);
    const size_t from = random_below(random, bits + 1);
    const size_t count = 1 + random_below(random, random_below(random, 2) != 0 ? 4 : bits);
    assert_int_equal(bitmap_find_set(&pair->bitmap, from), model_find(pair, from, 1, true));
    assert_int_equal(bitmap_find_clear(&pair->bitmap, from), model_find(pair, from, 1, false));
    assert_int_equal(bitmap_find_clear_run(&pair->bitmap, from, count),
                     model_find(pair, from, count, false));
}

static void random_sequences_agree_with_the_model(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (unsigned map = 0; map < MAPS; map++) {
        static struct pair pair;
        memset(pair.model, 0, sizeof(pair.model));
        memset(pair.words, 0xFF, sizeof(pair.words));
        bitmap_begin(&pair.bitmap, pair.words, 1 + random_below(&random, BITS_MAX));
        for (unsigned step = 0; step < STEPS; step++) {
            change(&pair, &random);
            compare(&pair, &random);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Bitmaps, in whatever world this runs.
 */
#include "kernel/core/bitmap.h"
#include "kernel/proof/suites.h"

#define BITS 150 /* two words and a piece of the third */

static void begins_clear(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)] = { UINT64_MAX, UINT64_MAX, UINT64_MAX };
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    CLAIM_EQUAL(bitmap_count_set(&bitmap), 0);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, 0), BITS);
    CLAIM_EQUAL(bitmap_find_clear(&bitmap, 0), 0);
}

static void single_bits(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)];
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    static const uint8_t chosen[] = { 0, 63, 64, 127, 128, BITS - 1 };
    for (size_t i = 0; i < ARRAY_COUNT(chosen); i++)
        bitmap_set(&bitmap, chosen[i]);
    CLAIM_EQUAL(bitmap_count_set(&bitmap), ARRAY_COUNT(chosen));
    for (size_t i = 0; i < ARRAY_COUNT(chosen); i++)
        CLAIM(bitmap_test(&bitmap, chosen[i]));
    CLAIM(!bitmap_test(&bitmap, 1) && !bitmap_test(&bitmap, 65));
    bitmap_clear(&bitmap, 64);
    CLAIM(!bitmap_test(&bitmap, 64) && bitmap_test(&bitmap, 63));
}

static void finds_over_words(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)];
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    bitmap_set(&bitmap, 5);
    bitmap_set(&bitmap, 130);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, 0), 5);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, 5), 5);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, 6), 130);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, 131), BITS);
    CLAIM_EQUAL(bitmap_find_set(&bitmap, BITS), BITS);
    bitmap_set_run(&bitmap, 0, 129);
    CLAIM_EQUAL(bitmap_find_clear(&bitmap, 0), 129);
}

static void full_has_no_clear_bit(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)];
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    bitmap_set_run(&bitmap, 0, BITS);
    CLAIM_EQUAL(bitmap_find_clear(&bitmap, 0), BITS);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 0, 1), BITS);
    CLAIM_EQUAL(bitmap_count_set(&bitmap), BITS);
}

static void runs(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)];
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    bitmap_set_run(&bitmap, 60, 80);
    CLAIM_EQUAL(words[0], 0xF000000000000000);
    CLAIM_EQUAL(words[1], UINT64_MAX);
    CLAIM_EQUAL(words[2], 0xFFF);
    bitmap_clear_run(&bitmap, 64, 64);
    CLAIM_EQUAL(words[0], 0xF000000000000000);
    CLAIM_EQUAL(words[1], 0);
    CLAIM_EQUAL(words[2], 0xFFF);
    bitmap_set_run(&bitmap, 70, 0);
    CLAIM_EQUAL(words[1], 0);
}

static void clear_runs_are_found(struct claims *claims)
{
    uint64_t words[BITMAP_WORDS(BITS)];
    struct bitmap bitmap;
    bitmap_begin(&bitmap, words, BITS);
    bitmap_set(&bitmap, 3);
    bitmap_set(&bitmap, 10);
    bitmap_set(&bitmap, 140);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 0, 3), 0);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 0, 6), 4);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 0, 129), 11);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 0, 130), BITS);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 5, 6), 11);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 140, 9), 141);
    CLAIM_EQUAL(bitmap_find_clear_run(&bitmap, 140, 10), BITS);
}

static const struct proof_test tests[] = {
    { "bitmap.begins-clear", begins_clear },
    { "bitmap.single-bits", single_bits },
    { "bitmap.finds-over-words", finds_over_words },
    { "bitmap.full-has-no-clear-bit", full_has_no_clear_bit },
    { "bitmap.runs", runs },
    { "bitmap.clear-runs-are-found", clear_runs_are_found },
};
const struct proof_suite proof_bitmap = { tests, ARRAY_COUNT(tests) };

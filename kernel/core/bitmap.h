/* SPDX-License-Identifier: MIT
 *
 * Numbered bits in words that the caller owns: which of many equal things are
 * taken. Searches go by words. A bit given to these must be below `bits`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITMAP_WORD_BITS   64
#define BITMAP_WORDS(bits) (((bits) + BITMAP_WORD_BITS - 1) / BITMAP_WORD_BITS)

/* The bits of the last word behind `bits` are clear, always. */
struct bitmap {
    uint64_t *words; /* BITMAP_WORDS(bits) of them */
    size_t bits;
};

/* All bits clear. */
void bitmap_begin(struct bitmap *bitmap, uint64_t *words, size_t bits);

bool bitmap_test(const struct bitmap *bitmap, size_t bit);
void bitmap_set(struct bitmap *bitmap, size_t bit);
void bitmap_clear(struct bitmap *bitmap, size_t bit);

/* The `count` bits from `first` on, all of them inside. */
void bitmap_set_run(struct bitmap *bitmap, size_t first, size_t count);
void bitmap_clear_run(struct bitmap *bitmap, size_t first, size_t count);

/* The first such bit at or above `from`; bitmap->bits when there is none. */
size_t bitmap_find_set(const struct bitmap *bitmap, size_t from);
size_t bitmap_find_clear(const struct bitmap *bitmap, size_t from);

/* The first bit at or above `from` where `count` (not 0) clear ones begin; bitmap->bits for none. */
size_t bitmap_find_clear_run(const struct bitmap *bitmap, size_t from, size_t count);

size_t bitmap_count_set(const struct bitmap *bitmap);

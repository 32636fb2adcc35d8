/* SPDX-License-Identifier: MIT
 *
 * Bits by number. A search looks at one word at a time and asks the CPU for the
 * lowest set bit in it; a search for a clear bit is the same over inverted words.
 */
#include "kernel/core/bitmap.h"

#define ALL_BITS UINT64_MAX

static uint64_t bit_mask(size_t bit)
{
    return (uint64_t)1 << bit % BITMAP_WORD_BITS;
}

void bitmap_begin(struct bitmap *bitmap, uint64_t *words, size_t bits)
{
    *bitmap = (struct bitmap){ .words = words, .bits = bits };
    for (size_t word = 0; word < BITMAP_WORDS(bits); word++)
        words[word] = 0;
}

bool bitmap_test(const struct bitmap *bitmap, size_t bit)
{
    return (bitmap->words[bit / BITMAP_WORD_BITS] & bit_mask(bit)) != 0;
}

void bitmap_set(struct bitmap *bitmap, size_t bit)
{
    bitmap->words[bit / BITMAP_WORD_BITS] |= bit_mask(bit);
}

void bitmap_clear(struct bitmap *bitmap, size_t bit)
{
    bitmap->words[bit / BITMAP_WORD_BITS] &= ~bit_mask(bit);
}

/* The bits of a run that lie in the word of its first: at most `count`, at least one. */
static size_t bits_in_word(size_t first, size_t count)
{
    const size_t room = BITMAP_WORD_BITS - first % BITMAP_WORD_BITS;
    return count < room ? count : room;
}

/* `count` bits, 1 to 64, in the place where `first` lies in its word. */
static uint64_t run_mask(size_t first, size_t count)
{
    return ALL_BITS >> (BITMAP_WORD_BITS - count) << first % BITMAP_WORD_BITS;
}

void bitmap_set_run(struct bitmap *bitmap, size_t first, size_t count)
{
    while (count != 0) {
        const size_t here = bits_in_word(first, count);
        bitmap->words[first / BITMAP_WORD_BITS] |= run_mask(first, here);
        first += here;
        count -= here;
    }
}

void bitmap_clear_run(struct bitmap *bitmap, size_t first, size_t count)
{
    while (count != 0) {
        const size_t here = bits_in_word(first, count);
        bitmap->words[first / BITMAP_WORD_BITS] &= ~run_mask(first, here);
        first += here;
        count -= here;
    }
}

/*
 * The first bit from `from` on that is set once its word is changed by `flip`, or
 * bitmap->bits. Behind the end of the last word all bits are clear, and the first
 * of them is bitmap->bits.
 */
static size_t find_flipped(const struct bitmap *bitmap, size_t from, uint64_t flip)
{
    for (size_t bit = from; bit < bitmap->bits; bit += bits_in_word(bit, BITMAP_WORD_BITS)) {
        const uint64_t word = bitmap->words[bit / BITMAP_WORD_BITS] ^ flip;
        const uint64_t wanted = word >> bit % BITMAP_WORD_BITS;
        if (wanted != 0)
            return bit + (size_t)__builtin_ctzll(wanted);
    }
    return bitmap->bits;
}

size_t bitmap_find_set(const struct bitmap *bitmap, size_t from)
{
    return find_flipped(bitmap, from, 0);
}

size_t bitmap_find_clear(const struct bitmap *bitmap, size_t from)
{
    return find_flipped(bitmap, from, ALL_BITS);
}

size_t bitmap_find_clear_run(const struct bitmap *bitmap, size_t from, size_t count)
{
    size_t first = bitmap_find_clear(bitmap, from);
    while (first < bitmap->bits) {
        const size_t end = bitmap_find_set(bitmap, first);
        if (end - first >= count)
            return first;
        first = bitmap_find_clear(bitmap, end);
    }
    return bitmap->bits;
}

size_t bitmap_count_set(const struct bitmap *bitmap)
{
    size_t count = 0;
    for (size_t word = 0; word < BITMAP_WORDS(bitmap->bits); word++)
        count += (size_t)__builtin_popcountll(bitmap->words[word]);
    return count;
}

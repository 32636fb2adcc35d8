/* SPDX-License-Identifier: MIT
 *
 * The four memory functions this world is linked with: memory.asm's, or those of
 * memory_portable.c. Every alignment of both ends within two words, sizes
 * around the word, all overlaps.
 */
#include "base/compiler.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define WORD_BYTES  sizeof(uint64_t)
#define PLACES      (2 * WORD_BYTES)
#define SIZE_LAST   (4 * WORD_BYTES + 3)
#define FIELD_BYTES (PLACES + SIZE_LAST + WORD_BYTES)
#define LARGE_BYTES ((size_t)0x8000)
#define UNTOUCHED   0xEE

/* Bytes that differ from all their neighbours, and from UNTOUCHED. */
static uint8_t pattern(size_t place)
{
    return (uint8_t)(place % 200);
}

static void fill_pattern(uint8_t *bytes, size_t count)
{
    for (size_t place = 0; place < count; place++)
        bytes[place] = pattern(place);
}

static void fill_untouched(uint8_t *bytes, size_t count)
{
    for (size_t place = 0; place < count; place++)
        bytes[place] = UNTOUCHED;
}

/* Are `size` bytes at `to` those of the pattern from `from`, and the rest of the field untouched? */
static bool is_copied(const uint8_t *field, size_t to, size_t from, size_t size)
{
    for (size_t place = 0; place < FIELD_BYTES; place++) {
        const bool inside = place >= to && place < to + size;
        if (field[place] != (inside ? pattern(from + place - to) : UNTOUCHED))
            return false;
    }
    return true;
}

static void copy_alignments(struct claims *claims)
{
    uint8_t from[FIELD_BYTES], to[FIELD_BYTES];
    unsigned wrong = 0;
    fill_pattern(from, FIELD_BYTES);
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t pair = 0; pair < PLACES * PLACES; pair++) {
            const size_t at = pair % PLACES;
            const size_t target = pair / PLACES;
            fill_untouched(to, FIELD_BYTES);
            wrong += memcpy(to + target, from + at, size) == to + target ? 0 : 1;
            wrong += is_copied(to, target, at, size) ? 0 : 1;
        }
    }
    CLAIM_EQUAL(wrong, 0);
}

static void move_overlaps(struct claims *claims)
{
    uint8_t field[FIELD_BYTES];
    unsigned wrong = 0;
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t pair = 0; pair < PLACES * PLACES; pair++) {
            const size_t at = pair % PLACES;
            const size_t target = pair / PLACES;
            fill_pattern(field, FIELD_BYTES);
            wrong += memmove(field + target, field + at, size) == field + target ? 0 : 1;
            for (size_t place = 0; place < FIELD_BYTES; place++) {
                const bool inside = place >= target && place < target + size;
                wrong += field[place] == pattern(inside ? at + place - target : place) ? 0 : 1;
            }
        }
    }
    CLAIM_EQUAL(wrong, 0);
}

static void set_alignments(struct claims *claims)
{
    uint8_t field[FIELD_BYTES];
    unsigned wrong = 0;
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t at = 0; at < PLACES; at++) {
            const int value = 0x1A0 + (int)at; /* of which only the low byte counts */
            fill_untouched(field, FIELD_BYTES);
            wrong += memset(field + at, value, size) == field + at ? 0 : 1;
            for (size_t place = 0; place < FIELD_BYTES; place++) {
                const bool inside = place >= at && place < at + size;
                wrong += field[place] == (inside ? 0xA0 + at : UNTOUCHED) ? 0 : 1;
            }
        }
    }
    CLAIM_EQUAL(wrong, 0);
}

/* One byte differs by its top bit; the byte behind the end differs too, and must not count. */
static void compare_first_difference(struct claims *claims)
{
    uint8_t left[FIELD_BYTES], right[FIELD_BYTES];
    unsigned wrong = 0;
    fill_pattern(left, FIELD_BYTES);
    for (size_t size = 0; size <= SIZE_LAST; size++) {
        for (size_t at = 0; at < WORD_BYTES; at++) {
            fill_pattern(right, FIELD_BYTES);
            right[at + size] ^= 0xFF;
            wrong += memcmp(left + at, right + at, size) == 0 ? 0 : 1;
            for (size_t place = at; place < at + size; place++) {
                right[place] ^= 0x80;
                wrong +=
                    (memcmp(left + at, right + at, size) < 0) == (right[place] >= 0x80) ? 0 : 1;
                wrong += (memcmp(right + at, left + at, size) < 0) == (right[place] < 0x80) ? 0 : 1;
                right[place] ^= 0x80;
            }
        }
    }
    CLAIM_EQUAL(wrong, 0);
}

static void compare_earliest_wins(struct claims *claims)
{
    static const uint8_t left[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 };
    static const uint8_t right[] = { 1, 2, 4, 3, 5, 6, 7, 8, 9, 0 };
    CLAIM(memcmp(left, right, sizeof(left)) < 0);
    CLAIM(memcmp(right, left, sizeof(left)) > 0);
    CLAIM(memcmp(left, right, 2) == 0);
}

static void large_runs(struct claims *claims)
{
    uint8_t *const low = claims->arena;
    uint8_t *const high = low + 2 * LARGE_BYTES;
    fill_pattern(low, LARGE_BYTES);
    memcpy(high, low, LARGE_BYTES);
    CLAIM(memcmp(high, low, LARGE_BYTES) == 0);
    memmove(low + 1, low, LARGE_BYTES); /* upward, then back */
    CLAIM(memcmp(low + 1, high, LARGE_BYTES) == 0);
    memmove(low, low + 1, LARGE_BYTES);
    CLAIM(memcmp(low, high, LARGE_BYTES) == 0);
    memset(low, 0, LARGE_BYTES);
    CLAIM(low[0] == 0 && low[LARGE_BYTES - 1] == 0);
    CLAIM(memcmp(low, low + 1, LARGE_BYTES - 1) == 0);
}

static const struct proof_test tests[] = {
    { "memory.copy-alignments", copy_alignments },
    { "memory.move-overlaps", move_overlaps },
    { "memory.set-alignments", set_alignments },
    { "memory.compare-first-difference", compare_first_difference },
    { "memory.compare-earliest-wins", compare_earliest_wins },
    { "memory.large-runs", large_runs },
};
const struct proof_suite proof_memory = { tests, ARRAY_COUNT(tests) };

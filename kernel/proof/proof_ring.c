/* SPDX-License-Identifier: MIT
 *
 * The ring of bytes, in whatever world this runs. Both ends at once are in
 * tests/unit/test_ring.c.
 */
#include "base/compiler.h"
#include "kernel/core/ring.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define SIZE 8

static void empty(struct claims *claims)
{
    uint8_t storage[SIZE], out[SIZE];
    struct ring ring;
    ring_begin(&ring, storage, SIZE);
    CLAIM_EQUAL(ring_used(&ring), 0);
    CLAIM_EQUAL(ring_room(&ring), SIZE);
    CLAIM_EQUAL(ring_read(&ring, out, SIZE), 0);
}

static void in_order(struct claims *claims)
{
    uint8_t storage[SIZE], out[SIZE];
    struct ring ring;
    ring_begin(&ring, storage, SIZE);
    CLAIM_EQUAL(ring_write(&ring, "abc", 3), 3);
    CLAIM_EQUAL(ring_write(&ring, "de", 2), 2);
    CLAIM_EQUAL(ring_read(&ring, out, 4), 4);
    CLAIM(bytes_equal(out, "abcd", 4));
    CLAIM_EQUAL(ring_read(&ring, out, 4), 1);
    CLAIM_EQUAL(out[0], 'e');
}

static void full(struct claims *claims)
{
    uint8_t storage[SIZE], out[SIZE];
    struct ring ring;
    ring_begin(&ring, storage, SIZE);
    CLAIM_EQUAL(ring_write(&ring, "0123456789", 10), SIZE);
    CLAIM_EQUAL(ring_room(&ring), 0);
    CLAIM_EQUAL(ring_write(&ring, "x", 1), 0);
    CLAIM_EQUAL(ring_read(&ring, out, SIZE), SIZE);
    CLAIM(bytes_equal(out, "01234567", SIZE));
}

static void around_the_end(struct claims *claims)
{
    uint8_t storage[SIZE], out[SIZE];
    struct ring ring;
    ring_begin(&ring, storage, SIZE);
    for (unsigned round = 0; round < 3 * SIZE; round++) {
        CLAIM_EQUAL(ring_write(&ring, "abcde", 5), 5);
        CLAIM_EQUAL(ring_read(&ring, out, SIZE), 5);
        CLAIM(bytes_equal(out, "abcde", 5));
    }
}

static void counters_wrap(struct claims *claims)
{
    uint8_t storage[SIZE], out[SIZE];
    struct ring ring;
    ring_begin(&ring, storage, SIZE);
    ring.written = SIZE_MAX - 2;
    ring.read = SIZE_MAX - 2;
    CLAIM_EQUAL(ring_write(&ring, "abcdefgh", SIZE), SIZE);
    CLAIM_EQUAL(ring_used(&ring), SIZE);
    CLAIM_EQUAL(ring_room(&ring), 0);
    CLAIM_EQUAL(ring_read(&ring, out, SIZE), SIZE);
    CLAIM(bytes_equal(out, "abcdefgh", SIZE));
    CLAIM_EQUAL(ring_used(&ring), 0);
}

static const struct proof_test tests[] = {
    { "ring.empty", empty },
    { "ring.in-order", in_order },
    { "ring.full", full },
    { "ring.around-the-end", around_the_end },
    { "ring.counters-wrap", counters_wrap },
};
const struct proof_suite proof_ring = { tests, ARRAY_COUNT(tests) };

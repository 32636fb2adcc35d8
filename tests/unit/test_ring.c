/* SPDX-License-Identifier: MIT
 *
 * The ring of bytes against counting, then with its two ends on two threads:
 * every byte must come out once, in order.
 */
#include <pthread.h>
#include <stdbool.h>

#include "kernel/core/ring.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define SIZE_MOST  64
#define STEPS      300000
#define BYTES      1000000
#define PIECE_MOST 37

/* The bytes that go through are this sequence, so that one lost or doubled is seen. */
static uint8_t expected(size_t place)
{
    return (uint8_t)(place ^ place >> 8 ^ place >> 16);
}

static size_t write_some(struct ring *ring, size_t place, size_t count)
{
    uint8_t piece[SIZE_MOST + 1];
    for (size_t i = 0; i < count; i++)
        piece[i] = expected(place + i);
    return ring_write(ring, piece, count);
}

static size_t read_some(struct ring *ring, size_t place, size_t count, bool *is_right)
{
    uint8_t piece[SIZE_MOST + 1];
    const size_t given = ring_read(ring, piece, count);
    for (size_t i = 0; i < given; i++)
        *is_right = *is_right && piece[i] == expected(place + i);
    return given;
}

static void random_sequences_agree_with_counting(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (size_t size = 1; size <= SIZE_MOST; size *= 2) {
        uint8_t storage[SIZE_MOST];
        struct ring ring;
        size_t written = 0, read = 0;
        bool is_right = true;
        ring_begin(&ring, storage, size);
        for (unsigned step = 0; step < STEPS / SIZE_MOST; step++) {
            const size_t room = size - (written - read);
            const size_t in = random_below(&random, size + 2);
            assert_int_equal(ring_room(&ring), room);
            assert_int_equal(write_some(&ring, written, in), in < room ? in : room);
            written += in < room ? in : room;
            const size_t used = written - read;
            const size_t out = random_below(&random, size + 2);
            assert_int_equal(ring_used(&ring), used);
            assert_int_equal(read_some(&ring, read, out, &is_right), out < used ? out : used);
            read += out < used ? out : used;
        }
        assert_true(is_right);
    }
}

static void *write_all(void *context)
{
    struct ring *const ring = context;
    struct random random = { .state = 2 };
    for (size_t place = 0; place < BYTES;) {
        const size_t left = BYTES - place;
        const size_t count = 1 + random_below(&random, PIECE_MOST);
        place += write_some(ring, place, count < left ? count : left);
    }
    return NULL;
}

static void two_threads_lose_nothing(void **state)
{
    (void)state;
    static uint8_t storage[SIZE_MOST];
    static struct ring ring;
    pthread_t writer;
    struct random random = { .state = 3 };
    bool is_right = true;
    ring_begin(&ring, storage, SIZE_MOST);
    assert_int_equal(pthread_create(&writer, NULL, write_all, &ring), 0);
    for (size_t place = 0; place < BYTES;)
        place += read_some(&ring, place, 1 + random_below(&random, PIECE_MOST), &is_right);
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_true(is_right);
    assert_int_equal(ring_used(&ring), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_counting),
        cmocka_unit_test(two_threads_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Each side publishes its counter only when the bytes are in their place (or
 * have left it), and looks at the other's counter before it touches any: a
 * release on one side, an acquire on the other.
 */
#include "kernel/core/ring.h"

#include "kernel/core/string.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many bytes from a counter's place to the end of the storage, of `count` at most. */
static size_t until_wrap(const struct ring *ring, size_t counter, size_t count)
{
    return smaller(count, ring->size - (counter & (ring->size - 1)));
}

void ring_begin(struct ring *ring, uint8_t *bytes, size_t size)
{
    ring->bytes = bytes;
    ring->size = size;
    atomic_init(&ring->written, 0);
    atomic_init(&ring->read, 0);
}

size_t ring_write(struct ring *ring, const void *bytes, size_t count)
{
    const size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    const size_t taken = smaller(count, ring_room(ring));
    const size_t first = until_wrap(ring, written, taken);
    memcpy(ring->bytes + (written & (ring->size - 1)), bytes, first);
    memcpy(ring->bytes, (const uint8_t *)bytes + first, taken - first);
    atomic_store_explicit(&ring->written, written + taken, memory_order_release);
    return taken;
}

size_t ring_read(struct ring *ring, void *bytes, size_t count)
{
    const size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    const size_t given = smaller(count, ring_used(ring));
    const size_t first = until_wrap(ring, read, given);
    memcpy(bytes, ring->bytes + (read & (ring->size - 1)), first);
    memcpy((uint8_t *)bytes + first, ring->bytes, given - first);
    atomic_store_explicit(&ring->read, read + given, memory_order_release);
    return given;
}

/* A counter of one side, as the other may use it: what lies behind it is settled. */
static size_t counter_of_other(const atomic_size_t *counter)
{
    return atomic_load_explicit(counter, memory_order_acquire);
}

size_t ring_used(const struct ring *ring)
{
    return counter_of_other(&ring->written) - counter_of_other(&ring->read);
}

size_t ring_room(const struct ring *ring)
{
    return ring->size - ring_used(ring);
}

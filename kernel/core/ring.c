/* SPDX-License-Identifier: MIT
 *
 * Each side publishes its counter only when the bytes are in their place (or
 * have left it), and looks at the other's counter before it touches any: a
 * release on one side, an acquire on the other. By the compiler's own builtins:
 * C17's <stdatomic.h> is not among the headers of a free-standing world.
 */
#include "kernel/core/ring.h"

#include "kernel/core/string.h"

/* Whoever sees the new value also sees the bytes that were moved before. */
static void counter_publish(size_t *counter, size_t value)
{
    __atomic_store_n(counter, value, __ATOMIC_RELEASE);
}

static size_t counter_look(const size_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

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
    *ring = (struct ring){ .bytes = bytes, .size = size, .written = 0, .read = 0 };
}

size_t ring_write(struct ring *ring, const void *bytes, size_t count)
{
    const size_t written = ring->written;
    const size_t taken = smaller(count, ring_room(ring));
    const size_t first = until_wrap(ring, written, taken);
    memcpy(ring->bytes + (written & (ring->size - 1)), bytes, first);
    memcpy(ring->bytes, (const uint8_t *)bytes + first, taken - first);
    counter_publish(&ring->written, written + taken);
    return taken;
}

size_t ring_read(struct ring *ring, void *bytes, size_t count)
{
    const size_t read = ring->read;
    const size_t given = smaller(count, ring_used(ring));
    const size_t first = until_wrap(ring, read, given);
    memcpy(bytes, ring->bytes + (read & (ring->size - 1)), first);
    memcpy((uint8_t *)bytes + first, ring->bytes, given - first);
    counter_publish(&ring->read, read + given);
    return given;
}

size_t ring_used(const struct ring *ring)
{
    return counter_look(&ring->written) - counter_look(&ring->read);
}

size_t ring_room(const struct ring *ring)
{
    return ring->size - ring_used(ring);
}

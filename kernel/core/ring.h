/* SPDX-License-Identifier: MIT
 *
 * A ring of bytes between one writer and one reader, who may run at the same
 * time: an interrupt handler and a thread, or two CPUs. Neither waits; what does
 * not fit is not taken, and the caller is told. The storage is the caller's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The counters only ever grow and may wrap; their difference is what lies in the ring. */
struct ring {
    uint8_t *bytes;
    size_t size;    /* a power of two */
    size_t written; /* only the writer changes it */
    size_t read;    /* only the reader changes it */
};

void ring_begin(struct ring *ring, uint8_t *bytes, size_t size);

/* Writer only. Back: how many of the bytes went in, from the first on. */
size_t ring_write(struct ring *ring, const void *bytes, size_t count);

/* Reader only. Back: how many bytes came out. */
size_t ring_read(struct ring *ring, void *bytes, size_t count);

/* To the reader at least so many lie in it; to the writer, at least so many still fit. */
size_t ring_used(const struct ring *ring);
size_t ring_room(const struct ring *ring);

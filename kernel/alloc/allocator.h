/* SPDX-License-Identifier: MIT
 *
 * What every allocator of this folder looks like from outside, so that one suite
 * of tests and one measurement serve all. None takes a lock, none knows hardware,
 * none keeps anything outside the memory and the struct it is given.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define ALLOCATOR_ALIGNMENT 16 /* the least that a caller may count on when it asks for none */

/*
 * What a free found. A wrong one changes nothing. Which of them an allocator
 * can know hangs on its design; each header says so.
 */
enum allocator_status {
    ALLOCATOR_OK = 0,
    ALLOCATOR_E_FOREIGN, /* no memory of this allocator */
    ALLOCATOR_E_MIDDLE,  /* its memory, but no block starts there */
    ALLOCATOR_E_FREE,    /* the block is free already */
};

/*
 * allocate  at least `bytes` bytes at a multiple of `alignment`, a power of two; NULL when there
 *           is no room; 0 bytes are a block like any other
 * free      give a block back, with what it was asked for; not every allocator needs that
 * held      bytes it keeps from others now: whole pages, or the arena up to its last used byte
 * trim      give back what is only kept for later; NULL: it keeps nothing
 */
struct allocator {
    const char *name;
    void *state;
    void *(*allocate)(void *state, size_t bytes, size_t alignment);
    enum allocator_status (*free)(void *state, void *block, size_t bytes, size_t alignment);
    size_t (*held)(const void *state);
    void (*trim)(void *state);
};

/* count * bytes of zeros, or NULL: no room, or the product does not fit. */
MUST_CHECK void *allocator_allocate_zeroed(const struct allocator *allocator, size_t count,
                                           size_t bytes);

/*
 * A block of new_bytes with the content of one of old_bytes, which is freed; or
 * NULL, and the old one stays. Both have ALLOCATOR_ALIGNMENT.
 */
MUST_CHECK void *allocator_resize(const struct allocator *allocator, void *block, size_t old_bytes,
                                  size_t new_bytes);

/* Bytes from an address up to the next multiple of a power of two. */
size_t allocator_padding(uintptr_t address, size_t alignment);

/* The lowest multiple of a power of two that is at least value; may wrap, see the next. */
size_t allocator_round_up(size_t value, size_t unit);

/* The same; false when the result does not fit. */
MUST_CHECK bool allocator_round_up_checked(size_t value, size_t unit, size_t *rounded);

/* SPDX-License-Identifier: MIT
 *
 * The four routines a C compiler may call by itself, in C: a word at a time
 * where the destination is aligned, bytes before and behind. For worlds that
 * cannot link memory.asm; no byte outside the two runs is read or written. Must
 * be compiled with -fno-builtin, or each loop becomes a call of itself.
 * Spec: ISO C17, section 7.24.
 */
#include "kernel/core/string.h"

#define WORD_BYTES sizeof(size_t)
#define EVERY_BYTE (SIZE_MAX / UINT8_MAX) /* 01h in each byte of a word */

/* A word at any address: the compiler knows whether this machine loads it in one piece. */
struct word {
    size_t value;
} PACKED MAY_ALIAS;

/* The same where the address is known to be aligned. */
struct aligned_word {
    size_t value;
} MAY_ALIAS;

static size_t word_load(const uint8_t *from)
{
    return ((const struct word *)(const void *)from)->value;
}

static void word_store(uint8_t *to, size_t value)
{
    ((struct aligned_word *)(void *)to)->value = value;
}

/* Bytes up to the next aligned address, but no more than `bytes`. */
static size_t bytes_to_align(const uint8_t *to, size_t bytes)
{
    const size_t wanted = (0 - (uintptr_t)to) & (WORD_BYTES - 1);
    return wanted < bytes ? wanted : bytes;
}

/* Right also for overlapping runs whose destination is the lower one. */
static void copy_forward(uint8_t *to, const uint8_t *from, size_t bytes)
{
    size_t head = bytes_to_align(to, bytes);
    bytes -= head;
    for (; head != 0; head--)
        *to++ = *from++;
    for (; bytes >= WORD_BYTES; bytes -= WORD_BYTES) {
        word_store(to, word_load(from));
        to += WORD_BYTES;
        from += WORD_BYTES;
    }
    for (; bytes != 0; bytes--)
        *to++ = *from++;
}

/* From the last byte to the first: right for runs whose destination is the higher one. */
static void copy_backward(uint8_t *to, const uint8_t *from, size_t bytes)
{
    size_t tail = (uintptr_t)(to + bytes) & (WORD_BYTES - 1);
    if (tail > bytes)
        tail = bytes;
    for (; tail != 0; tail--) {
        bytes--;
        to[bytes] = from[bytes];
    }
    while (bytes >= WORD_BYTES) {
        bytes -= WORD_BYTES;
        word_store(to + bytes, word_load(from + bytes));
    }
    while (bytes != 0) {
        bytes--;
        to[bytes] = from[bytes];
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    copy_forward(to, from, bytes);
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    /* Unsigned: a destination below the source is far above it. */
    if ((uintptr_t)to - (uintptr_t)from >= bytes)
        copy_forward(to, from, bytes);
    else
        copy_backward(to, from, bytes);
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    const size_t word = (uint8_t)value * EVERY_BYTE;
    uint8_t *place = to;
    size_t head = bytes_to_align(place, bytes);
    bytes -= head;
    for (; head != 0; head--)
        *place++ = (uint8_t)value;
    for (; bytes >= WORD_BYTES; bytes -= WORD_BYTES) {
        word_store(place, word);
        place += WORD_BYTES;
    }
    for (; bytes != 0; bytes--)
        *place++ = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t bytes)
{
    const uint8_t *a = left;
    const uint8_t *b = right;
    for (; bytes >= WORD_BYTES && word_load(a) == word_load(b); bytes -= WORD_BYTES) {
        a += WORD_BYTES;
        b += WORD_BYTES;
    }
    for (; bytes != 0; bytes--) {
        if (*a != *b)
            return *a - *b;
        a++;
        b++;
    }
    return 0;
}

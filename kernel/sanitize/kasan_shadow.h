/* SPDX-License-Identifier: MIT
 *
 * The shadow of a stretch of memory: one byte tells of eight. Arithmetic over an
 * array; knows no machine, so it is tested on the host.
 *
 * A shadow byte is 0: all eight bytes may be used; 1 to 7: so many from the
 * first on; a mark: none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define KASAN_GRANULE 8 /* bytes that one byte of shadow tells of */

/* Why no byte of a granule may be used. The compiler's own, then ours. */
enum kasan_mark {
    KASAN_ALLOCA_BEFORE = 0xCA,
    KASAN_ALLOCA_BEHIND = 0xCB,
    KASAN_STACK_BEFORE = 0xF1,
    KASAN_STACK_BETWEEN = 0xF2,
    KASAN_STACK_BEHIND = 0xF3,
    KASAN_OUT_OF_SCOPE = 0xF8,
    KASAN_GLOBAL = 0xF9,
    KASAN_HEAP = 0xFA,       /* around a block of the heap */
    KASAN_HEAP_FREE = 0xFB,  /* a block that was freed, or never given out */
    KASAN_FRAME_FREE = 0xFC, /* a frame that is not in use */
};

/* bytes tells of the addresses first..last; first is a multiple of KASAN_GRANULE. */
struct kasan_shadow {
    uint8_t *bytes;
    uint64_t first;
    uint64_t last;
};

/* Is there a shadow byte for each of these addresses? bytes > 0. */
bool kasan_shadow_covers(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes);

/* All below are for memory that is covered. The shadow byte of an address: */
uint8_t kasan_shadow_at(const struct kasan_shadow *shadow, uint64_t address);

/* address: a multiple of KASAN_GRANULE; a last part of a granule stays as it is. */
void kasan_shadow_poison(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes,
                         enum kasan_mark why);

/* address: a multiple of KASAN_GRANULE. Bytes of the last granule behind the end are closed. */
void kasan_shadow_unpoison(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes);

/* May all of it be used? If not, *bad is the first address that may not. */
bool kasan_shadow_allows(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes,
                         uint64_t *bad);

/*
 * The mark that closes an address: of its own granule or, when that is open in
 * part, of the next. 0: it is open, or nothing closed comes behind.
 */
uint8_t kasan_shadow_why(const struct kasan_shadow *shadow, uint64_t address);

struct kasan_run {
    uint64_t first;
    uint64_t bytes; /* 0: none was found */
};

/* The open bytes nearest below an address, or at it; looks at no more than `limit` bytes. */
struct kasan_run kasan_shadow_open_below(const struct kasan_shadow *shadow, uint64_t address,
                                         uint64_t limit);

/* The bytes around an address whose granules carry one mark; looks `limit` bytes to each side. */
struct kasan_run kasan_shadow_marked(const struct kasan_shadow *shadow, uint64_t address,
                                     uint64_t limit);

/* SPDX-License-Identifier: MIT
 *
 * See crc32c_fold.h. Words go through the ring while the message comes; what the
 * ring holds at the end is folded once more, by bytes, and its last five KiB are
 * the tables'.
 */
#include "kernel/core/crc32c_fold.h"

#include "base/bytes.h"
#include "kernel/core/string.h"

#define RING_BYTES   ((uint32_t)CRC32C_FOLD_RING_BYTES)
#define WORD_BYTES   CRC32C_FOLD_WORD_BYTES
#define NEAR_BYTES   ((uint32_t)(CRC32C_FOLD_NEAR * WORD_BYTES))
#define MIDDLE_BYTES ((uint32_t)(CRC32C_FOLD_MIDDLE * WORD_BYTES))

/*
 * A CRC starts with all ones, a remainder with 0. This word in front of the
 * message makes the one of the other: its own bare remainder is all ones.
 */
static const uint8_t all_ones[WORD_BYTES] = { [12] = 0x54, 0x64, 0x1F, 0x64 };

/*
 * Get ready. The message begins where it must for its last byte to come to the
 * ring's end.
 *
 * fold_words  crc32c_fold_sse2, or a test's
 * bytes       of the whole message, exactly
 */
void crc32c_fold_start(struct crc32c_fold *fold, crc32c_fold_words *fold_words, uint64_t bytes)
{
    uint8_t first[WORD_BYTES];

    crc32c_tables_fill(&fold->tables);
    fold->fold_words = fold_words;
    fold->message_bytes = bytes + WORD_BYTES;
    if (fold->message_bytes > RING_BYTES)
        memset(fold->ring, 0, sizeof(fold->ring));
    fold->at = (RING_BYTES - (uint32_t)(fold->message_bytes % RING_BYTES)) % RING_BYTES;
    crc32c_fold_copy(fold, first, all_ones, WORD_BYTES);
}

static uint32_t lower(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/*
 * Take in as many bytes, up to `bytes`, as come before one of the three places
 * wraps; whole words when the ring's place is one's start, else single bytes.
 * Returns how many.
 */
static uint32_t fold_run(struct crc32c_fold *fold, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
    uint8_t *const far = fold->ring + fold->at;
    const uint32_t near = (fold->at + RING_BYTES - NEAR_BYTES) % RING_BYTES;
    const uint32_t middle = (fold->at + RING_BYTES - MIDDLE_BYTES) % RING_BYTES;
    const uint32_t odd = fold->at % WORD_BYTES;

    bytes = lower(bytes, RING_BYTES - fold->at);
    bytes = lower(bytes, RING_BYTES - near);
    bytes = lower(bytes, RING_BYTES - middle);
    if (odd == 0 && bytes >= WORD_BYTES) {
        fold->fold_words(to, from, far, fold->ring + near, fold->ring + middle, bytes / WORD_BYTES);
        return bytes - bytes % WORD_BYTES;
    }
    bytes = lower(bytes, WORD_BYTES - odd);
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = from[i];
        far[i] ^= from[i] ^ fold->ring[near + i] ^ fold->ring[middle + i];
    }
    return bytes;
}

void crc32c_fold_copy(struct crc32c_fold *fold, void *to, const void *from, size_t bytes)
{
    uint8_t *put = to;
    const uint8_t *next = from;

    if (fold->message_bytes <= RING_BYTES) { /* nothing to fold it into */
        memcpy(fold->ring + fold->at, from, bytes);
        memmove(to, from, bytes);
        fold->at += (uint32_t)bytes;
        return;
    }
    while (bytes != 0) {
        const uint32_t limit = bytes < RING_BYTES ? (uint32_t)bytes : RING_BYTES;
        const uint32_t done = fold_run(fold, put, next, limit);
        fold->at = (fold->at + done) % RING_BYTES;
        put += done;
        next += done;
        bytes -= done;
    }
}

/* A call would cost more than what it does. */
static ALWAYS_INLINE void exclusive_or(uint8_t *bytes, uint64_t value)
{
    store_le64(bytes, load_le64(bytes) ^ value);
}

/*
 * Words of the ring were folded into words of the ring; take that back, last
 * ones first, as nothing behind them is left to fold into.
 */
static void unfold(uint8_t *ring)
{
    for (uint32_t at = RING_BYTES; at != NEAR_BYTES;) {
        at -= sizeof(uint64_t);
        exclusive_or(ring + at, load_le64(ring + at - NEAR_BYTES));
        if (at >= MIDDLE_BYTES)
            exclusive_or(ring + at, load_le64(ring + at - MIDDLE_BYTES));
    }
}

/*
 * See crc32c_fold.h. The ring's contents are used up.
 *
 * Cost: some 200,000 instructions, 7 for eight bytes of a message shorter than
 * the ring.
 */
uint32_t crc32c_fold_finish(struct crc32c_fold *fold)
{
    const uint8_t *const end = fold->ring + sizeof(fold->ring);
    const uint8_t *const last = end - CRC32C_FOLD_FAR - sizeof(uint64_t);
    uint8_t *next = fold->ring;

    if (fold->message_bytes > RING_BYTES)
        unfold(fold->ring);
    else
        next += RING_BYTES - fold->message_bytes;
    while (next <= last) {
        const uint64_t folded = load_le64(next);
        exclusive_or(next + CRC32C_FOLD_NEAR, folded);
        exclusive_or(next + CRC32C_FOLD_MIDDLE, folded);
        exclusive_or(next + CRC32C_FOLD_FAR, folded);
        next += sizeof(folded);
    }
    return crc32c_update(&fold->tables, UINT32_MAX, next, (size_t)(end - next));
}

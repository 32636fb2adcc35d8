/* SPDX-License-Identifier: MIT
 *
 * SipHash-2-4: two rounds for each 8 bytes, four at the end. Four numbers are
 * stirred; the names v0 to v3 and all constants are the paper's.
 */
#include "kernel/core/siphash.h"

#include "base/bytes.h"

#define WORD_BYTES   8
#define WORD_BITS    64
#define LENGTH_SHIFT 56 /* the length's low byte is the last of the last word */

#define COMPRESSION_ROUNDS  2
#define FINALIZATION_ROUNDS 4

/* "somepseudorandomlygeneratedbytes", in four big-endian pieces. */
#define INITIAL_V0 0x736F6D6570736575
#define INITIAL_V1 0x646F72616E646F6D
#define INITIAL_V2 0x6C7967656E657261
#define INITIAL_V3 0x7465646279746573

#define FINAL_V2 0xFF

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (WORD_BITS - bits);
}

static void rounds(struct state *state, unsigned count)
{
    while (count-- != 0) {
        state->v0 += state->v1;
        state->v2 += state->v3;
        state->v1 = rotate(state->v1, 13) ^ state->v0;
        state->v3 = rotate(state->v3, 16) ^ state->v2;
        state->v0 = rotate(state->v0, 32);
        state->v2 += state->v1;
        state->v0 += state->v3;
        state->v1 = rotate(state->v1, 17) ^ state->v2;
        state->v3 = rotate(state->v3, 21) ^ state->v0;
        state->v2 = rotate(state->v2, 32);
    }
}

static void take_word(struct state *state, uint64_t word)
{
    state->v3 ^= word;
    rounds(state, COMPRESSION_ROUNDS);
    state->v0 ^= word;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t count)
{
    struct state state = { .v0 = key->low ^ INITIAL_V0,
                           .v1 = key->high ^ INITIAL_V1,
                           .v2 = key->low ^ INITIAL_V2,
                           .v3 = key->high ^ INITIAL_V3 };
    const uint8_t *place = bytes;
    uint64_t last = (uint64_t)count << LENGTH_SHIFT;
    for (; count >= WORD_BYTES; count -= WORD_BYTES) {
        take_word(&state, load_le64(place));
        place += WORD_BYTES;
    }
    for (size_t i = 0; i < count; i++)
        last |= (uint64_t)place[i] << 8 * i;
    take_word(&state, last);
    state.v2 ^= FINAL_V2;
    rounds(&state, FINALIZATION_ROUNDS);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

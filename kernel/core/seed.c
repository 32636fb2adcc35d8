/* SPDX-License-Identifier: MIT
 *
 * See seed.h. Each word is the generator's, if there is one, mixed with the
 * counter and the salt; mixing cannot make a good word worse.
 * Spec: Intel SDM volume 2B, "RDRAND"; the mixer is SplitMix64's finaliser
 * (Steele, Lea, Flood 2014).
 */
#include "kernel/core/seed.h"

#include "kernel/core/string.h"

#define RANDOM_TRIES 10   /* the manual's advice */
#define SALT_BYTES   2048 /* at most: more of a memory map adds nothing */

/* SplitMix64. */
#define MIX_GAMMA 0x9E3779B97F4A7C15
#define MIX_1     0xBF58476D1CE4E5B9
#define MIX_2     0x94D049BB133111EB

static uint64_t mix(uint64_t value)
{
    value += MIX_GAMMA;
    value = (value ^ value >> 30) * MIX_1;
    value = (value ^ value >> 27) * MIX_2;
    return value ^ value >> 31;
}

/* A hardware word, or 0; a generator that never gets ready is not waited for. */
static uint64_t hardware_word(const struct seed_source *source)
{
    uint64_t word;
    for (unsigned i = 0; source->random != NULL && i < RANDOM_TRIES; i++) {
        if (source->random(&word))
            return word;
    }
    return 0;
}

void seed_fill(uint8_t seed[SEED_BYTES], const void *salt, size_t salt_bytes,
               const struct seed_source *source)
{
    const uint8_t *const bytes = salt;
    uint64_t state = 0;

    for (size_t i = 0; i + sizeof(uint64_t) <= salt_bytes && i < SALT_BYTES;
         i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof(word));
        state = mix(state ^ word);
    }
    for (size_t i = 0; i < SEED_BYTES; i += sizeof(uint64_t)) {
        state = mix(state ^ (source->time != NULL ? source->time() : i));
        const uint64_t word = state ^ hardware_word(source);
        memcpy(seed + i, &word, sizeof(word));
    }
}

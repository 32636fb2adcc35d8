/* SPDX-License-Identifier: MIT
 *
 * See random.h. Each word is the generator's, if there is one, mixed with the
 * time-stamp counter and the salt; mixing cannot make a good word worse.
 * Spec: Intel SDM volume 2B, "RDRAND"; the mixer is SplitMix64's finaliser
 * (Steele, Lea, Flood 2014).
 */
#include "stage2/bios/random.h"

#include "kernel/core/string.h"
#include "stage2/bios/cpu.h"
#include "stage2/real/bios_call.h"

#define RDRAND_TRIES 10   /* the manual's advice */
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
static uint64_t hardware_word(bool has_rdrand)
{
    uint64_t word;
    for (unsigned i = 0; has_rdrand && i < RDRAND_TRIES; i++) {
        if (cpu_read_random(&word))
            return word;
    }
    return 0;
}

void random_seed(uint8_t seed[RANDOM_SEED_BYTES], const void *salt, size_t salt_bytes)
{
    const bool has_rdrand = (cpuid(CPUID_FEATURES).ecx & CPUID_1_ECX_RDRAND) != 0;
    const uint8_t *const bytes = salt;
    uint64_t state = 0;

    for (size_t i = 0; i + sizeof(uint64_t) <= salt_bytes && i < SALT_BYTES;
         i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof(word));
        state = mix(state ^ word);
    }
    for (size_t i = 0; i < RANDOM_SEED_BYTES; i += sizeof(uint64_t)) {
        state = mix(state ^ (exchange.cpu_has_tsc ? cpu_read_tsc() : i));
        const uint64_t word = state ^ hardware_word(has_rdrand);
        memcpy(seed + i, &word, sizeof(word));
    }
}

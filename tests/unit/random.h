/* SPDX-License-Identifier: MIT
 *
 * Numbers for property tests: the same sequence from the same seed, everywhere.
 * Spec: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"
 * (2014), SplitMix64.
 */
#pragma once

#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t mixed = random->state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

/* One of 0..count-1. */
static inline uint64_t random_below(struct random *random, uint64_t count)
{
    return random_next(random) % count;
}

/* SPDX-License-Identifier: MIT
 *
 * A seed for random numbers, stirred from what the machine can give. Asks no
 * hardware: whoever boots the kernel passes the generators.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEED_BYTES 32

/*
 * random  one try of a hardware generator; false: nothing ready. NULL: there is none
 * time    a counter that is different from boot to boot. NULL: there is none
 */
struct seed_source {
    bool (*random)(uint64_t *value);
    uint64_t (*time)(void);
};

/* Fill the seed; `salt` is stirred in, whatever it is. */
void seed_fill(uint8_t seed[SEED_BYTES], const void *salt, size_t salt_bytes,
               const struct seed_source *source);

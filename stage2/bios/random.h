/* SPDX-License-Identifier: MIT
 *
 * A seed for the kernel's random numbers. Good where the CPU has RDRAND; else
 * only different from boot to boot.
 */
#pragma once

#include "kernel/core/seed.h"

/* Fill the seed; `salt` is stirred in, whatever it is. */
void random_seed(uint8_t seed[SEED_BYTES], const void *salt, size_t salt_bytes);

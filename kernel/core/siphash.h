/* SPDX-License-Identifier: MIT
 *
 * SipHash-2-4, a keyed hash: with a key from a random seed, nobody outside can
 * choose inputs that all fall into one bucket. Not a signature for files.
 * Spec: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 16 bytes, as two little-endian numbers. */
struct siphash_key {
    uint64_t low;
    uint64_t high;
};

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t count);

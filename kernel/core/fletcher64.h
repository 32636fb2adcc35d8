/* SPDX-License-Identifier: MIT
 *
 * Fletcher-64, the checksum of stage 2's copies: two sums of little-endian
 * 32-bit words modulo 2^32 - 1. The second weighs each word by its place, so it
 * sees what is lost, repeated or swapped. Finds accidents, not forgers.
 * Spec: J. G. Fletcher, "An Arithmetic Checksum for Serial Transmissions",
 * IEEE Transactions on Communications 30 (1982), with 32-bit blocks, the carry
 * added back in, and a seed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* All ones: zero modulo 2^32 - 1. */
#define FLETCHER64_BALANCED 0xFFFFFFFFu

/*
 * Where the first sum starts. From 0, what erased flash or a floating bus gives,
 * ones and nothing else, would be balanced; from 1 neither ones nor zeros are.
 */
#define FLETCHER64_SEED 1

struct fletcher64 {
    uint32_t sum;
    uint32_t sum_of_sums;
};
#define FLETCHER64_START ((struct fletcher64){ .sum = FLETCHER64_SEED })

/* Take in `count` words of four bytes, at any alignment. Pieces give the sums of the whole. */
void fletcher64_update(struct fletcher64 *sums, const void *words, size_t count);

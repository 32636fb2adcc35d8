/* SPDX-License-Identifier: MIT
 *
 * Fletcher-64, the checksum of stage 2's copies: two sums of little-endian
 * 32-bit words modulo 2^32 - 1. The second weighs each word by its place, so it
 * sees what is lost, repeated or swapped. Finds accidents, not forgers.
 * Spec: J. G. Fletcher, "An Arithmetic Checksum for Serial Transmissions",
 * IEEE Transactions on Communications 30 (1982), with 32-bit blocks and the
 * carry added back in; sums start at 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* All ones: zero modulo 2^32 - 1, but no run of zero words ever sums up to it. */
#define FLETCHER64_BALANCED 0xFFFFFFFFu

struct fletcher64 {
    uint32_t sum;
    uint32_t sum_of_sums;
};

/* Take in `count` words of four bytes, at any alignment. Pieces give the sums of the whole. */
void fletcher64_update(struct fletcher64 *sums, const void *words, size_t count);

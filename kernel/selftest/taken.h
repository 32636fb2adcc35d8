/* SPDX-License-Identifier: MIT
 *
 * All free frames in one hand, for tests of exhaustion and of who else reads
 * them. Needs no memory of its own: the blocks are chained through themselves.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/range.h"
#include "kernel/mm/frames.h"

struct taken {
    uint64_t blocks;
    uint64_t last;           /* the last block's address, its order in the low bits; 0: none */
    struct phys_range spans; /* the lowest and the highest byte taken */
};

/* Take every frame there is below the limit, the largest blocks first. */
void taken_take(enum frames_limit limit, struct taken *taken);

/* Fill what was taken of a range with one byte, but for the first words of blocks; its bytes. */
uint64_t taken_fill(const struct taken *taken, struct phys_range range, uint8_t value);

/* Give all of it back. */
void taken_give(const struct taken *taken);

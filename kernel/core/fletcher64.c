/* SPDX-License-Identifier: MIT
 *
 * See fletcher64.h. The same sums in the same order as stage 1's loop, so a
 * test can hold one against the other.
 */
#include "kernel/core/fletcher64.h"

#include "base/bytes.h"

#define WORD_BYTES 4

/* Addition with the carry added back in: modulo 2^32 - 1. The result has no carry left. */
static uint32_t add_around(uint32_t a, uint32_t b)
{
    const uint64_t sum = (uint64_t)a + b;
    return (uint32_t)sum + (uint32_t)(sum >> 32);
}

void fletcher64_update(struct fletcher64 *sums, const void *words, size_t count)
{
    const uint8_t *bytes = words;

    for (size_t i = 0; i < count; i++, bytes += WORD_BYTES) {
        sums->sum = add_around(sums->sum, load_le32(bytes));
        sums->sum_of_sums = add_around(sums->sum_of_sums, sums->sum);
    }
}

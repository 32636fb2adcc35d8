/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on numbers from outside: the result and the truth about overflow
 * together. Each returns true when the exact result fits, and only then
 * writes it. Spec: Clang's checked arithmetic builtins.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

static inline bool checked_add64(uint64_t a, uint64_t b, uint64_t *sum)
{
    uint64_t result;
    if (__builtin_add_overflow(a, b, &result))
        return false;
    *sum = result;
    return true;
}

static inline bool checked_mul64(uint64_t a, uint64_t b, uint64_t *product)
{
    uint64_t result;
    if (__builtin_mul_overflow(a, b, &result))
        return false;
    *product = result;
    return true;
}

/* Round up to a power of two `unit`; false when the result leaves 64 bits. */
static inline bool checked_round_up64(uint64_t value, uint64_t unit, uint64_t *rounded)
{
    uint64_t sum;
    if (!checked_add64(value, unit - 1, &sum))
        return false;
    *rounded = sum & ~(unit - 1);
    return true;
}

/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on numbers from outside: the result and the truth about overflow
 * together. Each returns true when the exact result fits, and only then
 * writes it. Spec: Clang's checked arithmetic builtins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Defines one such function by the builtin that does it. */
#define CHECKED_OPERATION(name, type, overflows)                                                   \
    static inline bool name(type a, type b, type *result)                                          \
    {                                                                                              \
        type exact;                                                                                \
        if (overflows(a, b, &exact))                                                               \
            return false;                                                                          \
        *result = exact;                                                                           \
        return true;                                                                               \
    }

CHECKED_OPERATION(checked_add64, uint64_t, __builtin_add_overflow)
CHECKED_OPERATION(checked_sub64, uint64_t, __builtin_sub_overflow)
CHECKED_OPERATION(checked_mul64, uint64_t, __builtin_mul_overflow)
CHECKED_OPERATION(checked_add32, uint32_t, __builtin_add_overflow)
CHECKED_OPERATION(checked_sub32, uint32_t, __builtin_sub_overflow)
CHECKED_OPERATION(checked_mul32, uint32_t, __builtin_mul_overflow)
CHECKED_OPERATION(checked_add_size, size_t, __builtin_add_overflow)
CHECKED_OPERATION(checked_sub_size, size_t, __builtin_sub_overflow)
CHECKED_OPERATION(checked_mul_size, size_t, __builtin_mul_overflow)
CHECKED_OPERATION(checked_add_signed64, int64_t, __builtin_add_overflow)
CHECKED_OPERATION(checked_sub_signed64, int64_t, __builtin_sub_overflow)
CHECKED_OPERATION(checked_add_signed32, int32_t, __builtin_add_overflow)
CHECKED_OPERATION(checked_sub_signed32, int32_t, __builtin_sub_overflow)
CHECKED_OPERATION(checked_mul_signed32, int32_t, __builtin_mul_overflow)

/* By the magnitudes: on a 32-bit CPU the builtin would be a call into the compiler's library. */
static inline bool checked_mul_signed64(int64_t a, int64_t b, int64_t *product)
{
    const bool is_negative = (a < 0) != (b < 0);
    const uint64_t left = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    const uint64_t right = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    uint64_t magnitude;
    if (!checked_mul64(left, right, &magnitude) ||
        magnitude > (uint64_t)INT64_MAX + (is_negative ? 1 : 0))
        return false;
    *product = (int64_t)(is_negative ? 0 - magnitude : magnitude);
    return true;
}

/* value * 2^bits; false also for bits a CPU would not count, as 64. */
static inline bool checked_shift_left64(uint64_t value, unsigned bits, uint64_t *shifted)
{
    const unsigned width = 64;
    if (value != 0 && (bits >= width || value > UINT64_MAX >> bits))
        return false;
    *shifted = value == 0 ? 0 : value << bits;
    return true;
}

/* The same number in fewer bits. */
static inline bool checked_narrow32(uint64_t value, uint32_t *narrow)
{
    if (value > UINT32_MAX)
        return false;
    *narrow = (uint32_t)value;
    return true;
}

static inline bool checked_narrow_size(uint64_t value, size_t *narrow)
{
    if (value > SIZE_MAX)
        return false;
    *narrow = (size_t)value;
    return true;
}

/* Round down to a power of two `unit`; always fits. */
static inline uint64_t round_down64(uint64_t value, uint64_t unit)
{
    return value & ~(unit - 1);
}

/* Round up to a power of two `unit`; false when the result leaves 64 bits. */
static inline bool checked_round_up64(uint64_t value, uint64_t unit, uint64_t *rounded)
{
    uint64_t sum;
    if (!checked_add64(value, unit - 1, &sum))
        return false;
    *rounded = round_down64(sum, unit);
    return true;
}

/* The same for lengths of memory. */
static inline bool checked_round_up_size(size_t value, size_t unit, size_t *rounded)
{
    size_t sum;
    if (!checked_add_size(value, unit - 1, &sum))
        return false;
    *rounded = sum & ~(unit - 1);
    return true;
}

/* SPDX-License-Identifier: MIT
 *
 * 64-bit division for a machine that has none: what an ARM compiler calls.
 */
#pragma once

#include <stdint.h>

/* The quotient, and the remainder in its place; by 0 the quotient is all ones, as on 32-bit ARM. */
uint64_t arm_divide(uint64_t numerator, uint64_t denominator, uint64_t *remainder);

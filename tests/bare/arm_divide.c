/* SPDX-License-Identifier: MIT
 *
 * Long division in base 2: the denominator is shifted under the numerator's
 * first bit and subtracted wherever it fits on its way back. No division inside.
 */
#include "tests/bare/arm_divide.h"

uint64_t arm_divide(uint64_t numerator, uint64_t denominator, uint64_t *remainder)
{
    uint64_t quotient = 0;
    uint64_t rest = numerator;
    if (denominator == 0) {
        quotient = UINT64_MAX;
    } else if (denominator <= numerator) {
        for (int shift = __builtin_clzll(denominator) - __builtin_clzll(numerator); shift >= 0;
             shift--) {
            if (rest >= denominator << shift) {
                rest -= denominator << shift;
                quotient |= 1ULL << shift;
            }
        }
    }
    *remainder = rest;
    return quotient;
}

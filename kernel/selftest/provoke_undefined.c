/* SPDX-License-Identifier: MIT
 *
 * Undefined behaviour outside of any test: in a build that looks for it, its
 * report; in every other, whatever the instruction makes of it.
 */
#include "kernel/selftest/provoke.h"

#define INT_MOST 0x7FFFFFFF

DISASTER(undefined, "undefined", "add to the largest int: told in a debug build, else goes on")
{
    static volatile int number = INT_MOST;
    number = number + 1;
}

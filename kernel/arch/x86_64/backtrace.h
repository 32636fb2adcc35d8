/* SPDX-License-Identifier: MIT
 *
 * Who called whom, by the frame pointers that every function of the kernel
 * keeps. Believes no pointer: each link must lie in a known stack.
 */
#pragma once

#include <stdint.h>

/*
 * Print the calls that led to `rip`, innermost first, one a line with its
 * symbol. rbp and rsp are the frame and stack pointers at that point. Stops at
 * the first link that is not in a stack or does not go upwards, and says so.
 */
void backtrace_print(uint64_t rip, uint64_t rbp, uint64_t rsp);

/*
 * The same walk without printing: up to `room` return addresses behind rbp.
 * Returns how many were written.
 */
unsigned backtrace_collect(uint64_t rbp, uint64_t *addresses, unsigned room);

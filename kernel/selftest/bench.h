/* SPDX-License-Identifier: MIT
 *
 * Measurements of the kernel's own work, as lines `bench NAME VALUE UNIT`.
 * Ticks of the time stamp counter mean instructions where QEMU runs with
 * -icount, and nothing comparable elsewhere.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All of them, or those of one area: "heap". False: there is no such area. */
bool bench_run(const char *area);

/* The least of a few rounds of this, in ticks. */
uint64_t bench_least_ticks(void (*run)(void));

/* The heap's and every allocator's; `series`: with the lines that tools/plot-heap draws. */
void bench_heap(bool series);

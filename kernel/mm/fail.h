/* SPDX-License-Identifier: MIT
 *
 * The switch of the allocation-failure sweep: makes one chosen allocation fail.
 * Asked by every allocator of the kernel, once for each request.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The switch. To be read by the heap's short way only, which cannot afford a call. */
struct fail_switch {
    uint64_t counted;
    uint64_t chosen;
};
extern struct fail_switch fail_switch;

/* 1: the next allocation fails, 2: the one after; 0: none. The count starts again. */
void fail_at(uint64_t which);

/* What fail_at was given last. */
uint64_t fail_chosen(void);

/* Counts one allocation; true: this one must fail. */
bool fail_is_due(void);

/* Allocations asked for since fail_at. */
uint64_t fail_counted(void);

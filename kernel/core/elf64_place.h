/* SPDX-License-Identifier: MIT
 *
 * The rules for where segments may lie. For the elf64_*.c files only; users of
 * a plan include elf64.h.
 */
#pragma once

#include "kernel/core/elf64.h"

/* Write down what is wrong with which number, and hand the status through. */
enum boot_status elf64_fail(struct elf64_problem *problem, const char *what, uint64_t index,
                            uint64_t value, enum boot_status status);

/* Set the pages of a segment from its bytes; false when they wrap or are absurdly many. */
bool elf64_segment_set_pages(struct elf64_segment *segment);

/* The segment that has all of `bytes` bytes from `virt` on, or the number of segments. */
uint32_t elf64_segment_at(const struct elf64_plan *plan, uint64_t virt, uint64_t bytes);

/* See that no two segments share a page, and set plan->pages. */
MUST_CHECK enum boot_status elf64_check_overlap(struct elf64_plan *plan,
                                                struct elf64_problem *problem);

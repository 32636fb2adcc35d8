/* SPDX-License-Identifier: MIT
 *
 * The suites that any world can run: one line each here and in suites.c.
 */
#pragma once

#include "kernel/proof/claims.h"

extern const struct proof_suite proof_checked;
extern const struct proof_suite proof_string;
extern const struct proof_suite proof_memory;
extern const struct proof_suite proof_format;
extern const struct proof_suite proof_list;
extern const struct proof_suite proof_tree;
extern const struct proof_suite proof_ring;
extern const struct proof_suite proof_bitmap;
extern const struct proof_suite proof_range_set;
extern const struct proof_suite proof_hash;
extern const struct proof_suite proof_sort;
extern const struct proof_suite proof_crc32c;
extern const struct proof_suite proof_symbols;
extern const struct proof_suite proof_paging;
extern const struct proof_suite proof_paging_refused;
extern const struct proof_suite proof_buddy;
extern const struct proof_suite proof_buddy_range;
extern const struct proof_suite proof_frame_plan;
extern const struct proof_suite proof_heap;
extern const struct proof_suite proof_heap_checked;

/* All of them, in the order of their floors. */
extern const struct proof_suite *const proof_suites[];
extern const size_t proof_suite_count;

/* SPDX-License-Identifier: MIT
 *
 * The list of suites.
 */
#include "kernel/proof/suites.h"

const struct proof_suite *const proof_suites[] = {
    &proof_checked, &proof_string,      &proof_memory,     &proof_format,    &proof_list,
    &proof_tree,    &proof_ring,        &proof_bitmap,     &proof_range_set, &proof_hash,
    &proof_sort,    &proof_crc32c,      &proof_symbols,    &proof_paging,    &proof_paging_refused,
    &proof_buddy,   &proof_buddy_range, &proof_frame_plan, &proof_heap,      &proof_heap_checked,
};
const size_t proof_suite_count = ARRAY_COUNT(proof_suites);

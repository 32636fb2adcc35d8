/* SPDX-License-Identifier: MIT
 *
 * The list of suites.
 */
#include "kernel/proof/suites.h"

const struct proof_suite *const proof_suites[] = {
    &proof_bitmap,
    &proof_format,
    &proof_list,
    &proof_buddy,
    &proof_buddy_range,
    &proof_frame_plan,
    &proof_heap,
    &proof_checked,
};
const size_t proof_suite_count = ARRAY_COUNT(proof_suites);

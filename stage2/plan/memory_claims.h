/* SPDX-License-Identifier: MIT
 *
 * What the BIOS claims about memory, once its answers are read and the
 * unbelievable ones dropped: byte-exact, unsorted, overlapping. Which claim
 * wins where is not decided here; memory_judge.c does that.
 */
#pragma once

#include <stdint.h>

#include "base/range.h"
#include "stage2/real/answers.h"

#define MEMORY_FIXED_CLAIMS   2 /* page 0; the top of low memory and the ROM area */
#define MEMORY_FILLING_CLAIMS 3 /* where E820 is silent: low, 1 to 16 MiB, above */
#define MEMORY_CLAIMS_MAX     (MEMORY_ANSWERS_MAX + MEMORY_FIXED_CLAIMS + MEMORY_FILLING_CLAIMS)

#define EXTENDED_MEMORY_FIRST 0x100000 /* 1 MiB */

struct memory_claim {
    struct phys_range range;
    uint32_t type; /* enum boot_memory_type; USABLE, or from ACPI_RECLAIMABLE on */
};

struct memory_claims {
    uint32_t count;
    struct memory_claim claims[MEMORY_CLAIMS_MAX];
};

void memory_claims_collect(const struct memory_answers *answers, struct memory_claims *claims);

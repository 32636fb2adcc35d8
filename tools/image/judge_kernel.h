/* SPDX-License-Identifier: MIT
 *
 * Would the loader load this kernel? The order of the questions is stage 2's
 * (kernel_load), so the first answer is, too.
 */
#pragma once

#include "boot/requirements.h"
#include "kernel/core/elf64.h"
#include "tools/image/source.h"

struct kernel_facts {
    uint64_t file_bytes;
    uint64_t memory_bytes;          /* whole pages of all segments */
    struct boot_requirements needs; /* of its note; zeros: it asks for nothing */
    struct elf64_plan plan;
};

/* True: it would be loaded; *facts is what as. False: *report says what the loader would. */
MUST_CHECK bool kernel_judge(const struct source *source, struct kernel_facts *facts,
                             struct check_report *report);

/*
 * Add `bytes` to what the loader must take for `what`. False: no PC has so much memory where
 * the loader can use it, or it would be more than that in all.
 */
MUST_CHECK bool memory_judge(uint64_t *taken, uint64_t bytes, const char *what,
                             struct check_report *report);

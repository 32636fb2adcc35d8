/* SPDX-License-Identifier: MIT
 *
 * What a kernel says it needs, as far as the loader alone decides: the protocol and
 * the features it knows. What a machine lacks only that machine can tell.
 */
#pragma once

#include "boot/requirements.h"
#include "kernel/core/elf64.h"
#include "tools/image/source.h"

/* *needs is set in any case, as far as it was read. False: *report says what the loader would, the checksum first. */
MUST_CHECK bool needs_judge(const struct source *source, const struct elf64_header_plan *header,
                            const uint8_t *program_headers, struct boot_requirements *needs,
                            struct check_report *report);

/* SPDX-License-Identifier: MIT
 *
 * What the kernel says it needs, read from its file and held against this
 * machine. A kernel that says nothing needs nothing.
 */
#pragma once

#include <stdint.h>

#include "stage2/file.h"

/*
 * Read loader->needs out of the notes; the status and problem of kernel/core/elf64_note.c.
 * `room` is for BOOT_NOTES_MAX_BYTES.
 */
MUST_CHECK enum boot_status requirements_read(struct file_reader *reader,
                                              const struct elf64_header_plan *header,
                                              const uint8_t *program_headers, uint8_t *room,
                                              struct elf64_problem *problem);

/* Protocol, memory, and all features but the screen's; ends the boot when one is missing. */
void requirements_judge(struct file_reader *reader);

/* The screen, before it becomes the BOOT_FEATURE_* `kind`; ends the boot when it may not. */
void requirements_judge_video(const struct loader *loader, uint64_t kind);

/* SPDX-License-Identifier: MIT
 *
 * Filling in a check_report. For those who judge.
 */
#pragma once

#include "tools/image/check.h"

#define BOOT_DRIVE 0x80 /* the first hard disk, as which every disk is judged */

/* Nothing is wrong. Returns true. */
bool report_fine(struct check_report *report);

/* The loader would end here; the format is one of stage2/plan/detail.h. Returns false. */
bool report_refuse(struct check_report *report, enum boot_status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* SPDX-License-Identifier: MIT
 *
 * The panics of exceptions that are the end: gathers what the hints need and
 * says all of it in one report.
 */
#pragma once

#include "base/compiler.h"

struct exception_frame;

/* The end by a page fault: access, address, symbol, reason, hint. */
NORETURN void fault_report_page(const struct exception_frame *frame);

/* The end by a double fault: which stack has overflowed. */
NORETURN void fault_report_double(const struct exception_frame *frame);

/* The end by any other exception. */
NORETURN void fault_report(const struct exception_frame *frame);

/* SPDX-License-Identifier: MIT
 *
 * The end of the kernel's work: a broken promise of our own, or an exception
 * that nothing expected. Reports all there is and stops the machine the way
 * the command line wants it. Safe to enter again while it reports.
 */
#pragma once

#include "base/compiler.h"

struct exception_frame;

/* Report the promise that was broken, and stop. */
NORETURN void panic(const char *format, ...) PRINTF_LIKE(1, 2);

/* The same about an interrupted place. */
NORETURN void panic_at(const struct exception_frame *frame, const char *format, ...)
    PRINTF_LIKE(2, 3);

/*
 * What stops the machine after the report; `name` is shown. Registered from
 * above by whoever knows the devices. Without one the CPU halts.
 */
void panic_set_action(const char *name, void (*action)(void));

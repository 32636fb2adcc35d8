/* SPDX-License-Identifier: MIT
 *
 * The kernel's own console: one command a line. For looking at what the boot
 * left, and for breaking things on purpose.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* Read and run commands for ever. */
NORETURN void shell_run(void);

/* Run one line; false: no such command. */
bool shell_execute(const char *line);

/* SPDX-License-Identifier: MIT
 *
 * A program without a C library, in two halves: what its machine or system has
 * to give (two functions and a start, one file for each), and what it does,
 * which is the same everywhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * The program: the start of each machine calls it. `pattern` chooses among the
 * tests, as in claims_run; a machine that cannot ask for one gives "".
 */
NORETURN void bare_main(const char *pattern);

/* Given by the machine: put out some bytes, as a format_sink does; its context is not used. */
void bare_write(void *context, const char *text, size_t bytes);

/* Given by the machine: leave, with status 0 if all went well and 1 if not. */
NORETURN void bare_exit(bool passed);

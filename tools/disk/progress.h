/* SPDX-License-Identifier: MIT
 *
 * How far a long work is: one line that changes on a terminal, a line each tenth
 * elsewhere, with --json an object each tenth.
 */
#pragma once

#include <stdint.h>

/* One work at a time. `phase` is kept: "writing", "comparing". */
void progress_start(const char *phase, uint64_t total_bytes);
void progress_at(uint64_t bytes);

/* The line on the terminal is finished, whatever comes next. */
void progress_end(void);

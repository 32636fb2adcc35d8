/* SPDX-License-Identifier: MIT
 *
 * Other programs, started without a shell, found by PATH.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * Run a program and return what it wrote to standard output, for the caller to
 * free. False: it could not be started or its status was not 0; *text is NULL.
 */
MUST_CHECK bool command_read(char *const arguments[], char **text);

/* Run a program with its output thrown away; whether its status was 0. */
MUST_CHECK bool command_run(char *const arguments[]);

/*
 * Run a program whose failure must be explained, with its texts in English. False:
 * `reason`, of `room` bytes, is one line with its name: the last it said, or which package has it.
 */
MUST_CHECK bool command_explain(const char *const arguments[], char *reason, size_t room);

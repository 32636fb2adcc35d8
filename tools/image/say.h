/* SPDX-License-Identifier: MIT
 *
 * What mkimage says: a line at a time, as the scripts of tools/ do.
 */
#pragma once

#include "base/compiler.h"

#define STATUS_FAILED  1 /* something outside is not as needed, or would be refused */
#define STATUS_MISUSED 2

/* A line on standard output. */
void say(const char *format, ...) PRINTF_LIKE(1, 2);

/* A line on standard error; the program goes on. */
void say_warning(const char *format, ...) PRINTF_LIKE(1, 2);

/* Say what is wrong and end the program. */
NORETURN void fail(const char *format, ...) PRINTF_LIKE(1, 2);

/* The command line is wrong: say so, point at --help, end the program. */
NORETURN void misused(const char *format, ...) PRINTF_LIKE(1, 2);

/* Text made as by printf; the program ends when there is no memory. The caller frees it. */
char *text_make(const char *format, ...) PRINTF_LIKE(1, 2);

/* SPDX-License-Identifier: MIT
 *
 * The programs that do part of the work: mkfs.fat, mtools, fsck.fat, objcopy.
 */
#pragma once

#include <stdbool.h>

/*
 * Make the environment that all of them get: the same whatever the caller's time zone,
 * language and mtools settings are. System programs are found, too.
 */
void programs_set_environment(void);

/* Is there a program of this name? */
bool program_is_there(const char *name);

/*
 * words[0] is the program; the last is NULL. NULL: it worked. Else why not, in a line;
 * `otherwise` when it said nothing. Good until the next call.
 */
const char *program_run(const char *const words[], const char *otherwise);

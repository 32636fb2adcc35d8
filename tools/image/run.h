/* SPDX-License-Identifier: MIT
 *
 * Other programs, without a shell: run one, wait for it, keep the beginning of what it says.
 */
#pragma once

#include <stdbool.h>

#define RUN_SAID_BYTES 1024

struct run {
    bool worked;               /* it was there and ended with status 0 */
    char said[RUN_SAID_BYTES]; /* its first words on either output; ends in NUL */
};

/*
 * Make the environment that all of them get: the same whatever the caller's time zone,
 * language and mtools settings are. System programs are found, too.
 */
void run_set_environment(void);

/* Is there a program of this name? */
bool run_is_there(const char *program);

/* words[0] is the program; the last is NULL. A signal to this program ends that one, too. */
struct run run_program(const char *const words[]);

/* The first line of what it said, or `otherwise` when it said nothing. Changes *run. */
const char *run_first_line(struct run *run, const char *otherwise);

/* The last line of what was kept, likewise. */
const char *run_last_line(struct run *run, const char *otherwise);

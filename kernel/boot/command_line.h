/* SPDX-License-Identifier: MIT
 *
 * The words on the kernel's command line. Parses only; unknown words are
 * counted out by the caller, not refused: a line may serve other kernels too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMMAND_LINE_VALUE_BYTES 64

enum memory_choice { MEMORY_UNSAID = 0, MEMORY_FAST, MEMORY_CHECKED };

enum panic_choice { PANIC_UNSAID = 0, PANIC_HALT, PANIC_REBOOT, PANIC_EXIT };

struct command_line {
    bool selftest;                          /* selftest or selftest=PATTERN */
    char pattern[COMMAND_LINE_VALUE_BYTES]; /* PATTERN; empty for all */
    bool record;                            /* record */
    bool bench;                             /* bench or bench=AREA */
    char area[COMMAND_LINE_VALUE_BYTES];    /* AREA; empty for all */
    bool leave;                             /* exit */
    char provoke[COMMAND_LINE_VALUE_BYTES]; /* provoke=NAME; empty for none */
    enum panic_choice panic;                /* panic=halt|reboot|exit */
    uint64_t fail;                          /* fail=N: the N-th allocation fails; 0: none */
    enum memory_choice memory;              /* memory=fast|checked */
};

/*
 * Read all words of `text`. `unknown` is called with each word that means
 * nothing here, or whose value is not one it can have.
 */
void command_line_parse(const char *text, struct command_line *result,
                        void (*unknown)(const char *word, size_t bytes));

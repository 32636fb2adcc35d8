/* SPDX-License-Identifier: MIT
 *
 * Everything the program says, as text for people or, with --json, as one JSON
 * object on each line of standard output: {"event": ..., "text": ...}.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* Called once, before anything is said. */
void say_start(bool json);
MUST_CHECK bool say_is_json(void);

/* A line of text on standard output; with --json an object with this event. */
void say(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * One line on standard error, with --json an object with event "refused" (nothing
 * was touched) or "failed". Both return false, so that `return say_refused(...)` reads well.
 */
bool say_refused(const char *format, ...) PRINTF_LIKE(1, 2);
bool say_failed(const char *format, ...) PRINTF_LIKE(1, 2);

/* More about a failure, without the program's name before it; "note". */
void say_note(const char *format, ...) PRINTF_LIKE(1, 2);

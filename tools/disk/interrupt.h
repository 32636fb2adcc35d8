/* SPDX-License-Identifier: MIT
 *
 * Ctrl-C, and other requests to end, are noted, so that the program ends where it
 * can say what it has done.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* From here on SIGINT, SIGTERM and SIGHUP are only noted. */
void interrupt_catch(void);

/* Wait until there is something to read, true, or one of them has come, false. */
MUST_CHECK bool interrupt_wait_input(int fd);

/* Whether one has come. */
MUST_CHECK bool interrupt_seen(void);

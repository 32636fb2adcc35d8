/* SPDX-License-Identifier: MIT
 *
 * Port E9h as console: what emulators write to their log.
 */
#pragma once

#include <stdbool.h>

/* Attach it. False: there is none, as on every real machine. */
bool debug_port_begin(void);

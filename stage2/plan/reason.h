/* SPDX-License-Identifier: MIT
 *
 * The sentence of every status, as include/boot/status.h has it.
 */
#pragma once

#include "boot/status.h"

/* Never 0: a number that is no status has a sentence too. */
const char *reason_text(enum boot_status status);

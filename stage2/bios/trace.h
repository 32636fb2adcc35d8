/* SPDX-License-Identifier: MIT
 *
 * The recorded steps of the boot. The 16-bit side began the list; stage 2's C
 * adds to it at the same place.
 */
#pragma once

#include <stdint.h>

#include "boot/steps.h"

/* Note that a step begins now. A full list drops it. */
void trace_step(enum boot_step step, uint32_t argument);

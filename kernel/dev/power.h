/* SPDX-License-Identifier: MIT
 *
 * The ways out of the machine: leave it with a verdict, or start it again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* Where the ACPI tables start; 0 when there are none. */
void power_begin(uint64_t rsdp_phys);

/*
 * Leave: the verdict to an emulator's exit port, then power off by what there
 * is, then halt with a line that says so.
 */
NORETURN void power_leave(bool success);

/* Reset by the keyboard controller, the chipset, or a triple fault. */
NORETURN void power_reset(void);

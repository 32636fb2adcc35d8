/* SPDX-License-Identifier: MIT
 *
 * What "the instructions of a boot" are, for every plugin that counts them: what
 * runs outside the firmware.
 */
#pragma once

#include "qemu_plugin_api.h"

/* Whether an instruction at this linear address is not the firmware's. */
bool outside_firmware(uint64_t address);

/* Count each execution of the instruction in *counter, unless it is the firmware's. */
void outside_count(struct qemu_plugin_insn *insn, uint64_t *counter);

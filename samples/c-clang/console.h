/* SPDX-License-Identifier: MIT
 *
 * Text out, and typed lines in.
 */
#pragma once

#include <stdint.h>

struct boot_info;

/* Set up the serial port, and the screen the loader left. */
void console_start(const struct boot_info *boot);

void say(const char *text);
void say_number(uint64_t number);

/* Wait for a line from the serial port, echoing it; cut to fit, without its end. */
void read_line(char *line, unsigned size);

/* Leave the machine: QEMU by isa-debug-exit, Bochs by its shutdown port, a PC by standing still. */
_Noreturn void leave(void);

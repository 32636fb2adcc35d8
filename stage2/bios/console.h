/* SPDX-License-Identifier: MIT
 *
 * What stage 2's C says, formatted: to the screen, COM1 and port E9h, the same
 * bytes to each. Text is gathered and sent in few trips to real mode.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

/* Formatted text, sent at once. A newline ends a line; nothing is added. */
void console_say(const char *format, ...) PRINTF_LIKE(1, 2);
void console_say_list(const char *format, va_list arguments) PRINTF_LIKE(1, 0);

/* True when the last byte said was not a newline. */
bool console_is_mid_line(void);

/* SPDX-License-Identifier: MIT
 *
 * A line of input: characters are echoed, backspace takes one back. ASCII only.
 */
#pragma once

#include <stddef.h>

/* Wait for a line and its end; what has no room is not taken. Always NUL-terminated. */
void line_read(const char *prompt, char *line, size_t size);

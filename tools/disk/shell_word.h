/* SPDX-License-Identifier: MIT
 *
 * File names in the commands that the program advises to type.
 */
#pragma once

/* The name as one word of a shell: itself, or in quotes. It is kept until the program ends. */
const char *shell_word(const char *name);

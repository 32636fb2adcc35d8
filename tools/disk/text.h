/* SPDX-License-Identifier: MIT
 *
 * Names from foreign disks, made fit for a terminal and for JSON.
 */
#pragma once

#include <stdbool.h>

/*
 * Put a '?' for each control character, which a terminal might obey, and for each
 * byte that is not UTF-8. In place; line ends stay if `keep_lines`.
 */
void text_clean(char *text, bool keep_lines);

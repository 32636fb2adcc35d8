/* SPDX-License-Identifier: MIT
 *
 * The build folder under test: $COLDSTART_BUILD, or `build`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The path of one of its files, in a static buffer that the next call reuses. */
const char *files_path(const char *name);

/* What a machine printed, with a dot for each byte that is no letter. */
void files_show(const char *text, size_t bytes);

/* Read one of its files; returns its length. Ends the program if it is not there or too long. */
size_t files_read(const char *name, uint8_t *bytes, size_t room);

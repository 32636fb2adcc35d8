/* SPDX-License-Identifier: MIT
 *
 * Whole small files, in and out. A file is written under another name and then
 * renamed, so it is there whole or not at all. Problems end the program with
 * one line on standard error.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Say `program: path: what` and leave with status 1; a null `what` means errno's text. */
NORETURN void file_fail(const char *path, const char *what);

/* Read at most `room` bytes; returns how many there were. A longer file returns room + 1. */
size_t file_read(const char *path, uint8_t *buffer, size_t room);

/* Make the file hold exactly these bytes. */
void file_write(const char *path, const uint8_t *bytes, size_t count);

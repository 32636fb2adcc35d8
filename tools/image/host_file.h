/* SPDX-License-Identifier: MIT
 *
 * Files of this machine. Every function ends the program with a sentence when it cannot.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* It must be there, readable, and a plain file. Returns its length. */
uint64_t host_file_need(const char *path);

/* Read its first `bytes` bytes. */
void host_file_read(const char *path, void *to, size_t bytes);

/* Write a new file, whole. */
void host_file_write(const char *path, const void *bytes, size_t count);

/* Write at a place of an open file. */
void host_file_put(int fd, const char *path, uint64_t offset, const void *bytes, size_t count);

uint32_t host_file_crc32c(const char *path);

/* Copy from an offset to the end into a new file; holes stay holes. */
void host_file_copy_from(const char *path, uint64_t offset, const char *to);

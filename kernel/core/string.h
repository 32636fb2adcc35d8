/* SPDX-License-Identifier: MIT
 *
 * Text and bytes: the four routines a compiler may call by itself, and the few
 * questions the loader and the kernel ask of NUL-terminated text. ASCII only
 * where case or digits matter. Nothing here allocates or keeps state.
 * Spec: ISO C17, section 7.24, for the four.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Free-standing worlds link memory.asm or memory_portable.c; the host has its own. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

/* Do they add up to 0, modulo 256? The checksum of ACPI's and SMBIOS's tables. */
bool bytes_sum_to_zero(const uint8_t *bytes, size_t count);

/* Bytes before the NUL. */
size_t string_length(const char *text);

/* Bytes before the NUL, or `limit` when there is none among the first `limit`. */
size_t string_length_within(const char *text, size_t limit);

/* The same bytes? */
bool string_equals(const char *left, const char *right);

/* A-Z as a-z, every other byte as it is. */
char string_fold_letter(char letter);

/* The same bytes once folded, as FAT compares names? */
bool string_equals_folded(const char *left, const char *right);

bool string_starts_with(const char *text, const char *prefix);

/* Does the whole text fit a pattern in which * is any run and ? any one byte? */
bool string_matches(const char *text, const char *pattern);

/* Copy `bytes` of text and end them with NUL; false, and nothing written, without room for both. */
MUST_CHECK bool string_copy(char *to, size_t size, const char *text, size_t bytes);

/* The number that all `bytes` of text spell in base 2..16; false, and nothing written, if none. */
MUST_CHECK bool string_parse_unsigned(const char *text, size_t bytes, unsigned base,
                                      uint64_t *value);

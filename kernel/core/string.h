/* SPDX-License-Identifier: MIT
 *
 * Text and bytes: the four routines a compiler may call by itself, and the
 * questions the loader and the kernel ask of NUL-terminated text. ASCII only
 * where case or digits matter. Nothing here allocates or keeps state. Of C's own
 * functions those that write without a bound, or keep a place, are not here.
 * Spec: ISO C17, section 7.24, named where a function is one of its own.
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

bool bytes_equal(const void *left, const void *right, size_t bytes);

/* The first byte of that value, or NULL (memchr). */
const uint8_t *bytes_find(const void *bytes, uint8_t value, size_t count);

/* Do they add up to 0, modulo 256? The checksum of ACPI's and SMBIOS's tables. */
bool bytes_sum_to_zero(const uint8_t *bytes, size_t count);

/* Bytes before the NUL. */
size_t string_length(const char *text);

/* Bytes before the NUL, or `limit` when there is none among the first `limit`. */
size_t string_length_within(const char *text, size_t limit);

/* Below, equal to or above 0 by the first bytes that differ, as unsigned ones (strcmp, strncmp). */
int string_compare(const char *left, const char *right);
int string_compare_within(const char *left, const char *right, size_t limit);

/* The same bytes? */
bool string_equals(const char *left, const char *right);

/* A-Z as a-z, every other byte as it is. */
char string_fold_letter(char letter);

/* The same bytes once folded, as FAT compares names? */
bool string_equals_folded(const char *left, const char *right);

bool string_starts_with(const char *text, const char *prefix);

/*
 * Where in `text` something is, or NULL: the first or last such letter, the NUL
 * being one (strchr, strrchr); the first letter that is one of several
 * (strpbrk); the first place of another text, which may be empty (strstr).
 */
const char *string_find(const char *text, char letter);
const char *string_find_last(const char *text, char letter);
const char *string_find_any(const char *text, const char *letters);
const char *string_find_text(const char *text, const char *wanted);

/* Letters at the start of `text` that are, or are not, among `letters` (strspn, strcspn). */
size_t string_span(const char *text, const char *letters);
size_t string_span_until(const char *text, const char *letters);

/*
 * The next word of a text, or NULL; words lie between any number of separators.
 * *text goes to behind the word. Writes nothing into the text (as strtok would).
 */
const char *string_next_word(const char **text, const char *separators, size_t *bytes);

/* Does the whole text fit a pattern in which * is any run and ? any one byte? */
bool string_matches(const char *text, const char *pattern);

/* Copy `bytes` of text and end them with NUL; false, and nothing written, without room for both. */
MUST_CHECK bool string_copy(char *to, size_t size, const char *text, size_t bytes);

/* Copy text, or put it behind what `to` has; false when it was cut. NUL ends it, unless size is 0. */
MUST_CHECK bool string_copy_cut(char *to, size_t size, const char *text);
MUST_CHECK bool string_append_cut(char *to, size_t size, const char *text);

/* The number that all `bytes` of text spell in base 2..16; false, and nothing written, if none. */
MUST_CHECK bool string_parse_unsigned(const char *text, size_t bytes, unsigned base,
                                      uint64_t *value);

/* SPDX-License-Identifier: MIT
 *
 * Undefined behaviour in words. Decides the text only. Each function writes one
 * sentence into text[UBSAN_TEXT_BYTES].
 */
#pragma once

#include "kernel/sanitize/ubsan_data.h"

/* A number as its type has it: "-1", "4294967295". */
#define UBSAN_NUMBER_BYTES 24
void ubsan_number(char text[UBSAN_NUMBER_BYTES], const struct ubsan_type *type, uint64_t value);

void ubsan_words_overflow(char *text, const struct ubsan_type *type, char operation, uint64_t left,
                          uint64_t right);
void ubsan_words_negation(char *text, const struct ubsan_type *type, uint64_t value);
void ubsan_words_division(char *text, const struct ubsan_type *type, uint64_t left, uint64_t right);
void ubsan_words_shift(char *text, const struct ubsan_two_types *types, uint64_t left,
                       uint64_t right);
void ubsan_words_index(char *text, const struct ubsan_two_types *types, uint64_t index);
void ubsan_words_mismatch(char *text, const struct ubsan_mismatch *mismatch, uint64_t pointer);
void ubsan_words_pointer(char *text, uint64_t base, uint64_t result);
void ubsan_words_value(char *text, const struct ubsan_type *type, uint64_t value);
void ubsan_words_bound(char *text, const struct ubsan_type *type, uint64_t bound);
void ubsan_words_assumption(char *text, uint64_t pointer, uint64_t alignment, uint64_t offset);

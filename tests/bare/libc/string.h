/* SPDX-License-Identifier: MIT
 *
 * All of C's text and memory functions that there are here: so that foreign test
 * suites can be compiled against the core.
 * Spec: ISO C17, section 7.24.
 */
#pragma once

#include <stddef.h>

#include "text.h"

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

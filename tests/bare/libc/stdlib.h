/* SPDX-License-Identifier: MIT
 *
 * The few functions that foreign tests want besides those they test.
 * Spec: ISO C17, section 7.22.
 */
#pragma once

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX     0x7FFF

_Noreturn void abort(void);
_Noreturn void exit(int status);
void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void free(void *block);
int abs(int value);
int rand(void);
void srand(unsigned seed);

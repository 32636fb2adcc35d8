/* SPDX-License-Identifier: MIT
 *
 * The interrupt descriptor table: all 256 vectors, each with a handler.
 */
#pragma once

#include <stdint.h>

/* Fill and load the IDT. The TSS must be loaded: some gates use its stacks. */
void vectors_begin(void);

/* The address in a vector's gate, for tests. */
uint64_t vector_handler(unsigned vector);

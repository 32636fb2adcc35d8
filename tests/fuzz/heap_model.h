/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a program that uses a heap, and the plainest heap there is to
 * hold against it: a list of what is live. For the fuzz target and the property
 * tests.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/proof/proof_heap.h"

/* Behind the kinds of proof_heap.h: the checked heap over the slab. */
#define HEAP_MODEL_CHECKED (PROOF_SLAB + 1)
#define HEAP_MODEL_KINDS   (PROOF_SLAB + 2)

/*
 * Run the program on an empty heap: steps of HEAP_MODEL_STEP_BYTES, the rest is
 * ignored. Back: what was wrong, as a sentence, or NULL.
 */
#define HEAP_MODEL_STEP_BYTES 4
const char *heap_model_run(unsigned kind, const uint8_t *program, size_t bytes);

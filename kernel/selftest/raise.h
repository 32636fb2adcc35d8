/* SPDX-License-Identifier: MIT
 *
 * raise.asm for C: exceptions that C cannot bring about.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"

/* INT with any vector; not one whose handler expects an error code. */
void raise_interrupt(uint64_t vector);

/* Enter a handler with the frame the CPU would push, with an error code. */
void raise_deliver(uint64_t handler, uint64_t error);

/* x87's #MF, and SSE's #XM where the CPU has it; need the bits of CR0 and CR4. */
void raise_x87(void);
void raise_simd(void);

/* Go on in ring 3; only an exception comes back, so only inside an attempt. */
NORETURN void raise_ring_3(uint64_t rip, uint64_t rflags, uint64_t rdi);

/* Does nothing, at an address of its own. */
void raise_trace_point(void);

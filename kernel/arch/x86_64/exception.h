/* SPDX-License-Identifier: MIT
 *
 * What the CPU and vectors.asm leave on the stack at an exception, and who
 * looks at it: first a running attempt (attempt.h), then the vector's own
 * answer, then the panic.
 */
#pragma once

#include "base/compiler.h"

/* Every register of the interrupted code, lowest address first. */
struct exception_frame {
    uint64_t cr2; /* read at once: a second fault would change it */
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector;
    uint64_t error; /* 0 where the CPU gives none */
    uint64_t rip, cs, rflags, rsp, ss;
};
ASSERT_SIZE(struct exception_frame, 184);
ASSERT_OFFSET(struct exception_frame, rbp, 72);
ASSERT_OFFSET(struct exception_frame, vector, 128);
ASSERT_OFFSET(struct exception_frame, rip, 144);

/* Called by vectors.asm; may change the frame, which then decides where it goes on. */
void exception_dispatch(struct exception_frame *frame);

/* Record the caller's registers as if it had been interrupted at its call. */
void exception_frame_capture(struct exception_frame *frame);

/* Vectors that were not expected and were passed over, so far. */
uint64_t exception_spurious_count(void);

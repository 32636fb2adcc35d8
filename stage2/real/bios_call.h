/* SPDX-License-Identifier: MIT
 *
 * The 64-bit side's verbs: each is one trip long mode -> real mode -> long mode
 * through stage2/mode.asm. Interrupts are off before and after, on inside. The
 * caller's callee-saved registers are kept; nothing above 1 MiB is touched.
 */
#pragma once

#include "base/compiler.h"
#include "stage2/real/answers.h"
#include "stage2/real/exchange.h"

/* The two areas at LOW_EXCHANGE and LOW_ANSWERS; the linker script places them. */
extern struct exchange exchange;
extern struct memory_answers memory_answers;

/* INT `interrupt` with *registers, which are replaced by what came back. */
void bios_call(uint8_t interrupt, struct bios_registers *registers);

/* Make the calls in exchange.disk, in order, up to the first that fails. */
void bios_disk_batch(void);

/*
 * Write `bytes` bytes where exchange.console says: screen, COM1, port E9h, the
 * same bytes to each. Each newline is sent as CR LF. One trip per
 * EXCHANGE_TEXT_BYTES.
 */
void bios_print(const char *text, uint32_t bytes);

/* The end: says so, then any key or 30 seconds, INT 18h, reset. */
NORETURN void real_give_up(void);

/* C's own: the first line of C, and what a CPU exception in the loader calls. */
void loader_main(void);
NORETURN void loader_fault(const struct loader_fault_frame *frame);

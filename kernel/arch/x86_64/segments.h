/* SPDX-License-Identifier: MIT
 *
 * The kernel's own GDT and TSS. Flat segments; the TSS is there for the stacks
 * that exceptions switch to.
 */
#pragma once

#include <stdint.h>

#define SELECTOR_CODE   0x08
#define SELECTOR_DATA   0x10
#define SELECTOR_TSS    0x18
/* A data segment that is not present, for tests: no load of it succeeds. */
#define SELECTOR_ABSENT 0x28

/* Load GDT, segment registers and task register. Interrupts off. */
void segments_begin(void);

/*
 * Load the task register anew with so many bytes of the TSS, for tests: what an
 * exception wants from beyond raises #TS. segments_begin puts it right.
 */
void segments_shorten_tss(uint16_t bytes);

/* SPDX-License-Identifier: MIT
 *
 * The kernel's own GDT and TSS. Flat segments; the TSS is there for the stacks
 * that exceptions switch to.
 */
#pragma once

#include <stdint.h>

#define SELECTOR_CODE      0x08
#define SELECTOR_DATA      0x10
#define SELECTOR_TSS       0x18
/* A data segment that is not present, for tests: no load of it succeeds. */
#define SELECTOR_ABSENT    0x28
/* Ring 3's, with the ring in their lowest bits. */
#define SELECTOR_USER_DATA 0x33
#define SELECTOR_USER_CODE 0x3B
#define SELECTOR_RING      0x03

/* Load GDT, segment registers and task register. Interrupts off. */
void segments_begin(void);

/*
 * Load the task register anew with so many bytes of the TSS, for tests: what an
 * exception wants from beyond raises #TS. segments_begin puts it right.
 */
void segments_shorten_tss(uint16_t bytes);

/* Where the stack is when ring 3 is interrupted: the address behind its last byte. */
void segments_set_ring_0_stack(uint64_t top);

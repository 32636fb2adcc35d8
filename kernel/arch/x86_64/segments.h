/* SPDX-License-Identifier: MIT
 *
 * The kernel's own GDT and TSS. Flat segments; the TSS is there for the stacks
 * that exceptions switch to.
 */
#pragma once

#define SELECTOR_CODE   0x08
#define SELECTOR_DATA   0x10
#define SELECTOR_TSS    0x18
/* A data segment that is not present, for tests: no load of it succeeds. */
#define SELECTOR_ABSENT 0x28

/* Load GDT, segment registers and task register. Interrupts off. */
void segments_begin(void);

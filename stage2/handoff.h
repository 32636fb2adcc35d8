/* SPDX-License-Identifier: MIT
 *
 * The last instructions of the loader, and where both address spaces see them.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"
#include "hw/paging.h"
#include "stage2/loader.h"

/* What lies in the hand-off region: a hole is left on each side of the stack. */
#define HANDOFF_CODE      BOOT_HANDOFF_BASE
#define HANDOFF_STACK     (HANDOFF_CODE + 2ULL * PAGE_BYTES)
#define HANDOFF_STACK_END (HANDOFF_STACK + BOOT_STACK_BYTES)

/* Position-independent: a copy runs at HANDOFF_CODE (handoff.asm). */
extern const uint8_t handoff_code[];
extern const uint8_t handoff_code_end[];

/* How the copy is called; it does not return. */
typedef NORETURN void handoff_call(uint64_t boot_info_virt, uint64_t page_table_phys,
                                   uint64_t stack_end, uint64_t entry);

/* Build the kernel's boot_info; its physical address. Takes memory. */
uint64_t boot_info_build(struct loader *loader);

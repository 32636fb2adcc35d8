/* SPDX-License-Identifier: MIT
 *
 * The hand-off as the rest of the kernel sees it: checked once, then read
 * through pointers instead of physical addresses.
 */
#pragma once

#include "boot/boot_info.h"

/*
 * Check the hand-off and keep it; panics with the broken rule. `entry_tsc` is
 * the time stamp at the kernel's first instruction.
 */
void boot_accept(const struct boot_info *info, uint64_t entry_tsc);

/*
 * Copy it, with all that it leads to, into the kernel's own frames: what follows
 * reads the copy, and the loader's memory is nobody's. Pointers from before are not to be used.
 */
void boot_keep(void);

const struct boot_info *boot_info_get(void);
uint64_t boot_entry_tsc(void);

/* The tables; each has as many entries as boot_info says. */
const struct boot_memory_range *boot_memory(void);
const struct boot_e820_answer *boot_e820(void);
const struct boot_module *boot_modules(void);
const struct boot_segment *boot_segments(void);
const struct boot_trace_record *boot_trace(void);
const char *boot_module_name(const struct boot_module *module);
const char *boot_command_line(void);

/* The CRC-32C of the kernel's code as it runs: which build this is. */
uint32_t boot_kernel_build(void);

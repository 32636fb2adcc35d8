/* SPDX-License-Identifier: MIT
 *
 * Where our kernel is linked, and where in physical memory a loader puts it that
 * goes by the file's physical addresses (GRUB, QEMU's -kernel). Ours does not:
 * it chooses a place. Plain defines, for the linker script, NASM and C.
 */
#pragma once

#define KERNEL_BASE 0xFFFFFFFF80000000 /* virtual; the -2 GiB code model's */
#define KERNEL_PHYS 0x200000           /* a large page's start, above low memory and ISA */

/* SPDX-License-Identifier: MIT
 *
 * Where the kernel's own image lies in virtual memory. Every name is a label
 * of kernel.ld: its address counts, there is nothing to read behind it.
 */
#pragma once

extern const char kernel_base[]; /* first byte of the image */
extern const char kernel_text_first[], kernel_text_end[];
extern const char kernel_rodata_first[], kernel_rodata_end[];
extern const char kernel_data_first[], kernel_data_end[];
extern const char kernel_symbols_first[], kernel_symbols_end[];
extern const char kernel_end[]; /* behind the last byte */

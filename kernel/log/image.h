/* SPDX-License-Identifier: MIT
 *
 * Where the kernel's own image lies in virtual memory. Every name is a label
 * of kernel.ld: its address counts, there is nothing to read behind it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

extern const char kernel_base[]; /* first byte of the image */
extern const char kernel_text_first[], kernel_text_end[];
extern const char kernel_rodata_first[], kernel_rodata_end[];
extern const char kernel_data_first[], kernel_data_end[];
extern const char kernel_symbols_first[], kernel_symbols_end[];
extern const char kernel_end[]; /* behind the last byte */

/* What is mapped alike: a run of whole pages, whose ends the labels may leave open. */
struct image_section {
    const char *name;
    const char *first;
    const char *end;
    bool writable;
    bool executable;
};

/* All but the stacks of kernel.ld (kernel/arch/x86_64/stacks.h), in its order: the symbols are last. */
#define IMAGE_SECTIONS 4
extern const struct image_section image_sections[IMAGE_SECTIONS];

/* The section that an address lies in; NULL: none. */
const struct image_section *image_section_of(uint64_t address);

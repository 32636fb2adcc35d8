/* SPDX-License-Identifier: MIT
 *
 * Page table entries in words. Decides the text only: nothing is read and
 * nothing is printed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What of an entry depends on the CPU. */
struct page_rules {
    unsigned physical_bits; /* address bits above these are reserved */
    bool no_execute;        /* EFER_NXE is set; else XD is reserved */
    bool huge_pages;        /* PS is allowed in level 3 */
};

/*
 * One entry of a level, 1 to TABLE_LEVELS_57; level 1 is the page table:
 * "present, writable, no-execute: 4 KiB at 0x1234000", "not present".
 * Back: the bytes written before the NUL.
 */
size_t page_entry_describe(char *text, size_t size, uint64_t entry, unsigned level);

/* Which reserved bit of a present entry is set, in words; NULL: none. */
const char *page_entry_reserved(const struct page_rules *rules, uint64_t entry, unsigned level);

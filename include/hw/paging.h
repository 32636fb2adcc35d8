/* SPDX-License-Identifier: MIT
 *
 * Page table entries of long mode: bits, levels and page sizes. Plain defines,
 * shared with NASM. Says nothing about who maps what.
 * Spec: Intel SDM, volume 3A, chapter 4, tables 4-15 to 4-20.
 */
#pragma once

#define PAGE_BYTES      0x1000
#define PAGE_SHIFT      12
#define TABLE_ENTRIES   512
#define TABLE_SHIFT     9 /* bits of an address that one level decides */
#define TABLE_LEVELS    4 /* PML4, PDPT, PD, PT */
#define TABLE_LEVELS_57 5 /* with CR4_LA57 */

#define PAGE_BYTES_LARGE 0x200000   /* PS in level 2 */
#define PAGE_BYTES_HUGE  0x40000000 /* PS in level 3 */

/* Bits of an entry; the manual's R/W, U/S and XD. */
#define PTE_P    0x0000000000000001 /* present */
#define PTE_RW   0x0000000000000002 /* writable */
#define PTE_US   0x0000000000000004 /* ring 3 may */
#define PTE_PWT  0x0000000000000008
#define PTE_PCD  0x0000000000000010 /* not cached */
#define PTE_A    0x0000000000000020 /* accessed */
#define PTE_D    0x0000000000000040 /* dirty */
#define PTE_PS   0x0000000000000080 /* the entry is a large page, not a table */
#define PTE_G    0x0000000000000100 /* survives a load of CR3 */
#define PTE_XD   0x8000000000000000 /* no-execute; reserved unless EFER_NXE */
#define PTE_ADDR 0x000FFFFFFFFFF000

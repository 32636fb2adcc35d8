/* SPDX-License-Identifier: MIT
 *
 * The map of low memory while the loader runs: one address, one place. Plain
 * defines, so NASM and the linker scripts get the same numbers. All of it lies
 * below the lowest EBDA a PC is known to have, and is free again in the kernel.
 */
#pragma once

/* The 16-bit parts' exchange with the 64-bit parts (stage2/real/exchange.h). */
#define LOW_EXCHANGE       0x1000
#define LOW_EXCHANGE_BYTES 0x1000

/* The 16-bit parts' own variables, away from their code, zeroed on entry. */
#define LOW_REAL_BSS       0x2000
#define LOW_REAL_BSS_BYTES 0x1000

/* What the BIOS answered about memory, word for word (stage2/real/answers.h). */
#define LOW_ANSWERS       0x3000
#define LOW_ANSWERS_BYTES 0x3000

/* The real-mode stack; stage 1 and every BIOS call use it, top downward. */
#define LOW_REAL_STACK     0x6000
#define LOW_REAL_STACK_TOP 0x7BE8

/* What the BIOS had in its registers: struct stage1_entry, the first that is pushed. */
#define LOW_STAGE1_ENTRY 0x7BE8

/* The boot sector, where the BIOS puts it. */
#define LOW_STAGE1       0x7C00
#define LOW_STAGE1_BYTES 0x200

/* Stage 2: its file image, then its zeroed data. */
#define LOW_STAGE2           0x8000
#define LOW_STAGE2_BYTES     0x10000
#define LOW_STAGE2_BSS       0x18000
#define LOW_STAGE2_BSS_BYTES 0x8000

/* The loader's page tables (identity, 4 GiB): PML4, PDPT, four PDs. */
#define LOW_PAGE_TABLES       0x20000
#define LOW_PAGE_TABLES_BYTES 0x6000

/* The loader's 64-bit stack. */
#define LOW_STACK           0x28000
#define LOW_FAULT_STACK_TOP 0x2A000 /* its lowest part, for CPU exceptions alone */
#define LOW_STACK_TOP       0x30000

/* Four windows for INT 13h, each one 64 KiB segment: no read crosses one. */
#define LOW_DISK              0x30000
#define LOW_DISK_WINDOW_BYTES 0x10000
#define LOW_DISK_WINDOWS      4

/* A window of the FAT, and room for the text of coldstart.cfg and VBE blocks. */
#define LOW_FAT_WINDOW       0x70000
#define LOW_FAT_WINDOW_BYTES 0x8000
#define LOW_SCRATCH          0x78000
#define LOW_SCRATCH_BYTES    0x8000

/* The lowest address an EBDA is expected at; nothing of ours reaches it. */
#define LOW_EBDA_FLOOR 0x80000

_Static_assert(LOW_EXCHANGE + LOW_EXCHANGE_BYTES <= LOW_REAL_BSS, "exchange below variables");
_Static_assert(LOW_REAL_BSS + LOW_REAL_BSS_BYTES <= LOW_ANSWERS, "variables below answers");
_Static_assert(LOW_ANSWERS + LOW_ANSWERS_BYTES <= LOW_REAL_STACK, "answers below stack");
_Static_assert(LOW_REAL_STACK < LOW_REAL_STACK_TOP, "a stack with room");
_Static_assert(LOW_REAL_STACK_TOP <= LOW_STAGE1_ENTRY, "stack below the BIOS's registers");
_Static_assert(LOW_STAGE1_ENTRY < LOW_STAGE1, "the BIOS's registers below stage 1");
_Static_assert(LOW_STAGE1 + LOW_STAGE1_BYTES <= LOW_STAGE2, "stage 1 below stage 2");
_Static_assert(LOW_STAGE2 + LOW_STAGE2_BYTES <= LOW_STAGE2_BSS, "image below bss");
_Static_assert(LOW_STAGE2_BSS + LOW_STAGE2_BSS_BYTES <= LOW_PAGE_TABLES, "bss below tables");
_Static_assert(LOW_PAGE_TABLES + LOW_PAGE_TABLES_BYTES <= LOW_STACK, "tables below stack");
_Static_assert(LOW_STACK < LOW_FAULT_STACK_TOP, "a fault stack with room");
_Static_assert(LOW_FAULT_STACK_TOP < LOW_STACK_TOP, "a stack above the fault stack");
_Static_assert(LOW_STACK_TOP <= LOW_DISK, "stack below disk");
_Static_assert(LOW_DISK % LOW_DISK_WINDOW_BYTES == 0, "a window is one 64 KiB segment");
_Static_assert(LOW_DISK + LOW_DISK_WINDOW_BYTES * LOW_DISK_WINDOWS <= LOW_FAT_WINDOW, "disk");
_Static_assert(LOW_FAT_WINDOW + LOW_FAT_WINDOW_BYTES <= LOW_SCRATCH, "FAT below scratch");
_Static_assert(LOW_SCRATCH + LOW_SCRATCH_BYTES <= LOW_EBDA_FLOOR, "all below the EBDA");

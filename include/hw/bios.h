/* SPDX-License-Identifier: MIT
 *
 * The PC BIOS: interrupt numbers, the functions that need no record, and the
 * BIOS data area's fields. Plain defines, shared with NASM. Disk functions are
 * in edd.h.
 * Spec: IBM PC/AT Technical Reference, section 5; Ralf Brown's Interrupt List;
 * ACPI 6.4, section 15.1 (E820).
 */
#pragma once

#define INT_VIDEO       0x10
#define INT_MEMORY_SIZE 0x12 /* AX = KiB from 0 */
#define INT_SYSTEM      0x15
#define INT_KEYBOARD    0x16
#define INT_NO_BOOT     0x18 /* this device did not boot: try the next */

#define INT10_TELETYPE      0x0E /* AH; AL byte, BH page, BL colour in graphics modes */
#define TELETYPE_COLOUR     0x07
#define INT15_A20_ON        0x2401 /* AX */
#define INT15_E801          0xE801 /* AX; AX, CX: KiB from 1 to 16 MiB; BX, DX: 64 KiB above */
#define INT15_EXTENDED      0x88   /* AH; AX = KiB above 1 MiB */
#define INT15_E820          0xE820 /* EAX */
#define E820_SIGNATURE      0x534D4150
#define E820_BYTES          20   /* an answer as first defined */
#define E820_BYTES_EXTENDED 24   /* ... and with ACPI 3.0's attributes */
#define INT16_READ          0x00 /* AH: take a key, wait for one */
#define INT16_PEEK          0x01 /* AH: ZF = 0 when a key waits */

/* The BIOS data area, physical addresses. */
#define BDA_EBDA_SEGMENT 0x40E /* 16 bits; 0: none */
#define BDA_ACTIVE_PAGE  0x462 /* 8 bits: the text page that is shown */
#define BDA_TICKS        0x46C /* 32 bits, 18.2 a second since midnight */

#define BIOS_TICKS_30_S 546 /* 30 seconds at 18.2 ticks a second */

/* SPDX-License-Identifier: MIT
 *
 * Single ports of the PC and of the emulators that play one. Plain defines,
 * shared with NASM.
 * Spec: QEMU hw/misc/debugexit.c and hw/char/debugcon.c by behaviour, Bochs
 * user manual "port_e9_hack"; Intel ICH9 data sheet (ports 61h, CF9h).
 */
#pragma once

/* QEMU's debugcon and Bochs's port_e9_hack: reads back its own number. */
#define PORT_DEBUG_CONSOLE 0xE9

/* QEMU's isa-debug-exit: ends the machine with status (value << 1) | 1. */
#define PORT_DEBUG_EXIT    0xF4
#define DEBUG_EXIT_SUCCESS 0x10
#define DEBUG_EXIT_FAILURE 0x11

/* Bochs: the letters "Shutdown", one by one, end it. */
#define PORT_BOCHS_SHUTDOWN 0x8900

/* POST codes go here; a read takes about a microsecond and has no effect. */
#define PORT_POST 0x80

/* System control port A of the PS/2: "fast A20". */
#define PORT_SYSTEM_A  0x92
#define SYSTEM_A_RESET 0x01 /* writing 1 resets the CPU (Q59) */
#define SYSTEM_A_A20   0x02
#define PORT_ABSENT    0xFF /* what a port without a device reads as */

/* NMI status: who raised it. */
#define PORT_NMI_STATUS   0x61
#define NMI_STATUS_PARITY 0x80 /* memory parity or SERR# */
#define NMI_STATUS_IOCHK  0x40 /* an expansion card */

/* The chipset's reset control. */
#define PORT_RESET         0xCF9
#define RESET_HARD_PREPARE 0x02
#define RESET_HARD_NOW     0x06

/* Interrupt masks of the two 8259As. Spec: Intel 8259A data sheet, OCW1. */
#define PIC_MASTER_MASK 0x21
#define PIC_SLAVE_MASK  0xA1
#define PIC_MASK_ALL    0xFF

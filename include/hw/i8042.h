/* SPDX-License-Identifier: MIT
 *
 * The keyboard controller and what a PS/2 keyboard sends through it, in scan
 * code set 1. Plain defines.
 * Spec: IBM PS/2 Hardware Interface Technical Reference, "Keyboard and
 * Auxiliary Device Controller".
 */
#pragma once

#define I8042_DATA    0x60
#define I8042_STATUS  0x64 /* when read */
#define I8042_COMMAND 0x64 /* when written */

#define I8042_STATUS_OUTPUT 0x01 /* a byte waits for us */
#define I8042_STATUS_INPUT  0x02 /* our last byte has not been taken */
#define I8042_STATUS_AUX    0x20 /* the waiting byte is the mouse's */
#define I8042_ABSENT        0xFF /* every port without a device reads so */

#define I8042_WRITE_OUTPUT 0xD1 /* command: the next data byte goes to the output port */
#define I8042_NULL         0xFF /* command: does nothing, ends a D1h for USB legacy SMM (Q58) */

#define I8042_OUTPUT_A20_ON 0xDF /* output port: A20 on, reset line high, clocks as usual */

#define I8042_PULSE_RESET 0xFE /* command: pulse the CPU's reset line */

#define SCANCODE_EXTENDED    0xE0 /* prefix */
#define SCANCODE_RELEASED    0x80 /* bit: the key went up */
#define SCANCODE_ENTER       0x1C /* the keypad's: the same behind the prefix */
#define SCANCODE_CONTROL     0x1D
#define SCANCODE_SHIFT_LEFT  0x2A
#define SCANCODE_SHIFT_RIGHT 0x36
#define SCANCODE_CAPS_LOCK   0x3A

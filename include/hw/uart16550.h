/* SPDX-License-Identifier: MIT
 *
 * The 16550 UART of a PC's serial port: register offsets from its I/O base and
 * the bits we use. Plain defines, shared with NASM.
 * Spec: National Semiconductor PC16550D data sheet, section 8.
 */
#pragma once

#define UART_COM1 0x3F8

#define UART_DATA    0 /* THR when written, RBR when read; with DLAB the divisor's low byte */
#define UART_IER     1 /* interrupt enable; with DLAB the divisor's high byte */
#define UART_FCR     2 /* FIFO control */
#define UART_LCR     3 /* line control */
#define UART_MCR     4 /* modem control */
#define UART_LSR     5 /* line status */
#define UART_SCRATCH 7 /* keeps what is written: proof that a UART is there */

#define UART_LCR_8N1  0x03
#define UART_LCR_DLAB 0x80

#define UART_FCR_ENABLE 0x07 /* FIFOs on and emptied */

#define UART_MCR_DTR  0x01
#define UART_MCR_RTS  0x02
#define UART_MCR_OUT1 0x04
#define UART_MCR_OUT2 0x08
#define UART_MCR_LOOP 0x10 /* what is sent comes back */

#define UART_LSR_DR   0x01 /* a byte has come in */
#define UART_LSR_THRE 0x20 /* a byte may be sent */
#define UART_LSR_TEMT 0x40 /* the last byte has left, to its stop bit */

#define UART_DIVISOR_115200 1
#define UART_CLOCK_BAUD     115200 /* the rate at divisor 1 */

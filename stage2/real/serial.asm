; SPDX-License-Identifier: MIT
;
; COM1 at 115200 8N1, sending only, without interrupts. Every wait is bounded: a
; machine without a UART, or with one that never gets ready, boots all the same.
; Spec: National Semiconductor PC16550D data sheet, section 8.
%include "constants.inc"

global real_serial_start
global real_serial_byte

; A byte takes 87 us at 115200 baud, a full FIFO 1.4 ms; a port read about 1 us.
SERIAL_READY_TRIES  equ 20000
SCRATCH_PATTERN     equ 0xA5

bits 16
section .real progbits alloc exec nowrite align=16

; uart_write REGISTER, VALUE: uses al and dx.
%macro uart_write 2
        mov     dx, UART_COM1 + %1
        mov     al, %2
        out     dx, al
%endmacro

; -----------------------------------------------------------------------------
; real_serial_start: set COM1 up, if it is there.
;
; in    nothing
; out   CF = 0      it is there and set up
;       CF = 1      no UART: its scratch register does not keep what is written
; keeps all but flags
; stack 6 bytes
; needs real mode
; -----------------------------------------------------------------------------
real_serial_start:
        push    ax
        push    dx
        uart_write UART_SCRATCH, SCRATCH_PATTERN
        in      al, dx
        cmp     al, SCRATCH_PATTERN
        jne     .absent
        uart_write UART_SCRATCH, ~SCRATCH_PATTERN & 0xFF
        in      al, dx                  ; twice: a bus may echo the last byte for a while
        cmp     al, ~SCRATCH_PATTERN & 0xFF
        jne     .absent
        uart_write UART_IER, 0
        uart_write UART_LCR, UART_LCR_DLAB
        uart_write UART_DATA, UART_DIVISOR_115200 & 0xFF
        uart_write UART_IER, UART_DIVISOR_115200 >> 8
        uart_write UART_LCR, UART_LCR_8N1
        uart_write UART_FCR, UART_FCR_ENABLE
        uart_write UART_MCR, UART_MCR_DTR | UART_MCR_RTS
        clc
        jmp     .done
.absent:
        stc
.done:
        pop     dx
        pop     ax
        ret

; -----------------------------------------------------------------------------
; real_serial_byte: send one byte.
;
; in    al          the byte
; out   CF = 0      sent
;       CF = 1      the UART did not get ready within SERIAL_READY_TRIES reads
; keeps all but flags
; stack 8 bytes
; needs real mode, real_serial_start succeeded
; -----------------------------------------------------------------------------
real_serial_byte:
        push    ax
        push    cx
        push    dx
        mov     ah, al
        mov     dx, UART_COM1 + UART_LSR
        mov     cx, SERIAL_READY_TRIES
.wait:
        in      al, dx
        test    al, UART_LSR_THRE
        jnz     .ready
        loop    .wait
        stc
        jmp     .done
.ready:
        mov     dx, UART_COM1 + UART_DATA
        mov     al, ah
        out     dx, al
        clc
.done:
        pop     dx
        pop     cx
        pop     ax
        ret

; SPDX-License-Identifier: MIT
;
; A20 through the keyboard controller, the AT's own way and our last. Every wait is
; bounded, for there are machines without a controller (Q56). Believes nothing:
; its caller tests.
; Spec: IBM PC/AT Technical Reference, section 1, "8042 keyboard controller".
%include "constants.inc"

global real_a20_by_keyboard

; Tries of about 1 us each; the controller of an AT takes up to 20 ms a command.
READY_TRIES     equ 0xFFFF
DRAIN_BYTES     equ 16                  ; more than a controller holds

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_a20_by_keyboard: set the A20 bit of the controller's output port.
;
; in    nothing
; out   nothing: where there is no controller, or it is not ready, nothing happens
; keeps all but flags
; stack 12 bytes
; needs real mode
; -----------------------------------------------------------------------------
real_a20_by_keyboard:
        push    ax
        push    cx
        pushf
        cli                             ; the BIOS's keyboard handler would take our bytes
        in      al, I8042_STATUS
        cmp     al, I8042_ABSENT
        je      .done
        call    ready
        jc      .done
        mov     al, I8042_WRITE_OUTPUT
        out     I8042_COMMAND, al
        call    ready
        jc      .done
        mov     al, I8042_OUTPUT_A20_ON
        out     I8042_DATA, al
        call    ready
        jc      .done
        mov     al, I8042_NULL          ; USB legacy emulations wait for it (Q58)
        out     I8042_COMMAND, al
        call    ready
.done:
        popf
        pop     cx
        pop     ax
        ret

; ready: empty the output buffer (a byte left there keeps the keyboard dead, Q61)
; and wait until the next byte may be written. CF = 1: not within READY_TRIES.
; Changes ax and cx.
ready:
        mov     cx, READY_TRIES
        mov     ah, DRAIN_BYTES
.look:
        in      al, PORT_POST           ; about 1 us
        in      al, I8042_STATUS
        test    al, I8042_STATUS_OUTPUT
        jz      .empty
        in      al, I8042_DATA
        dec     ah
        jnz     .look
        jmp     .not_ready              ; it never ends: no controller answers like that
.empty:
        test    al, I8042_STATUS_INPUT
        jz      .ready
        loop    .look
.not_ready:
        stc
        ret
.ready:
        clc
        ret

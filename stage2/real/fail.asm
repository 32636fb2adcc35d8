; SPDX-License-Identifier: MIT
;
; How the 16-bit parts report an error: the line, and its code on the POST port.
; The sentences come from include/boot/status.h through texts.c.
%include "constants.inc"

global real_error

extern real_console_text
extern real_console_hex

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_error: write `coldstart: error Exx: sentence` on a line of its own, and xx
; to the POST port. The caller adds details and leaves by real_stop.
;
; in    al          code (BOOT_E_...)
;       si          its sentence (text_BOOT_E_...)
; out   nothing
; keeps all but flags
; stack 80 bytes plus what the BIOS uses
; needs real mode, ds = 0, DF = 0
; -----------------------------------------------------------------------------
real_error:
        pushad
        out     PORT_POST, al
        push    si
        mov     si, text_error
        call    real_console_text
        shl     eax, 24                 ; the code's two digits become the highest
        mov     cx, 2
        call    real_console_hex
        mov     si, text_colon
        call    real_console_text
        pop     si
        call    real_console_text
        popad
        ret

section .real.data progbits alloc noexec write align=16

text_error:     db `\ncoldstart: error E`, 0
text_colon:     db `: `, 0

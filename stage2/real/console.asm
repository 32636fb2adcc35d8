; SPDX-License-Identifier: MIT
;
; The console of the 16-bit parts, and of C through bios_print: the same bytes to
; the screen (INT 10h teletype), to COM1 and to port E9h, each only while its bit
; in exchange.console is set. Reads no keys; knows no colours and no cursor.
; Spec: Ralf Brown's Interrupt List, INT 10h AH=0Eh; Bochs user manual,
; port_e9_hack.
%include "constants.inc"

global real_console_start
global real_console_byte
global real_console_text
global real_console_block
global real_console_hex

extern real_serial_start
extern real_serial_byte

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_console_start: find out where console bytes can go.
;
; in    nothing
; out   exchange.console
; keeps all but flags
; stack 8 bytes
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_console_start:
        push    ax
        mov     byte [LOW_EXCHANGE + exchange.console], CONSOLE_SCREEN
        in      al, PORT_DEBUG_CONSOLE
        cmp     al, PORT_DEBUG_CONSOLE  ; a real PC has something else there, or nothing
        jne     .no_debug_port
        or      byte [LOW_EXCHANGE + exchange.console], CONSOLE_E9
.no_debug_port:
        call    real_serial_start
        jc      .no_serial
        or      byte [LOW_EXCHANGE + exchange.console], CONSOLE_SERIAL
.no_serial:
        pop     ax
        ret

; -----------------------------------------------------------------------------
; real_console_byte: write one byte; a newline goes out as CR LF.
;
; in    al          the byte
; out   nothing
; keeps all but flags
; stack 52 bytes plus what the BIOS uses
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_console_byte:
        cmp     al, `\n`
        jne     .as_it_is
        mov     al, `\r`
        call    .as_it_is
        mov     al, `\n`
.as_it_is:
        test    byte [LOW_EXCHANGE + exchange.console], CONSOLE_E9
        jz      .no_debug_port
        out     PORT_DEBUG_CONSOLE, al
.no_debug_port:
        test    byte [LOW_EXCHANGE + exchange.console], CONSOLE_SERIAL
        jz      .no_serial
        call    real_serial_byte
        jnc     .no_serial
        ; A UART that takes no byte in all that time takes none later either.
        and     byte [LOW_EXCHANGE + exchange.console], ~CONSOLE_SERIAL & 0xFF
.no_serial:
        test    byte [LOW_EXCHANGE + exchange.console], CONSOLE_SCREEN
        jz      .done
        call    screen_byte
.done:
        ret

; screen_byte: al to the screen. The teletype reports nothing, so no failure can
; be seen; that bp (Q36), ax (Q37) and the rest come back is our business.
screen_byte:
        pushad
        push    ds
        push    es
        mov     bh, byte [BDA_ACTIVE_PAGE]  ; not every firmware leaves page 0 shown (Q38)
        mov     bl, TELETYPE_COLOUR
        mov     ah, INT10_TELETYPE
        int     INT_VIDEO
        cld
        pop     es
        pop     ds
        popad
        ret

; -----------------------------------------------------------------------------
; real_console_text: write a text.
;
; in    si          the text, NUL-terminated, in segment 0
; out   nothing
; keeps all but flags
; stack 58 bytes plus what the BIOS uses
; needs real mode, ds = 0, DF = 0
; -----------------------------------------------------------------------------
real_console_text:
        push    ax
        push    si
.next_byte:
        lodsb
        test    al, al
        jz      .done
        call    real_console_byte
        jmp     .next_byte
.done:
        pop     si
        pop     ax
        ret

; -----------------------------------------------------------------------------
; real_console_block: write a number of bytes.
;
; in    si          the first byte, in segment 0
;       cx          how many; 0 is allowed
; out   nothing
; keeps all but flags
; stack 60 bytes plus what the BIOS uses
; needs real mode, ds = 0, DF = 0
; -----------------------------------------------------------------------------
real_console_block:
        pusha
        jcxz    .done
.next_byte:
        lodsb
        call    real_console_byte
        loop    .next_byte
.done:
        popa
        ret

; -----------------------------------------------------------------------------
; real_console_hex: write the highest digits of a number in hexadecimal.
;
; in    eax         the number
;       cx          how many digits, 1 to 8
; out   nothing
; keeps all but flags
; stack 66 bytes plus what the BIOS uses
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_console_hex:
        pushad
        mov     ebx, eax
.next_digit:
        rol     ebx, 4
        mov     al, bl
        and     al, 0x0F
        cmp     al, 10
        sbb     al, 0x69                ; the classic: 0-9 and A-F without a table
        das
        call    real_console_byte
        loop    .next_digit
        popad
        ret

; SPDX-License-Identifier: MIT
;
; What boots a disk before Coldstart is installed on it: says so on COM1 and port
; E9h, and ends the machine. Needs nothing but itself. Asks no BIOS.
; Entered at 0000:7C00 in real mode.

%include "constants.inc"

        bits    16
        cpu     386
        org     LOW_STAGE1

DEBUG_EXIT      equ 0xF4                ; QEMU isa-debug-exit
EXIT_GOOD       equ 0x10

        xor     ax, ax
        mov     ds, ax
        cld
        mov     si, text
.letter:
        lodsb
        out     PORT_DEBUG_CONSOLE, al
        mov     dx, UART_COM1
        out     dx, al
        test    al, al
        jnz     .letter
        mov     al, EXIT_GOOD
        out     DEBUG_EXIT, al
.stay:
        hlt
        jmp     .stay

text:   db      "the old boot sector", 13, 10, 0

        times   MBR_CODE_END - ($ - $$) db 0

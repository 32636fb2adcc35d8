; SPDX-License-Identifier: MIT
;
; A boot sector that asks the BIOS for everything that a boot path must not ask: the
; hostile firmware must report each. Then it ends the machine.
; Spec: EDD 3.0; Ralf Brown's Interrupt List.

%include "constants.inc"

        bits    16
        cpu     386
        org     LOW_STAGE1

DEBUG_EXIT      equ 0xF4
EXIT_GOOD       equ 0x10
BUFFER_SEGMENT  equ 0x3000
LAST_BUFFER     equ 0xFF00              ; less than a sector below the line of 64 KiB
OTHER_DRIVE     equ 0x8F
INT13_TEST      equ 0x10

%macro packet 4                         ; sectors, offset, LBA low, LBA high
        align   4, db 0
        db      edd_packet_size, 0
        dw      %1, %2, BUFFER_SEGMENT
        dd      %3, %4
%endmacro

%macro read 1                           ; by that packet
        mov     si, %1
        mov     ah, INT13_EDD_READ
        mov     dl, 0x80
        int     INT13
%endmacro

        jmp     0:.canonical
.canonical:
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, LOW_STAGE1
        sti

        mov     ah, INT13_EDD_CHECK     ; S: ds = 0
        mov     bx, EDD_CHECK_IN
        mov     dl, 0x80
        int     INT13
        read    across                  ; P
        read    many                    ; N
        read    high                    ; H
        mov     ah, INT13_GEOMETRY      ; G: es:di is not 0:0
        mov     dl, 0x80
        mov     di, 1
        int     INT13
        std                             ; F
        cli                             ; I
        mov     ah, INT13_TEST          ; W
        mov     dl, 0x80
        int     INT13
        cld
        sti
        mov     ax, (INT10_TELETYPE << 8) + 'x'
        mov     bx, 0x0200              ; V: page 2
        int     INT_VIDEO
        mov     ah, INT13_RESET         ; D
        mov     dl, OTHER_DRIVE
        int     INT13
        mov     ax, BUFFER_SEGMENT      ; T: sectors 7, 8 and 9 of a track
        mov     es, ax
        mov     ax, (INT13_READ_CHS << 8) + 3
        xor     bx, bx
        mov     cx, 7
        mov     dx, 0x80
        int     INT13
        mov     al, EXIT_GOOD
        cmp     byte [wait_for_key], 0
        je      .leave
        mov     ah, INT16_READ          ; K
        int     INT_KEYBOARD
.leave:
        out     DEBUG_EXIT, al
.halt:
        hlt
        jmp     .halt

across:         packet 1, LAST_BUFFER, 0, 0
many:           packet 128, 0, 0, 0
high:           packet 1, 0, 0, 1

        times   0x1BE - ($ - $$) db 0
wait_for_key:   db 0                    ; the test may set it
        times   0x1FE - ($ - $$) db 0
        dw      0xAA55

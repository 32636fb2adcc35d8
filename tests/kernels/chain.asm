; SPDX-License-Identifier: MIT
;
; The boot sector of a boot manager: on the first hard disk, it starts the
; second one. So a loader comes in with DL = 81h, as few BIOSes do it (Q3), or,
; with -DSAID=0x80, with a DL that is a lie (Q2). Asks nothing, shows nothing.
; Entered at 0000:7C00 in real mode.

%include "constants.inc"

MOVED           equ 0x0600              ; where boot managers go, out of the way
DRIVE           equ STAGE1_DRIVE_FIRST + 1
READS           equ 1

%ifndef SAID
SAID            equ DRIVE
%endif

        bits    16
        cpu     386
        org     MOVED

chain_start:
        cli
        xor     ax, ax
        mov     ss, ax
        mov     sp, LOW_STAGE1
        mov     ds, ax
        mov     es, ax
        sti
        cld
        mov     si, LOW_STAGE1
        mov     di, MOVED
        mov     cx, SECTOR_BYTES / 2
        rep movsw
        jmp     0:.moved
.moved:
        mov     ax, (INT13_READ_CHS << 8) + READS
        mov     bx, LOW_STAGE1
        mov     cx, 1                   ; cylinder 0, sector 1
        mov     dx, DRIVE               ; head 0
        int     INT13
        mov     dx, SAID
        jnc     .start
        int     INT_NO_BOOT
.start:
        jmp     0:LOW_STAGE1

        times   MBR_DISK_SIGNATURE - ($ - $$) db 0

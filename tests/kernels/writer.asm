; SPDX-License-Identifier: MIT
;
; A boot sector that does what ours never does: it writes a sector. With it a test
; proves that a write would be seen. Entered at 0000:7C00 in real mode, dl = drive.
;
; Spec: BIOS Enhanced Disk Drive (EDD), INT 13h AH=43h, Extended Write.

%include "constants.inc"

bits 16
org LOW_STAGE1

BIOS_DISK           equ 0x13
EDD_WRITE           equ 0x43
EDD_PACKET_BYTES    equ 16
EXIT_PORT           equ 0xF4            ; QEMU isa-debug-exit
EXIT_PASSED         equ 0x10
EXIT_FAILED         equ 0x11
TEXT_OFFSET         equ 0x80            ; begins with "WR", which the test looks for

        cld
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, LOW_REAL_STACK_TOP
        mov     ax, EDD_WRITE << 8
        mov     si, packet
        int     BIOS_DISK
        mov     al, EXIT_PASSED
        jnc     .leave
        mov     al, EXIT_FAILED
.leave:
        out     EXIT_PORT, al
.stay:
        hlt
        jmp     .stay

align 4
packet:
.size:              db EDD_PACKET_BYTES
.reserved:          db 0
.count:             dw 1
.offset:            dw LOW_STAGE1 + TEXT_OFFSET
.segment:           dw 0
.lba:               dq 1

times TEXT_OFFSET - ($ - $$) db 0
text:               db "WRITTEN"

times MBR_BOOT_SIGNATURE - ($ - $$) db 0
        dw      0xAA55

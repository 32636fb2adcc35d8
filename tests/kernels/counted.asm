; SPDX-License-Identifier: MIT
;
; A boot sector whose instructions were counted by hand: the proof that the
; counting plugin counts right. Each block says how many instructions it runs
; outside the BIOS ROM. It neither prints nor survives: it ends in a halt.
; Entered at 0000:7C00 in real mode, dl = boot drive.

%include "constants.inc"

bits 16
org LOW_STAGE1

BIOS_DISK           equ 0x13
EDD_READ            equ 0x42
EDD_PACKET_BYTES    equ 16
LOOPS               equ 1000
COPIED              equ 300             ; iterations of one rep movsb
READS               equ 5
MARK_OFFSET         equ 0x40            ; the phase with the loop and the copy
READ_OFFSET         equ 0x80            ; the phase with the reads
DONE_OFFSET         equ 0x100           ; the stop address

        cld                             ; 7 instructions up to the first mark
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, LOW_REAL_STACK_TOP
        jmp     mark

times MARK_OFFSET - ($ - $$) db 0
mark:
        mov     cx, LOOPS
.count_down:
        dec     cx                      ; 2 * LOOPS
        jnz     .count_down
        mov     si, LOW_STAGE1
        mov     di, LOW_STAGE2
        mov     cx, COPIED
        rep     movsb                   ; COPIED + 1: each iteration and the last test
        jmp     reads                   ; 1 + 3 + 1 = 5 around them

times READ_OFFSET - ($ - $$) db 0
reads:
        mov     cx, READS
.next_read:
        push    cx                      ; 7 * READS, the handler itself is in ROM
        mov     ah, EDD_READ
        mov     si, packet
        int     BIOS_DISK
        pop     cx
        dec     cx
        jnz     .next_read
        jmp     done                    ; 1 + 1 = 2 around them

align 4
packet:
.size:              db EDD_PACKET_BYTES
.reserved:          db 0
.count:             dw 1
.offset:            dw 0
.segment:           dw LOW_DISK >> 4
.lba:               dq 1

times DONE_OFFSET - ($ - $$) db 0
done:
        hlt
        jmp     done

times MBR_BOOT_SIGNATURE - ($ - $$) db 0
        dw      0xAA55

; SPDX-License-Identifier: MIT
;
; The floor under every boot loader: a boot sector that reads given runs of
; sectors with INT 13h, 127 a call, and does nothing else with them. The bench
; divides a boot's wall time by this one's. It neither retries nor checks what it
; read. Entered at 0000:7C00 in real mode, dl = boot drive.
;
; The table of runs is patched in by tests/vm/vmlib/floor.py.
;
; Spec: BIOS Enhanced Disk Drive (EDD), INT 13h AH=42h, Extended Read.

%include "constants.inc"

bits 16
org LOW_STAGE1

BIOS_DISK           equ 0x13
EDD_READ            equ 0x42
EDD_PACKET_BYTES    equ 16
EDD_MOST_SECTORS    equ 127             ; more and some BIOSes refuse (Q19)
BUFFER_SEGMENT      equ LOW_DISK >> 4
EXIT_PORT           equ 0xF4            ; QEMU isa-debug-exit
EXIT_FAILED         equ 0x11
DONE_OFFSET         equ 0x100           ; where the bench's stop address lies
RUNS_OFFSET         equ 0x110           ; runs of {first sector, sectors}, ended by 0 sectors

        cld
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, LOW_REAL_STACK_TOP
        mov     bx, LOW_STAGE1 + RUNS_OFFSET

.next_run:
        mov     eax, [bx]
        mov     [packet.lba], eax
        mov     ebp, [bx + 4]
        add     bx, 8
        test    ebp, ebp
        jz      done

.next_read:
        mov     eax, EDD_MOST_SECTORS
        cmp     ebp, eax
        jae     .count_known
        mov     eax, ebp
.count_known:
        mov     [packet.count], ax
        push    dx
        push    bx
        push    ebp
        push    eax
        mov     si, packet
        mov     ah, EDD_READ
        int     BIOS_DISK
        jc      failed
        pop     eax
        pop     ebp
        pop     bx
        pop     dx
        add     [packet.lba], eax
        sub     ebp, eax
        jnz     .next_read
        jmp     .next_run

failed:
        mov     al, EXIT_FAILED
        out     EXIT_PORT, al
        jmp     failed

align 4
packet:
.size:              db EDD_PACKET_BYTES
.reserved:          db 0
.count:             dw 0
.offset:            dw 0
.segment:           dw BUFFER_SEGMENT
.lba:               dq 0

times DONE_OFFSET - ($ - $$) db 0
done:
        hlt
        jmp     done

times RUNS_OFFSET - ($ - $$) db 0
times MBR_BOOT_SIGNATURE - ($ - $$) db 0
        dw      0xAA55

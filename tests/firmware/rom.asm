; SPDX-License-Identifier: MIT
;
; Hostile firmware: a legacy option ROM that stands between a good BIOS and what it
; boots, and misbehaves the way real firmware has been seen to. Each bad habit is a
; switch, -DQ17_MUTE and so on; the number is the quirk's, switches.py says what
; each does and which go together. Without a switch it is a good BIOS that watches:
; what no boot path may ask of a BIOS, it reports on port E9h (offence). Runs in
; QEMU and Bochs; keeps its state in RAM, for a ROM is read-only in Bochs.
;
; Spec: BIOS Boot Specification 1.01 (option ROMs); EDD 3.0; Ralf Brown's
; Interrupt List.

%include "constants.inc"
%include "tests/firmware/common.inc"

        bits    16
        cpu     386
        org     0

%ifdef Q3_DL_81
  DRIVE         equ 0x81
%else
  DRIVE         equ 0x80
%endif

rom:
        dw      0xAA55
        db      ROM_BYTES / SECTOR_BYTES
        jmp     init

; -----------------------------------------------------------------------------
; init: take INT 19h; all the rest is taken when it comes. Called far by the BIOS.
;
; keeps all
; -----------------------------------------------------------------------------
init:
        push    ds
        push    word 0
        pop     ds
        mov     word [0x19 * 4], boot
        mov     [0x19 * 4 + 2], cs
        pop     ds
        retf

; The interrupts that are hooked: vector, handler, where the old one is kept.
hooks:
%macro hook 3
        dw      %1 * 4, %2, STATE + state.%3
%endmacro
        hook    0x08, clock, old_08
        hook    INT_VIDEO, video, old_10
        hook    INT_MEMORY_SIZE, low_memory, old_12
        hook    INT13, disk, old_13
        hook    INT_SYSTEM, system, old_15
        hook    INT_KEYBOARD, keyboard, old_16
hooks_end:

; -----------------------------------------------------------------------------
; boot: INT 19h: hook the interrupts, read sector 0, judge it, and enter it the way
; this BIOS enters sectors.
;
; out   never
; -----------------------------------------------------------------------------
boot:
        cld
        xor     ax, ax
        mov     ss, ax
        mov     sp, LOW_STAGE1
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     di, STATE
        mov     cx, state_size
        rep stosb
        mov     si, hooks
.next_hook:
        mov     bx, [cs:si]
        mov     di, [cs:si + 4]
        mov     eax, [bx]
        mov     [di], eax
        mov     ax, [cs:si + 2]
        mov     [bx], ax
        mov     [bx + 2], cs
        add     si, 6
        cmp     si, hooks_end
        jb      .next_hook
        sti
        call    mode_prepare
        mov     bx, LOW_STAGE1
        mov     ax, (INT13_READ_CHS << 8) + 1
        mov     cx, 1
        mov     dx, DRIVE
        call    bios_13
        call    judge_sector
%ifdef Q38_PAGE_1
        mov     ax, 0x0501              ; show page 1
        int     INT_VIDEO
%endif
%ifdef Q66_FAST_CLOCK
        call    clock_run_fast
%endif
        cli
        call    poison_extended
        call    a20_spoil
        jmp     hand_off

; -----------------------------------------------------------------------------
; no_boot: say what a BIOS says that does not like the sector. It is the end: the
; good BIOS's INT 18h would boot the disk all the same.
;
; out   never
; -----------------------------------------------------------------------------
no_boot:
        xor     bx, bx
        mov     si, .text
.next_letter:
        mov     al, [cs:si]
        test    al, al
        jz      hang
        mov     ah, INT10_TELETYPE
        push    si
        call    bios_10
        pop     si
        inc     si
        jmp     .next_letter
.text:  db      "No bootable device", 0

; -----------------------------------------------------------------------------
; report_offence: tell the test, on port E9h, that the boot path asked for something
; that it must not: the mark, and a letter that rom.py explains. Nobody else prints the
; mark.
;
; in    al          the letter
; keeps all
; -----------------------------------------------------------------------------
report_offence:
        push    ax
        mov     al, E9_OFFENCE
        out     PORT_DEBUG_CONSOLE, al
        pop     ax
        out     PORT_DEBUG_CONSOLE, al
        ret

; hang: what a BIOS does that never returns; interrupts go on. It spins, so that a
; count of instructions ends it.
hang:
        sti
        jmp     hang

; -----------------------------------------------------------------------------
; bios_13, bios_15, bios_10: do what the caller of the interrupt asked for.
;
; out   as the BIOS; fs kept
; -----------------------------------------------------------------------------
%macro bios_call 1
bios_%1:
        push    fs
        push    word 0
        pop     fs
        pushf
        call    far [fs:STATE + state.old_%1]
        pop     fs
        ret
%endmacro
        bios_call 10
        bios_call 13
        bios_call 15

%include "tests/firmware/sector.inc"
%include "tests/firmware/mode.inc"
%include "tests/firmware/poison.inc"
%include "tests/firmware/clock.inc"
%include "tests/firmware/disk.inc"
%include "tests/firmware/disk_ask.inc"
%include "tests/firmware/disk_read.inc"
%include "tests/firmware/memory.inc"
%include "tests/firmware/e820.inc"
%include "tests/firmware/video.inc"
%include "tests/firmware/keyboard.inc"
%include "tests/firmware/entry.inc"

; The last byte is for the checksum; rom.py fills it in.
        times   ROM_BYTES - ($ - $$) db 0

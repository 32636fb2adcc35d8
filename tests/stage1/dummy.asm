; SPDX-License-Identifier: MIT
;
; A stage 2 for the tests of stage 1: checks the state it is entered in, says on
; COM1 and port E9h what stage 1 left for it, and ends the machine. Loads nothing.
; -DSECTORS=n makes it n sectors long, no two of them alike.
;
; State on entry: include/boot/stage2_header.h and boot/stage1.h; each claim is
; tested before anything relies on it.

%include "constants.inc"

        bits    16
        cpu     386
        org     LOW_STAGE2

STATE           equ LOW_STAGE1 + MBR_BPB_OFFSET
FLAG_IF         equ 1 << 9
FLAG_DF         equ 1 << 10
FLAG_DF_IF      equ FLAG_DF | FLAG_IF
DEBUG_EXIT      equ 0xF4
EXIT_GOOD       equ 0x10
BOCHS_SHUTDOWN  equ 0x8900
NOISE_FACTOR    equ 1103515245          ; of a well-known linear congruence
NOISE_STEP      equ 12345

header:
        dd      STAGE2_MAGIC_0, STAGE2_MAGIC_1
        times   STAGE2_ENTRY_OFFSET - ($ - $$) db 0

; -----------------------------------------------------------------------------
; stage2_start: report and end the machine.
;
; in    what stage 1 promises; a broken promise is reported as a letter
; out   never
; -----------------------------------------------------------------------------
stage2_start:
        pushf
        pop     bp                      ; the flags, while they are fresh
        cmp     sp, LOW_REAL_STACK_TOP
        mov     al, 'P'
        jne     broken
        mov     ax, cs
        mov     bx, ds
        or      ax, bx
        mov     bx, es
        or      ax, bx
        mov     bx, ss
        or      ax, bx
        mov     al, 'S'
        jnz     broken
        and     bp, FLAG_DF_IF
        cmp     bp, FLAG_IF
        mov     al, 'F'
        jne     broken

        mov     si, text_drive
        call    say
        mov     al, dl
        call    say_byte
        mov     si, text_call
        call    say
        mov     ax, [STATE + stage1_state.call_sectors]
        call    say_word
        mov     si, text_copy
        call    say
        mov     ax, [STATE + stage1_state.copy_lba]
        call    say_word
        mov     si, text_retries
        call    say
        mov     ax, [STATE + stage1_state.retries]
        call    say_word
        mov     si, text_entry
        call    say
        mov     bx, LOW_STAGE1_ENTRY
.word:
        mov     ax, [bx]
        call    say_word
        mov     al, ' '
        call    say_character
        inc     bx
        inc     bx
        cmp     bx, LOW_STAGE1_ENTRY + stage1_entry_size
        jb      .word
        mov     si, text_end
        call    say
        jmp     leave_machine

; -----------------------------------------------------------------------------
; broken: say which promise stage 1 broke, and end the machine.
;
; in    al          its letter
; out   never
; -----------------------------------------------------------------------------
broken:
        xor     bx, bx
        mov     ds, bx
        mov     ss, bx
        mov     sp, LOW_REAL_STACK_TOP
        cld
        mov     si, text_broken
        push    ax
        call    say
        pop     ax
        call    say_character
        mov     si, text_end
        call    say

; -----------------------------------------------------------------------------
; leave_machine: QEMU's exit device, then Bochs's.
;
; out   never
; -----------------------------------------------------------------------------
leave_machine:
        mov     al, EXIT_GOOD
        out     DEBUG_EXIT, al
        mov     dx, BOCHS_SHUTDOWN
        mov     si, text_shutdown
.letter:
        lodsb
        out     dx, al
        test    al, al
        jnz     .letter
.halt:
        hlt
        jmp     .halt

; -----------------------------------------------------------------------------
; say_word, say_byte, say: print ax or al in hex, or the text at si.
;
; keeps all but ax, si and flags
; needs ds = 0, DF = 0
; -----------------------------------------------------------------------------
say_word:
        push    ax
        mov     al, ah
        call    say_byte
        pop     ax
say_byte:
        aam     16
        push    ax
        mov     al, ah
        call    .digit
        pop     ax
.digit:
        cmp     al, 10
        sbb     al, 0x69
        das
        jmp     say_character
say:
        lodsb
        test    al, al
        jz      say_character.done
        call    say_character
        jmp     say

; -----------------------------------------------------------------------------
; say_character: to COM1 and port E9h; nothing here waits.
;
; in    al          character
; keeps all
; -----------------------------------------------------------------------------
say_character:
        push    dx
        out     PORT_DEBUG_CONSOLE, al
        mov     dx, UART_COM1
        out     dx, al
        pop     dx
.done:
        ret

text_drive:     db "stage2 drive=", 0
text_call:      db " call=", 0
text_copy:      db " copy=", 0
text_retries:   db " retries=", 0
text_entry:     db " entry=", 0
text_end:       db 13, 10, 0
text_broken:    db "broken promise: ", 0
text_shutdown:  db "Shutdown", 0

; The rest of its sectors: noise, so that each word differs from its neighbours.
        align   4, db 0
%assign noise 1
%rep (SECTORS * SECTOR_BYTES - ($ - $$)) / 4
        dd      noise
  %assign noise (noise * NOISE_FACTOR + NOISE_STEP) & 0xFFFFFFFF
%endrep

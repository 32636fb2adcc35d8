; SPDX-License-Identifier: MIT
;
; The end of a boot that failed: time to read, a hand-back to the BIOS, a reset.
; Says only how to leave; the error line is its caller's.
; Spec: Ralf Brown's Interrupt List, INT 16h AH=00h and AH=01h, INT 18h.
%include "constants.inc"

global real_stop

extern real_console_text

KEYS_FORGOTTEN      equ 32              ; more than the BIOS's buffer holds
; One poll reads the POST port this often, about 1 us each on a real machine ...
POLL_READS          equ 64
; ... so this many polls without a single tick of the clock are 30 seconds too.
POLLS_WITHOUT_TICK  equ 468750
I8042_TRIES         equ 0xFFFF

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_stop: any key or 30 seconds, then INT 18h, then a reset.
;
; assumes real mode, ds = es = ss = 0, a stack; interrupts as they come
; leaves  never
; -----------------------------------------------------------------------------
real_stop:
        sti                             ; keyboard and clock live on interrupts
        cld
        mov     si, text_stop
        call    real_console_text
        call    forget_keys
        call    wait_for_key
        int     INT_NO_BOOT             ; most firmware never comes back from this one
        jmp     reset

; forget_keys: take the keys that were pressed before anybody could read why.
forget_keys:
        mov     cx, KEYS_FORGOTTEN
.next_key:
        call    key_waits
        jz      .done
        mov     ah, INT16_READ          ; cannot wait: a key is there
        call    keyboard_call
        loop    .next_key
.done:
        ret

; wait_for_key: until a key waits, or the clock has made BIOS_TICKS_30_S ticks, or
; for as long by counting when the clock stands. A key is never required (Q40).
wait_for_key:
        mov     cx, BIOS_TICKS_30_S
        mov     esi, dword [BDA_TICKS]
.ticked:
        mov     edi, POLLS_WITHOUT_TICK
.poll:
        call    key_waits
        jnz     .done
        mov     dx, POLL_READS
.pass_time:
        in      al, PORT_POST
        dec     dx
        jnz     .pass_time
        mov     eax, dword [BDA_TICKS]
        cmp     eax, esi
        jne     .tick
        dec     edi
        jnz     .poll
        ret
.tick:
        mov     esi, eax
        loop    .ticked
.done:
        ret

; key_waits: ZF = 0 when a key waits. Keeps all else.
key_waits:
        mov     ah, INT16_PEEK
        call    keyboard_call
        ret

; keyboard_call: INT 16h with ah; what it answers besides ZF is forgotten. It
; reports no failure; a dead keyboard has no key, and that is what callers expect.
keyboard_call:
        pushad
        push    ds
        push    es
        int     INT_KEYBOARD
        pop     es
        pop     ds
        popad
        cld
        sti
        ret

; reset: the keyboard controller's reset line; a triple fault where there is none.
reset:
        cli
        mov     cx, I8042_TRIES
.wait_input:
        in      al, I8042_STATUS
        test    al, I8042_STATUS_INPUT
        loopnz  .wait_input
        mov     al, I8042_PULSE_RESET
        out     I8042_COMMAND, al
        mov     cx, I8042_TRIES
.give_it_time:
        in      al, PORT_POST
        loop    .give_it_time
        lidt    [no_interrupts]         ; nothing can be delivered any more ...
        int3                            ; ... so this shuts the CPU down, and that resets it
.halt:
        hlt
        jmp     .halt

section .real.data progbits alloc noexec write align=16

no_interrupts:  dw 0
                dd 0
text_stop:      db `\ncoldstart: press a key, or wait 30 seconds, to leave\n`, 0

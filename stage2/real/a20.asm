; SPDX-License-Identifier: MIT
;
; Opens the A20 line: without it every odd megabyte is the even one below. Four
; ways, from the least to the most intrusive; only the wrap test is believed
; (Q55). Port 92h comes before the keyboard controller, whose poke hangs some
; machines (Q57). Does not close A20 again.
; Spec: IBM PS/2 Hardware Interface Technical Reference, "System Control Port A";
; Ralf Brown's Interrupt List, INT 15h AX=2401h.
%include "constants.inc"
%include "stage2/real/step.inc"

global a20_enable
global real_a20_keep
global real_a20_is_on

extern real_trace_step
extern real_trace_argument
extern real_console_text
extern real_a20_by_keyboard
extern real_error
extern real_stop
extern text_BOOT_E_A20

; Address bit 20 apart: 0000:offset and FFFF:offset+10h.
WRAP_SEGMENT        equ 0xFFFF
WRAP_OFFSET         equ 0x10
TRIES_NOW           equ 4               ; chance alone cannot match this often
TRIES_SETTLE        equ 0x100000        ; about a second: the line may come late (Q60),
                                        ; or the firmware steal some of it (Q67)

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; a20_enable: return with A20 on, or say that it stays off and stop.
;
; in    nothing
; out   exchange.a20_method, also the trace record's argument
; keeps all but flags
; stack 90 bytes plus what the BIOS uses
; needs real mode, ds = es = 0, DF = 0
; -----------------------------------------------------------------------------
a20_enable:
        begin_step A20, ", a20"
        pushad
        call    open_a20
        mov     byte [LOW_EXCHANGE + exchange.a20_method], bl
        movzx   eax, bl
        call    real_trace_argument
        popad
        ret

; open_a20: the four ways in their order (Q57), until one works; stops if none does.
; bl = the method. Changes also eax and ecx.
open_a20:
        mov     ecx, TRIES_NOW
        mov     bl, BOOT_A20_WAS_ON
        call    real_a20_is_on
        jnc     .on
        mov     bl, BOOT_A20_BIOS
        call    by_bios
        jnc     .on
        mov     bl, BOOT_A20_PORT_92
        call    by_port_92
        jnc     .on
        mov     bl, BOOT_A20_KEYBOARD
        call    real_a20_by_keyboard
        mov     ecx, TRIES_SETTLE
        call    real_a20_is_on
        jnc     .on
        mov     al, BOOT_E_A20
        mov     si, text_BOOT_E_A20
        call    real_error
        mov     si, text_tried
        call    real_console_text
        jmp     real_stop
.on:
        ret

; -----------------------------------------------------------------------------
; real_a20_is_on: the wrap test. A cell below 1 MiB is changed until the cell one
; megabyte above differs from it, which proves that they are two.
;
; in    ecx         how often to try, 1 or more; one try takes about 1 us
; out   CF = 0      A20 is on
;       CF = 1      all tries saw one and the same cell
; keeps all but flags
; stack 14 bytes
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_a20_is_on:
        push    eax
        push    ecx
        push    fs
        mov     ax, WRAP_SEGMENT
        mov     fs, ax
.again:
        inc     dword [wrap_cell]
        in      al, PORT_POST           ; time for slow chipsets
        mov     eax, dword [fs:wrap_cell + WRAP_OFFSET]
        cmp     eax, dword [wrap_cell]
        jne     .two_cells
        dec     ecx
        jnz     .again
        stc
        jmp     .done
.two_cells:
        clc
.done:
        pop     fs
        pop     ecx
        pop     eax
        ret

; -----------------------------------------------------------------------------
; real_a20_keep: open A20 again if a BIOS call has closed it. One comparison where
; it has not: the magic number that stage 2 begins with is hardly one megabyte
; above too.
;
; in    nothing
; out   nothing
; keeps all but eax, bl, ecx, fs, flags
; stack 90 bytes plus what the BIOS uses
; needs real mode, ds = 0, IF = 0; leaves IF = 0
; -----------------------------------------------------------------------------
real_a20_keep:
        mov     ax, WRAP_SEGMENT
        mov     fs, ax
        mov     eax, dword [fs:LOW_STAGE2 + WRAP_OFFSET]
        cmp     eax, dword [LOW_STAGE2]
        je      .perhaps_off
        ret
.perhaps_off:
        cld
        sti
        call    open_a20
        cli
        ret

; by_bios: ask the BIOS. It may lie, act late, or change IF (Q55), so its carry
; only decides how long the test waits. CF = 0: A20 is on. Keeps all else.
by_bios:
        pushad
        push    ds
        push    es
        mov     ax, INT15_A20_ON
        stc                             ; a BIOS that knows nothing of it changes nothing
        int     INT_SYSTEM
        pop     es
        pop     ds
        mov     ecx, TRIES_SETTLE
        jnc     .test
        mov     ecx, TRIES_NOW
.test:
        cld
        sti
        call    real_a20_is_on
        popad
        ret

; by_port_92: the PS/2's fast gate. Bit 0 would reset the CPU (Q59). Where the
; port is absent, or says that A20 is on already, there is nothing to write.
; CF = 0: A20 is on. Keeps all else.
by_port_92:
        push    eax
        push    ecx
        mov     ecx, TRIES_NOW
        in      al, PORT_SYSTEM_A
        cmp     al, PORT_ABSENT
        je      .test
        test    al, SYSTEM_A_A20
        jnz     .test
        or      al, SYSTEM_A_A20
        and     al, ~SYSTEM_A_RESET & 0xFF
        out     PORT_SYSTEM_A, al
        mov     ecx, TRIES_SETTLE
.test:
        call    real_a20_is_on
        pop     ecx
        pop     eax
        ret

section .real.data progbits alloc noexec write align=16

text_tried:     db ", though the BIOS, port 92h and the keyboard controller were asked", 0

section .real.bss nobits alloc noexec write align=16

wrap_cell:      resd 1

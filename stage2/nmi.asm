; SPDX-License-Identifier: MIT
;
; A non-maskable interrupt can strike between any two instructions, the few that
; change the CPU's mode among them, where the vector table of the mode before is
; rubbish in the mode behind. So the switch is made with a table that holds vector
; 2 for all of them at once, each entry where its mode looks for it (Q66):
;
;       offset      read in             as
;        8 to 11    real mode           offset, segment
;       16 to 23    protected mode      a gate of 8 bytes
;       32 to 47    long mode           a gate of 16 bytes
;
; An NMI is counted and passed over. One that reports broken hardware ends the
; boot, once the loader is in long mode for good; in a BIOS call it is the BIOS's.
; Spec: Intel SDM, volume 3A, sections 6.14.1 and 20.1.4; IBM PC/AT Technical
; Reference, section 1, "NMI and real-time clock".
%include "constants.inc"
%include "stage2/mode.inc"

global nmi_in_long_mode
global switch_idt_register

extern fault_2

%define NMIS LOW_EXCHANGE + exchange.nmis

SAVED_CS        equ 4                   ; of an interrupt's 16-bit frame, from bp
REAL_CS         equ 0                   ; what CS holds in the loader's real mode

; nmi_stub NAME, STALE, FRESH: a 16-bit handler. Right behind the write to CR0 the
; CPU still runs on the cached segment of the mode before, which the value in CS
; no longer names: IRET would load STALE, so it gets FRESH, the same segment.
%macro nmi_stub 3
%1:
        push    bp
        mov     bp, sp
        inc     byte [NMIS]             ; ds is flat or 0 wherever this can run
        cmp     word [bp + SAVED_CS], %2
        jne     %%no_switch
        mov     word [bp + SAVED_CS], %3
%%no_switch:
        pop     bp
        iret
%endmacro

bits 16
section .real progbits alloc exec nowrite align=16

nmi_stub nmi_in_real_mode, SELECTOR_CODE16, REAL_CS
nmi_stub nmi_in_protected_mode, REAL_CS, SELECTOR_CODE16

bits 64
section .low progbits alloc exec nowrite align=16

; nmi_in_switch: in long mode, but with half of the switch still to come.
nmi_in_switch:
        inc     byte [abs NMIS]
        iretq

; -----------------------------------------------------------------------------
; nmi_in_long_mode: vector 2 of the loader's own IDT. Goes on, unless port 61h says
; that memory or an expansion card is broken.
;
; assumes 64-bit mode, the fault stack
; leaves  by iretq with all as it was, or by fault_2 to loader_fault
; -----------------------------------------------------------------------------
nmi_in_long_mode:
        push    rax
        in      al, PORT_NMI_STATUS
        test    al, NMI_STATUS_PARITY | NMI_STATUS_IOCHK
        pop     rax
        jnz     fault_2
        inc     byte [abs NMIS]
        iretq

section .real.data progbits alloc noexec write align=16

align 16, db 0
switch_idt:     times 2 * 4 db 0        ; real mode's vectors 0 and 1
                dw nmi_in_real_mode, REAL_CS
                times 2 * 8 - ($ - switch_idt) db 0
                dw nmi_in_protected_mode
                dw SELECTOR_CODE16
                db 0
                db DESCRIPTOR_PRESENT | GATE_INTERRUPT_16
                dw 0
                times 2 * 16 - ($ - switch_idt) db 0
                dw nmi_in_switch
                dw SELECTOR_CODE64
                db 0                    ; no IST: there is no task register yet
                db DESCRIPTOR_PRESENT | GATE_INTERRUPT
                dw 0
                dd 0
                dd 0
switch_idt_end:

align 16, db 0
switch_idt_register:
                dw switch_idt_end - switch_idt - 1
                dd switch_idt
                dd 0

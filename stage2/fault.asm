; SPDX-License-Identifier: MIT
;
; The loader's 64-bit IDT: every exception of the CPU becomes a call of
; loader_fault with all registers, on a stack of its own. Nothing is repaired. Of
; hardware's interrupts only NMI comes here, for long mode runs with IF = 0, and
; has a handler that may go on (stage2/nmi.asm).
; Spec: Intel SDM, volume 3A, sections 6.13 "Error Code" and 6.14 "Exception and
; Interrupt Handling in 64-bit Mode".
%include "constants.inc"
%include "stage2/mode.inc"

global idt_register
global fault_2

extern loader_fault
extern nmi_in_long_mode

; The vectors for which the CPU itself pushes an error code, one bit each:
; DF, TS, NP, SS, GP, PF, AC, CP, VC, SX.
WITH_ERROR_CODE equ (1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | \
                    (1 << 14) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30)

bits 64
section .low progbits alloc exec nowrite align=16

; One stub a vector: where the CPU pushed no error code, 0 stands for it.
%assign vector 0
%rep VECTORS_EXCEPTION
fault_%[vector]:
%if ((WITH_ERROR_CODE >> vector) & 1) == 0
        push    qword 0
%endif
        push    qword vector
        jmp     fault
%assign vector vector + 1
%endrep

; -----------------------------------------------------------------------------
; fault: complete struct loader_fault_frame and hand it to C.
;
;       rsp + 144   rip, cs, rflags, rsp, ss        pushed by the CPU
;       rsp + 136   error code                      by the CPU or the stub
;       rsp + 128   vector                          by the stub
;       rsp + 8     r15 up to rax                   by this routine
;       rsp         cr2
;
; assumes 64-bit mode, IF = 0, the fault stack, vector and error code on it
; leaves  by loader_fault, which does not return
; -----------------------------------------------------------------------------
fault:
        push    rax
        push    rbx
        push    rcx
        push    rdx
        push    rsi
        push    rdi
        push    rbp
        push    r8
        push    r9
        push    r10
        push    r11
        push    r12
        push    r13
        push    r14
        push    r15
        mov     rax, cr2
        push    rax
        mov     rdi, rsp
        and     rsp, ~0x0F              ; as the C ABI wants it at a call
        cld
        call    loader_fault
.halt:
        hlt
        jmp     .halt

section .real.data progbits alloc noexec write align=16

; struct gate_descriptor, 32 times; all stubs lie below 64 KiB.
align 16, db 0
idt:
%assign vector 0
%rep VECTORS_EXCEPTION
%if vector == VECTOR_NMI
        dw      nmi_in_long_mode
%else
        dw      fault_%[vector]
%endif
        dw      SELECTOR_CODE64
        db      FAULT_IST
        db      DESCRIPTOR_PRESENT | GATE_INTERRUPT
        dw      0
        dd      0
        dd      0
%assign vector vector + 1
%endrep
idt_end:

align 16, db 0
idt_register:   dw idt_end - idt - 1
                dd idt
                dd 0

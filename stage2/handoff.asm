; SPDX-License-Identifier: MIT
;
; The code that leaves the loader's address space for the kernel's. A copy of it
; lies on a page that both map at HANDOFF_CODE. The page also holds a GDT and an IDT
; of its own: until the kernel has loaded its own, an NMI finds a handler (Q66).
; It maps nothing and decides nothing.
; Spec: include/boot/boot_info.h, "On entry at e_entry".
%include "constants.inc"
%include "stage2/mode.inc"

global handoff_code
global handoff_code_end

; Where the copy of a label of this file runs.
%define COPY_OF(label) (BOOT_HANDOFF_BASE + (label - handoff_code))

bits 64
section .rodata.handoff_code progbits alloc noexec nowrite align=16

; -----------------------------------------------------------------------------
; handoff_code: change tables and stack, clear every register, enter the kernel.
;
; assumes rdi = struct boot_info * in the kernel's direct map, rsi = PML4
;         (physical), rdx = end of the first stack, rcx = the kernel's entry;
;         long mode, interrupts off, running from the page both spaces share
; leaves  the state of boot_info.h: rdi as it was, rsp = rdx - 8 with a return
;         address of 0, all other general registers 0, RFLAGS without IF, DF,
;         TF and AC; ss = ds = es = fs = gs = 0
; -----------------------------------------------------------------------------
handoff_code:
        xor     eax, eax
        mov     ss, eax                 ; 0 is good in 64-bit mode, whatever GDT is loaded
        mov     ds, eax
        mov     es, eax
        lgdt    [rel handoff_gdt_register]
        mov     rsp, rdx                ; both spaces map it
        lidt    [rel handoff_idt_register]
        mov     cr3, rsi
        mov     rax, cr4
        and     eax, ~CR4_OSFXSR        ; the loader's own
        mov     cr4, rax
        push    qword RFLAGS_FIXED      ; IF, DF, TF, AC and all else clear
        popfq
        xor     eax, eax
        push    rax                     ; nobody to return to: backtraces end here
        push    rcx                     ; the entry, taken by ret
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
        xor     esi, esi
        xor     ebp, ebp
        xor     r8d, r8d
        xor     r9d, r9d
        xor     r10d, r10d
        xor     r11d, r11d
        xor     r12d, r12d
        xor     r13d, r13d
        xor     r14d, r14d
        xor     r15d, r15d
        ret

; handoff_nmi: vector 2 until the kernel has an IDT. Nothing can be told any more.
handoff_nmi:
        iretq

align 16, db 0
handoff_gdt:    dq 0
                dq DESCRIPTOR_CODE64    ; SELECTOR_CODE64
handoff_gdt_end:
handoff_idt:    times VECTOR_NMI * gate_descriptor_size db 0
                dw COPY_OF(handoff_nmi) & 0xFFFF
                dw SELECTOR_CODE64
                db 0
                db DESCRIPTOR_PRESENT | GATE_INTERRUPT
                dw COPY_OF(handoff_nmi) >> 16 & 0xFFFF
                dd COPY_OF(handoff_nmi) >> 32
                dd 0
handoff_idt_end:
handoff_gdt_register:
                dw handoff_gdt_end - handoff_gdt - 1
                dq COPY_OF(handoff_gdt)
handoff_idt_register:
                dw handoff_idt_end - handoff_idt - 1
                dq COPY_OF(handoff_idt)
handoff_code_end:

section .note.GNU-stack noalloc noexec nowrite progbits

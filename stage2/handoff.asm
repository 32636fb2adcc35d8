; SPDX-License-Identifier: MIT
;
; The code that leaves the loader's address space for the kernel's. A copy of it
; lies on a page that both map at one address; nothing in it depends on where.
; It maps nothing and decides nothing.
; Spec: include/boot/boot_info.h, "On entry at e_entry".
%include "constants.inc"

global handoff_code
global handoff_code_end

bits 64
section .rodata.handoff_code progbits alloc noexec nowrite align=16

; -----------------------------------------------------------------------------
; handoff_code: change page tables and stack, clear every register, enter the
; kernel.
;
; assumes rdi = struct boot_info * in the kernel's direct map, rsi = PML4
;         (physical), rdx = end of the first stack, rcx = the kernel's entry;
;         long mode, interrupts off, running from the page both spaces share
; leaves  the state of boot_info.h: rdi as it was, rsp = rdx - 8 with a return
;         address of 0, all other general registers 0, RFLAGS without IF, DF,
;         TF and AC
; -----------------------------------------------------------------------------
handoff_code:
        mov     cr3, rsi
        mov     rax, cr4
        and     eax, ~CR4_OSFXSR        ; the loader's own
        mov     cr4, rax
        mov     rsp, rdx
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
handoff_code_end:

section .note.GNU-stack noalloc noexec nowrite progbits

; SPDX-License-Identifier: MIT
;
; The probe kernel's first instructions: note the state the loader left, word for
; word, before anything can change it, then go to C on the loader's own stack. It
; judges nothing. Entered as boot/boot_info.h promises.
;
; Spec: include/boot/boot_info.h, boot protocol 1.

bits 64
default rel

IA32_EFER           equ 0xC0000080

extern probe_main
global probe_entry

; The state on entry, in the order of struct probe_entry_state.
section .bss align=8
entry_state:
.rdi:               resq 1
.rsp:               resq 1
.rflags:            resq 1
.cr0:               resq 1
.cr3:               resq 1
.cr4:               resq 1
.efer:              resq 1
.rip:               resq 1
.others:            resq 1              ; all other general registers, or-ed
.return_address:    resq 1

section .text
; -----------------------------------------------------------------------------
; probe_entry: the ELF entry point.
;
; in    rdi         struct boot_info *
; out   does not return
; keeps nothing
; stack the loader's, as it comes
; needs long mode, the state that boot protocol 1 promises
; spec  include/boot/boot_info.h
; -----------------------------------------------------------------------------
probe_entry:
        mov     [entry_state.rdi], rdi
        mov     [entry_state.rsp], rsp
        or      rax, rbx
        or      rax, rcx
        or      rax, rdx
        or      rax, rsi
        or      rax, rbp
        or      rax, r8
        or      rax, r9
        or      rax, r10
        or      rax, r11
        or      rax, r12
        or      rax, r13
        or      rax, r14
        or      rax, r15
        mov     [entry_state.others], rax
        mov     rax, [rsp]
        mov     [entry_state.return_address], rax
        pushfq
        pop     qword [entry_state.rflags]
        mov     rax, cr0
        mov     [entry_state.cr0], rax
        mov     rax, cr3
        mov     [entry_state.cr3], rax
        mov     rax, cr4
        mov     [entry_state.cr4], rax
        mov     ecx, IA32_EFER
        rdmsr
        mov     [entry_state.efer], eax
        lea     rax, [probe_entry]
        mov     [entry_state.rip], rax
        cld
        lea     rdi, [entry_state]
        and     rsp, -16
        call    probe_main
.stay:
        hlt
        jmp     .stay

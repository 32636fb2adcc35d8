; SPDX-License-Identifier: MIT
;
; From four levels of page tables to five. CR4.LA57 cannot be changed while
; paging is on in long mode, and without paging no 64-bit code runs: a small
; piece of code in a page that is mapped to itself goes through 32-bit protected
; mode and comes back.
;
; Between the far return and the jump back the IDT is of no use: an exception or
; an NMI there resets the machine. Interrupts are off, the code touches only its
; own page, and an NMI in these few instructions is a risk that is taken.
; Spec: Intel SDM, volume 3A, sections 4.1.2 "Paging-mode enabling" and 9.8.5.
%include "constants.inc"

global five_levels_enter:function (five_levels_enter.end - five_levels_enter)

SELECTOR_CODE       equ 0x08            ; as in the kernel's own table, and here
SELECTOR_DATA       equ 0x10
SELECTOR_CODE32     equ 0x18            ; here alone

; The page: the code, then the data, which the code finds by its distance.
PAGE_DATA           equ page_code_end - page_code
PAGE_FAR            equ PAGE_DATA + (page_far - page_data)
PAGE_GDT            equ PAGE_DATA + (page_gdt - page_data)

bits 64
section .text

; -----------------------------------------------------------------------------
; five_levels_enter: load five-level tables.
;
; assumes  edi = a page below 4 GiB (physical), mapped executable at that address
;          in the four-level tables and in the new ones; esi = the new root
;          (physical); rdx = where that page can be written; the kernel is mapped
;          alike in both sets; CR4.PGE and CR4.PCIDE clear, interrupts off
; leaves   CR4.LA57 set, CR3 = the new root; the kernel's GDT, SS = its data
;          segment, DS = ES = 0; all registers but rax, rcx, rdx, rdi, rsi, r8 to
;          r11 and the flags as they were
; stack    96 bytes
; -----------------------------------------------------------------------------
five_levels_enter:
        push    rbx
        push    rbp
        push    r12
        push    r13
        push    r14
        push    r15
        sub     rsp, 32
        sgdt    [rsp]                   ; 10 bytes, for the way back
        mov     [rel kept_rsp], rsp     ; the upper halves of registers are lost

        mov     r8, rdi
        mov     r9, rsi
        mov     rdi, rdx                ; the page's contents
        lea     rsi, [rel page_code]
        mov     ecx, PAGE_DATA
        rep movsb
        lea     rsi, [rel page_data]
        mov     ecx, page_data_end - page_data
        rep movsb
        add     [rdx + PAGE_FAR], r8d   ; an address in the page, now that it has one
        mov     edi, r8d
        mov     esi, r9d

        mov     word [rsp + 16], page_gdt_end - page_gdt - 1
        lea     rax, [rdi + PAGE_GDT]
        mov     [rsp + 18], rax
        lgdt    [rsp + 16]
        lea     rax, [rdi + (five_levels_protected - page_code)]
        push    SELECTOR_CODE32
        push    rax
        retfq                           ; compatibility mode, paging still on

; page_back: from the page, in 64-bit mode again.
page_back:
        mov     rsp, [rel kept_rsp]
        lgdt    [rsp]                   ; CS and SS say the same in both tables
        xor     eax, eax
        mov     ds, eax
        mov     es, eax
        add     rsp, 32
        pop     r15
        pop     r14
        pop     r13
        pop     r12
        pop     rbp
        pop     rbx
        ret
.end:
five_levels_enter.end equ page_back.end

; The page's code. Its 64-bit part comes first, so that all 32-bit code of the
; kernel is one run of its section. edi = the page, esi = the new root.
section .five_levels progbits alloc exec nowrite align=16

page_code:
        mov     rax, page_back
        jmp     rax

bits 32
five_levels_protected:
        mov     eax, SELECTOR_DATA
        mov     ds, eax
        mov     ss, eax
        mov     eax, cr0
        and     eax, ~CR0_PG & 0xFFFFFFFF
        mov     cr0, eax                ; out of long mode; EFER.LME stays
        mov     eax, cr4
        or      eax, CR4_LA57
        mov     cr4, eax
        mov     cr3, esi
        mov     eax, cr0
        or      eax, CR0_PG
        mov     cr0, eax                ; long mode again, five levels
        jmp     far [edi + PAGE_FAR]
page_code_end:

section .rodata.five_levels progbits alloc noexec nowrite align=8

page_data:
page_gdt:       dq 0
                dq DESCRIPTOR_CODE64
                dq DESCRIPTOR_DATA
                dq DESCRIPTOR_CODE32
page_gdt_end:
page_far:       dd 0                    ; page_code, which is the page's first byte
                dw SELECTOR_CODE
page_data_end:

section .bss.five_levels nobits alloc noexec write align=8
kept_rsp:       resq 1

; SPDX-License-Identifier: MIT
;
; The step from the loader's stack and page tables to the kernel's own. Both in
; one routine: neither stack is mapped in the other's tables.

bits 64
section .text

; -----------------------------------------------------------------------------
; stack_enter: load page tables and a stack together, and call what stays there.
;
; assumes  rdi = the root table (physical), rsi = the end of a stack that is
;          mapped in those tables, 16-byte aligned; rdx = a function of no
;          argument that does not return; the kernel's code is mapped alike in
;          both sets of tables; interrupts off
; leaves   for good. rsp = rsi - 8 at the function's entry, rbp = 0: the end of
;          every backtrace
; stack    8 bytes of the new one (return address), nothing of the old one
; spec     System V AMD64 ABI, section 3.2.2 (alignment at a call)
; -----------------------------------------------------------------------------
global stack_enter:function (stack_enter.end - stack_enter)
stack_enter:
        mov     cr3, rdi
        mov     rsp, rsi
        xor     ebp, ebp
        call    rdx
        ud2                             ; it does not return
.end:

; SPDX-License-Identifier: MIT
;
; The kernel's first instructions. They keep the loader's stack, which has a
; guard page below it, make the stack protector's canary, and hand two numbers
; to C. Nothing else is set up here.
; Spec: boot protocol 1 (include/boot/boot_info.h).

bits 64

extern kernel_main
extern stack_guard_begin

section .text.entry progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; kernel_entry: from the loader to kernel_main(boot_info, time stamp).
;
; assumes  rdi = struct boot_info *, rsp = top of a guarded stack, 16-byte
;          aligned minus 8; long mode, interrupts off, DF clear
; leaves   for good. rdi = struct boot_info *, rsi = the time stamp counter at
;          entry, rbp = 0: the end of every backtrace
; stack    16 bytes
; spec     System V AMD64 ABI, section 3.2.2 (alignment at a call)
; -----------------------------------------------------------------------------
global kernel_entry:function (kernel_entry.end - kernel_entry)
kernel_entry:
        rdtsc                           ; the entry's own line in the timeline
        shl     rdx, 32
        lea     rsi, [rdx + rax]
        xor     ebp, ebp
        push    rbp                     ; where a return address would be: none
        call    stack_guard_begin       ; no function of C may run before
        call    kernel_main
        ud2                             ; kernel_main does not return
.end:


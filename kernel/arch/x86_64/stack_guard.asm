; SPDX-License-Identifier: MIT
;
; The stack protector's ground: the canary that the compiler puts between a
; function's arrays and its return address, made anew at each boot, and where a
; function goes that finds it changed. The names are the compiler's.
; Spec: clang's -mstack-protector-guard=global.

bits 64

extern stack_guard_failed

; Any odd number with bits everywhere: 2^64 divided by the golden ratio.
GUARD_MULTIPLIER    equ 0x9E3779B97F4A7C15

section .text

; -----------------------------------------------------------------------------
; stack_guard_begin: a canary from the time stamp counter. From here on, C may
; run; whoever calls it later must be sure that no function that is still to
; return has the old one on its stack.
;
; in    nothing
; out   [__stack_chk_guard]     its lowest byte is 0: text that runs over stops
; keeps all but rax, rdx, flags
; stack 8 bytes (return address)
; -----------------------------------------------------------------------------
global stack_guard_begin:function (stack_guard_begin.end - stack_guard_begin)
stack_guard_begin:
        rdtsc
        shl     rdx, 32
        or      rax, rdx
        mov     rdx, GUARD_MULTIPLIER
        imul    rax, rdx
        bswap   rax                     ; the well-stirred end must not be the one cut off
        xor     al, al
        mov     [rel __stack_chk_guard], rax
        ret
.end:

; -----------------------------------------------------------------------------
; __stack_chk_fail: a function found its canary changed.
;
; assumes  [rsp] = an address in that function, rbp = its frame
; leaves   for good, to C
; -----------------------------------------------------------------------------
global __stack_chk_fail:function (__stack_chk_fail.end - __stack_chk_fail)
align 16
__stack_chk_fail:
        jmp     stack_guard_failed
.end:

section .data

global __stack_chk_guard:data (__stack_chk_guard.end - __stack_chk_guard)
align 8
__stack_chk_guard:  dq 0
.end:

; SPDX-License-Identifier: MIT
;
; The two ends of an attempt: a call that leaves its saved registers where the
; exception handler can find them, and the place where a failed one goes on.

bits 64
section .text

; -----------------------------------------------------------------------------
; attempt_call: call a function; come back from it, or from its exception.
;
; in    rdi         struct attempt *; its first field gets the stack pointer
;       rsi         the function
;       rdx         its argument
; out   eax = 1     the function returned
;       eax = 0     it faulted, and attempt_resume brought us back
; keeps rbx, rbp, r12 to r15
; stack 64 bytes plus the function's own
; needs interrupts off
; -----------------------------------------------------------------------------
global attempt_call:function (attempt_call.end - attempt_call)
global attempt_resume:function (attempt_resume.end - attempt_resume)
attempt_call:
        push    rbp
        mov     rbp, rsp                ; a frame like any other, for backtraces
        push    rbx
        push    r12
        push    r13
        push    r14
        push    r15
        push    rdi                     ; makes the stack 16-byte aligned at the call
        mov     [rdi], rsp
        mov     rdi, rdx
        call    rsi
        mov     eax, 1
        jmp     attempt_resume.leave
.end:

; -----------------------------------------------------------------------------
; attempt_resume: go on behind the call of a function that faulted.
;
; assumes  rsp as attempt_call left it; nothing else
; leaves   as attempt_call, with eax = 0
; -----------------------------------------------------------------------------
attempt_resume:
        xor     eax, eax
.leave:
        pop     rdi
        pop     r15
        pop     r14
        pop     r13
        pop     r12
        pop     rbx
        pop     rbp
        ret
.end:

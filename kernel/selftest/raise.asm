; SPDX-License-Identifier: MIT
;
; Exceptions that C cannot bring about: by an interrupt instruction for each
; vector, by a frame made by hand, by x87 and SSE arithmetic. No handlers here.
; Spec: Intel SDM, volume 3A, sections 6.4 and 6.14; volume 1, chapters 8 and 11.

bits 64

extern segments_set_ring_0_stack

SELECTOR_USER_DATA equ 0x33             ; segments.h
SELECTOR_USER_CODE equ 0x3B

VECTORS         equ 256
INT_STUB_BYTES  equ 4
STACK_ALIGN     equ -16
X87_UNMASK_ZE   equ 0x037B              ; the default control word, bit 2 clear
MXCSR_UNMASK_IE equ 0x1F00              ; the default, bit 7 clear

section .text

; -----------------------------------------------------------------------------
; raise_interrupt: INT with any vector.
;
; in    rdi         the vector
; out   nothing
; keeps all but rax
; stack what the exception needs
; needs a handler that returns, or none of the caller's business goes on
; -----------------------------------------------------------------------------
global raise_interrupt:function (raise_interrupt.end - raise_interrupt)
raise_interrupt:
        push    rbp
        mov     rbp, rsp
        lea     rax, [rdi * INT_STUB_BYTES + raise_int_stubs]
        call    rax
        pop     rbp
        ret
.end:

; -----------------------------------------------------------------------------
; raise_int_stubs: INT and RET for each vector, INT_STUB_BYTES apart.
;
; in    nothing
; out   nothing
; keeps all
; stack what the exception needs
; -----------------------------------------------------------------------------
global raise_int_stubs:function (raise_int_stubs.end - raise_int_stubs)
align 16
raise_int_stubs:
%assign vector 0
%rep VECTORS
        align   INT_STUB_BYTES
        db      0xCD, vector            ; INT, always with its number: never int3
        ret
%assign vector vector + 1
%endrep
.end:

; -----------------------------------------------------------------------------
; raise_deliver: enter a vector's handler with the frame that the CPU would
; push, error code and all. INT pushes no error code, so it is no way in to a
; handler that takes one away.
;
; in    rdi         the handler's address, as its gate has it
;       rsi         the error code
; out   nothing
; keeps all, when the handler returns
; stack 48 bytes and up to 8 for alignment, plus the handler's own
; needs interrupts off: the CPU would switch them off
; -----------------------------------------------------------------------------
global raise_deliver:function (raise_deliver.end - raise_deliver)
raise_deliver:
        push    rbp
        mov     rbp, rsp
        and     rsp, STACK_ALIGN
        mov     eax, ss
        push    rax
        push    rbp                     ; rsp as .back wants it
        pushfq
        mov     eax, cs
        push    rax
        lea     rax, [rel .back]
        push    rax
        push    rsi
        jmp     rdi
.back:
        pop     rbp
        ret
.end:

; -----------------------------------------------------------------------------
; raise_x87: divide one by zero with that exception unmasked, and wait for it.
;
; in    nothing
; out   nothing     where nothing was raised
; keeps all but the x87 state
; stack 24 bytes
; needs CR0.NE set, CR0.EM and CR0.TS clear
; -----------------------------------------------------------------------------
global raise_x87:function (raise_x87.end - raise_x87)
raise_x87:
        push    rbp
        mov     rbp, rsp
        fninit
        push    qword X87_UNMASK_ZE
        fldcw   [rsp]
        fld1
        fldz
        fdivp   st1
        fnop                            ; waits as fwait does, which GDB reads as a prefix
        fninit                          ; only where nothing was raised
        leave
        ret
.end:

; -----------------------------------------------------------------------------
; raise_simd: divide zero by zero with the invalid operation unmasked.
;
; in    nothing
; out   nothing     where nothing was raised
; keeps all but xmm0, MXCSR
; stack 24 bytes
; needs CR4.OSFXSR and CR4.OSXMMEXCPT set, CR0.EM and CR0.TS clear
; -----------------------------------------------------------------------------
global raise_simd:function (raise_simd.end - raise_simd)
align 16
raise_simd:
        push    rbp
        mov     rbp, rsp
        push    qword MXCSR_UNMASK_IE
        ldmxcsr [rsp]
        xorps   xmm0, xmm0
        divss   xmm0, xmm0
        leave                           ; only where nothing was raised
        ret
.end:

; -----------------------------------------------------------------------------
; raise_trace_point: an instruction of its own for a breakpoint to be on.
;
; in    nothing
; out   nothing
; keeps all
; stack 8 bytes (return address)
; -----------------------------------------------------------------------------
global raise_trace_point:function (raise_trace_point.end - raise_trace_point)
raise_trace_point:
        nop
        ret
.end:

; -----------------------------------------------------------------------------
; raise_ring_3: go on in ring 3, without a stack there; what interrupts it comes
; back on this one.
;
; in    rdi         where, in a page that is ring 3's
;       rsi         RFLAGS there
;       rdx         rdi there
; out   never comes back by itself
; stack 56 bytes, and what an exception needs
; needs interrupts off
; -----------------------------------------------------------------------------
global raise_ring_3:function (raise_ring_3.end - raise_ring_3)
raise_ring_3:
        push    rbp
        mov     rbp, rsp
        push    rdi
        push    rsi
        push    rdx
        lea     rdi, [rsp - 8]
        and     rdi, STACK_ALIGN        ; below all that is still wanted
        call    segments_set_ring_0_stack
        pop     rdx
        pop     rsi
        pop     rdi
        push    SELECTOR_USER_DATA
        push    0                       ; rsp: none
        push    rsi
        push    SELECTOR_USER_CODE
        push    rdi
        mov     rdi, rdx
        iretq
.end:

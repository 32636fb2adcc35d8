; SPDX-License-Identifier: MIT
;
; Where the CPU arrives for each of the 256 vectors: one short stub each, all of
; one length, then one common path that saves every register and calls C. Does
; not switch stacks; the IDT's IST numbers do.
; Spec: Intel SDM, volume 3A, section 6.14 "Exception and interrupt handling in
; 64-bit mode"; table 6-1 for which vectors push an error code.
;
; The frame that exception_dispatch sees (struct exception_frame), from high
; addresses down:
;
;       ss, rsp, rflags, cs, rip        pushed by the CPU
;       error                           pushed by the CPU, or 0 by the stub
;       vector                          pushed by the stub
;       rax rbx rcx rdx rsi rdi rbp     pushed by the common path ...
;       r8 r9 r10 r11 r12 r13 r14 r15
;       cr2                             ... the frame starts here
;       rip, rbp                        a frame link, for backtraces only

bits 64

extern exception_dispatch

STUB_BYTES          equ 16
VECTORS             equ 256
; Bit n: vector n pushes an error code (#DF #TS #NP #SS #GP #PF #AC #CP #VC #SX).
WITH_ERROR          equ (1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) \
                      | (1 << 14) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30)
VECTORS_EXCEPTION   equ 32

FRAME_VECTOR        equ 16 * 8          ; from cr2 to vector
FRAME_RIP           equ FRAME_VECTOR + 2 * 8

section .text

; -----------------------------------------------------------------------------
; vector_stubs: 256 stubs of STUB_BYTES; stub n is the handler of vector n.
;
; assumes  the state the CPU leaves at an interrupt or exception
; leaves   for exception_common, with error and vector on the stack
; -----------------------------------------------------------------------------
global vector_stubs:function (vector_stubs.end - vector_stubs)
align STUB_BYTES
vector_stubs:
%assign vector 0
%rep VECTORS
        align   STUB_BYTES
%assign pushed_by_cpu 0
%if vector < VECTORS_EXCEPTION
%assign pushed_by_cpu (WITH_ERROR >> vector) & 1
%endif
%if pushed_by_cpu == 0
        push    strict byte 0           ; in place of the error code
%endif
        push    strict dword vector
        jmp     near exception_common
%assign vector vector + 1
%endrep
        align   STUB_BYTES
.end:

; -----------------------------------------------------------------------------
; exception_common: save everything, let C decide, restore everything.
;
; assumes  vector and error code on the stack above the CPU's own frame, which
;          the CPU has aligned to 16 bytes
; leaves   by iretq to what the frame then says; every register as in the frame
; stack    184 bytes of frame, 16 of link, 8 of return address
; -----------------------------------------------------------------------------
global exception_common:function (exception_common.end - exception_common)
exception_common:
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
        mov     rdi, rsp                ; the frame
        cld
        push    qword [rdi + FRAME_RIP] ; a backtrace from C goes on through here
        push    rbp
        mov     rbp, rsp
        and     rsp, -16
        call    exception_dispatch
        lea     rsp, [rbp + 3 * 8]      ; drop the link and cr2
        pop     r15
        pop     r14
        pop     r13
        pop     r12
        pop     r11
        pop     r10
        pop     r9
        pop     r8
        pop     rbp
        pop     rdi
        pop     rsi
        pop     rdx
        pop     rcx
        pop     rbx
        pop     rax
        add     rsp, 2 * 8              ; vector and error code
        iretq
.end:

; -----------------------------------------------------------------------------
; exception_frame_capture: the caller's registers as an exception frame.
;
; in    rdi         struct exception_frame *, all of it is written
; out   nothing     vector, error and cr2 are 0; rdi and rax are not the
;                   caller's any more
; keeps all but rax, flags
; stack 8 bytes (return address)
; -----------------------------------------------------------------------------
global exception_frame_capture:function (exception_frame_capture.end - exception_frame_capture)
exception_frame_capture:
        mov     [rdi + 1 * 8], r15
        mov     [rdi + 2 * 8], r14
        mov     [rdi + 3 * 8], r13
        mov     [rdi + 4 * 8], r12
        mov     [rdi + 5 * 8], r11
        mov     [rdi + 6 * 8], r10
        mov     [rdi + 7 * 8], r9
        mov     [rdi + 8 * 8], r8
        mov     [rdi + 9 * 8], rbp
        mov     [rdi + 10 * 8], rdi
        mov     [rdi + 11 * 8], rsi
        mov     [rdi + 12 * 8], rdx
        mov     [rdi + 13 * 8], rcx
        mov     [rdi + 14 * 8], rbx
        mov     [rdi + 15 * 8], rax
        mov     rax, [rsp]
        mov     [rdi + FRAME_RIP], rax
        mov     [rdi + FRAME_RIP + 8], cs
        pushfq
        pop     qword [rdi + FRAME_RIP + 2 * 8]
        lea     rax, [rsp + 8]          ; as it is once this has returned
        mov     [rdi + FRAME_RIP + 3 * 8], rax
        mov     [rdi + FRAME_RIP + 4 * 8], ss
        xor     eax, eax
        mov     [rdi], rax
        mov     [rdi + FRAME_VECTOR], rax
        mov     [rdi + FRAME_VECTOR + 8], rax
        mov     word [rdi + FRAME_RIP + 1 * 8 + 2], ax
        mov     dword [rdi + FRAME_RIP + 1 * 8 + 4], eax
        mov     word [rdi + FRAME_RIP + 4 * 8 + 2], ax
        mov     dword [rdi + FRAME_RIP + 4 * 8 + 4], eax
        ret
.end:

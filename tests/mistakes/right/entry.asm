; SPDX-License-Identifier: MIT
; Where the boot sector jumps to, and the doors of all interrupts. It is linked first.

        bits 64
        extern kernel_main, kernel_idle, interrupt
        extern bss_start, bss_end
        global entry, stubs, overflow_try, overflow_leave, overflow_stack

KERNEL_STACK    equ 0x404000            ; 16 KiB above 4 MiB; nothing is mapped below

        section .text
entry:
        mov     rdi, bss_start          ; a flat file does not hold the zeros
        mov     rcx, bss_end
        sub     rcx, rdi
        xor     eax, eax
        rep stosb

        mov     rax, cr0
        and     al, ~(1 << 2) & 0xFF    ; EM
        or      al, 1 << 1              ; MP
        mov     cr0, rax
        mov     rax, cr4
        or      ax, 3 << 9              ; OSFXSR, OSXMMEXCPT: C may use SSE
        mov     cr4, rax

        mov     rsp, KERNEL_STACK
        call    kernel_main
.forever:
        hlt                             ; until the next interrupt
        call    kernel_idle
        jmp     .forever

; What the CPU and the stub have pushed is a struct frame for C: r11 to rax, the
; vector, the error code, then rip, cs, rflags, rsp, ss.
all_interrupts:
        push    rax
        push    rcx
        push    rdx
        push    rsi
        push    rdi
        push    r8
        push    r9
        push    r10
        push    r11
        cld
        mov     rdi, rsp
        push    rbx
        mov     rbx, rsp
        and     rsp, -16                ; as C expects it
        call    interrupt
        mov     rsp, rbx
        pop     rbx
        pop     r11
        pop     r10
        pop     r9
        pop     r8
        pop     rdi
        pop     rsi
        pop     rdx
        pop     rcx
        pop     rax
        add     rsp, 16                 ; vector and error code
        iretq

%macro with_code 1                      ; the CPU has pushed an error code
stub_%1:
        push    %1
        jmp     all_interrupts
%endmacro

%macro no_code 1
stub_%1:
        push    0                       ; so that all frames look alike
        push    %1
        jmp     all_interrupts
%endmacro

        no_code 0
        no_code 1
        no_code 2
        no_code 3
        no_code 4
        no_code 5
        no_code 6
        no_code 7
        with_code 8
        no_code 9
        with_code 10
        with_code 11
        with_code 12
        with_code 13
        with_code 14
        no_code 15
        no_code 16
        with_code 17
        no_code 18
        no_code 19
        no_code 20
        with_code 21
%assign vector 22
%rep 33 - 22
        no_code vector
  %assign vector vector + 1
%endrep

; overflow_try calls the function in rdi, which runs out of stack; the double fault's
; handler comes back from here with overflow_leave.
overflow_try:
        push    rbx
        push    rbp
        push    r12
        push    r13
        push    r14
        push    r15
        mov     [overflow_stack], rsp
        call    rdi
overflow_leave:
        xor     eax, eax
        xchg    rax, [overflow_stack]
        mov     rsp, rax
        pop     r15
        pop     r14
        pop     r13
        pop     r12
        pop     rbp
        pop     rbx
        ret

        section .rodata
stubs:
%assign vector 0
%rep 33
        dq      stub_ %+ vector
  %assign vector vector + 1
%endrep

        section .bss
overflow_stack: resq 1

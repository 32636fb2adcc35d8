; SPDX-License-Identifier: MIT
;
; A program's start on Linux, x86-64, and the two system calls it needs. No C
; library, no interpreter.
; spec: System V AMD64 ABI, sections 3.4.1 (process initialization) and A.2.1.

SYSCALL_WRITE       equ 1
SYSCALL_EXIT_GROUP  equ 231
STDOUT              equ 1
ARGUMENT_COUNT      equ 0               ; where they lie on the first stack
ARGUMENT_1          equ 16
STACK_ALIGNMENT     equ 16
CANARY              equ 0x5AC3_3CA5_0F96_6900 ; its lowest byte is 0: text that runs over stops

bits 64
default rel
extern bare_main

; -----------------------------------------------------------------------------
; _start: hand the first argument, or "" where there is none, to bare_main.
;
; in    rsp         argument count, pointers to the arguments, 0
; out   never returns
; stack realigned to 16 bytes
; needs as the system starts a program: DF = 0
; -----------------------------------------------------------------------------
section .text._start progbits alloc exec nowrite align=16
global _start
_start:
        lea     rdi, [nothing]
        cmp     qword [rsp + ARGUMENT_COUNT], 2
        jb      .no_argument
        mov     rdi, [rsp + ARGUMENT_1]
.no_argument:
        xor     ebp, ebp                ; the outermost frame
        and     rsp, -STACK_ALIGNMENT
        call    bare_main
        ud2                             ; it does not return

; -----------------------------------------------------------------------------
; bare_write: write bytes to the standard output, all of them or leave.
;
; in    rdi         not used (the context of a format_sink)
;       rsi         bytes
;       rdx         how many
; out   all are written; if the system will not take them, the program has ended
; keeps all but rax, rcx, rdx, rsi, rdi, r11 and flags
; stack 8 bytes (return address)
; needs rdx not 0
; -----------------------------------------------------------------------------
section .text.bare_write progbits alloc exec nowrite align=16
global bare_write
bare_write:
        mov     edi, STDOUT
        mov     eax, SYSCALL_WRITE
        syscall
        test    rax, rax                ; it may take fewer than it was given
        jle     .refused
        add     rsi, rax
        sub     rdx, rax
        jnz     bare_write
        ret
.refused:
        xor     edi, edi                ; not passed

; -----------------------------------------------------------------------------
; bare_exit: end the program with status 0 if it passed, 1 if not.
;
; in    edi         1 passed, 0 not
; out   never returns
; stack none
; needs nothing
; -----------------------------------------------------------------------------
global bare_exit
bare_exit:
        xor     edi, 1
        mov     eax, SYSCALL_EXIT_GROUP
        syscall

; -----------------------------------------------------------------------------
; __stack_chk_fail: the kernel's objects are built with the stack protector, so
; they are tried with it: say that a canary was changed, and end as failed.
;
; in    nothing
; out   never returns
; stack none it would trust
; needs nothing
; -----------------------------------------------------------------------------
section .text.__stack_chk_fail progbits alloc exec nowrite align=16
global __stack_chk_fail
__stack_chk_fail:
        lea     rsi, [smashed]
        mov     edx, smashed_size
        call    bare_write
        xor     edi, edi                ; not passed
        jmp     bare_exit

section .rodata.smashed progbits alloc noexec nowrite align=8
global __stack_chk_guard
__stack_chk_guard:  dq CANARY
smashed:            db "# a canary on the stack was changed", 10
smashed_size        equ $ - smashed

section .rodata.nothing progbits alloc noexec nowrite align=1
nothing:            db 0

section .note.GNU-stack noalloc noexec nowrite progbits

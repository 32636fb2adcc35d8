; SPDX-License-Identifier: MIT
;
; The inner loop of crc32c_fold.c by SSE2, which every x86-64 CPU has: six
; instructions for 16 bytes, copy included. The only code that uses a vector
; register, and it leaves no data there. For host tests, -DPREFIX=core_ puts core_
; in front of the name.
; spec: Intel SDM, volume 2B, "MOVDQU", "PXOR".

%include "kernel/core/symbol.inc"

WORD_SHIFT          equ 4
WORD_BYTES          equ 1 << WORD_SHIFT
BLOCK_SHIFT         equ 3               ; loop overhead: 3 in 51 instructions
BLOCK_WORDS         equ 1 << BLOCK_SHIFT
BLOCK_BYTES         equ BLOCK_WORDS * WORD_BYTES

; Fold the word at index rax + %1.
%macro fold_word 1
        movdqu  xmm0, oword [rsi + rax + %1]
        movdqu  oword [rdi + rax + %1], xmm0
        pxor    xmm0, oword [rdx + rax + %1]
        pxor    xmm0, oword [rcx + rax + %1]
        pxor    xmm0, oword [r8 + rax + %1]
        movdqa  oword [rdx + rax + %1], xmm0
%endmacro

bits 64
default rel
section .text.crc32c_fold_sse2 progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; crc32c_fold_sse2: copy words, and fold them into the ring.
;
; in    rdi         where they go, any alignment
;       rsi         where they are, any alignment; may be rdi
;       rdx, rcx, r8  far, near and middle in the ring, multiples of 16
;       r9          number of words of 16 bytes, may be 0
; out   xmm0        0
; keeps all but rax, r9, r10, xmm0 and flags
; stack 8 bytes (return address)
; needs long mode, CR4.OSFXSR = 1, CR0.EM = 0, CR0.TS = 0
; spec  crc32c_fold.h
; -----------------------------------------------------------------------------
global SYMBOL(crc32c_fold_sse2)
SYMBOL(crc32c_fold_sse2):
        xor     eax, eax                ; bytes done
        mov     r10, r9
        shr     r10, BLOCK_SHIFT
        jz      .words
.next_block:
%assign place 0
%rep BLOCK_WORDS
        fold_word place
%assign place place + WORD_BYTES
%endrep
        add     rax, BLOCK_BYTES
        dec     r10
        jnz     .next_block
.words:
        and     r9d, BLOCK_WORDS - 1
        jz      .done
.next_word:
        fold_word 0
        add     rax, WORD_BYTES
        dec     r9d
        jnz     .next_word
.done:
        pxor    xmm0, xmm0
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

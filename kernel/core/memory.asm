; SPDX-License-Identifier: MIT
;
; The four routines a C compiler may call by itself, by the string instructions:
; few instructions, no vector registers, no alignment assumed. Not the fastest
; copy for a handful of bytes. For host tests, -DPREFIX=core_ puts core_ in
; front of each name.
; spec: ISO C17, section 7.24; System V AMD64 ABI, section 3.2.

%include "kernel/core/symbol.inc"

QUADWORD_SHIFT      equ 3
QUADWORD_BYTES      equ 1 << QUADWORD_SHIFT
EVERY_BYTE          equ 0x0101010101010101

bits 64
default rel

; -----------------------------------------------------------------------------
; memcpy: copy bytes between places that do not overlap.
;
; in    rdi         destination
;       rsi         source
;       rdx         number of bytes, may be 0
; out   rax         destination
; keeps all but rax, rcx, rsi, rdi and flags
; stack 8 bytes (return address)
; needs long mode, DF = 0
; spec  ISO C17, section 7.24.2.1
; -----------------------------------------------------------------------------
section .text.memcpy progbits alloc exec nowrite align=16
global SYMBOL(memcpy)
SYMBOL(memcpy):
        mov     rax, rdi
        mov     rcx, rdx
        shr     rcx, QUADWORD_SHIFT
        rep movsq
        mov     ecx, edx
        and     ecx, QUADWORD_BYTES - 1
        rep movsb
        ret

; -----------------------------------------------------------------------------
; memmove: copy bytes between places that may overlap.
;
; in    rdi         destination
;       rsi         source
;       rdx         number of bytes, may be 0
; out   rax         destination
; keeps all but rax, rcx, rsi, rdi and flags
; stack 8 bytes (return address)
; needs long mode, DF = 0; leaves DF = 0
; spec  ISO C17, section 7.24.2.2
; -----------------------------------------------------------------------------
section .text.memmove progbits alloc exec nowrite align=16
global SYMBOL(memmove)
SYMBOL(memmove):
        mov     rax, rdi
        sub     rax, rsi
        cmp     rax, rdx                ; unsigned: a destination below is far above
        mov     rax, rdi
        jb      .backward
        mov     rcx, rdx
        shr     rcx, QUADWORD_SHIFT
        rep movsq
        mov     ecx, edx
        and     ecx, QUADWORD_BYTES - 1
        rep movsb
        ret
.backward:
        std                             ; a handler that interrupts here clears DF for itself
        lea     rsi, [rsi + rdx - 1]
        lea     rdi, [rdi + rdx - 1]
        mov     ecx, edx
        and     ecx, QUADWORD_BYTES - 1
        rep movsb
        sub     rsi, QUADWORD_BYTES - 1 ; from the last byte of a quadword to its first
        sub     rdi, QUADWORD_BYTES - 1
        mov     rcx, rdx
        shr     rcx, QUADWORD_SHIFT
        rep movsq
        cld
        ret

; -----------------------------------------------------------------------------
; memset: fill bytes with one value.
;
; in    rdi         destination
;       esi         value, of which the low byte counts
;       rdx         number of bytes, may be 0
; out   rax         destination
; keeps all but rax, rcx, rdi, r8 and flags
; stack 8 bytes (return address)
; needs long mode, DF = 0
; spec  ISO C17, section 7.24.6.1
; -----------------------------------------------------------------------------
section .text.memset progbits alloc exec nowrite align=16
global SYMBOL(memset)
SYMBOL(memset):
        mov     r8, rdi
        movzx   eax, sil
        mov     rcx, EVERY_BYTE
        imul    rax, rcx
        mov     rcx, rdx
        shr     rcx, QUADWORD_SHIFT
        rep stosq
        mov     ecx, edx
        and     ecx, QUADWORD_BYTES - 1
        rep stosb
        mov     rax, r8
        ret

; -----------------------------------------------------------------------------
; memcmp: order two runs of bytes by their first difference.
;
; in    rdi         left
;       rsi         right
;       rdx         number of bytes, may be 0
; out   eax         below, equal to or above 0, as left is to right
; keeps all but rax, rcx, rdx, rsi, rdi, r8 and flags
; stack 8 bytes (return address)
; needs long mode, DF = 0
; spec  ISO C17, section 7.24.4.1
; -----------------------------------------------------------------------------
section .text.memcmp progbits alloc exec nowrite align=16
global SYMBOL(memcmp)
SYMBOL(memcmp):
        mov     rcx, rdx
        shr     rcx, QUADWORD_SHIFT     ; ZF = 1 if there are none: repe then leaves it so
        repe cmpsq
        jne     .quadwords_differ
        and     edx, QUADWORD_BYTES - 1 ; ZF = 1 if there are none, again
        mov     ecx, edx
        repe cmpsb
        jne     .bytes_differ
        xor     eax, eax
        ret
.bytes_differ:
        movzx   eax, byte [rdi - 1]
        movzx   ecx, byte [rsi - 1]
        sub     eax, ecx
        ret
.quadwords_differ:
        mov     rax, [rdi - QUADWORD_BYTES]
        mov     r8, [rsi - QUADWORD_BYTES]
        bswap   rax                     ; the first byte in memory decides first
        bswap   r8
        cmp     rax, r8
        sbb     eax, eax                ; -1 below, 0 above
        or      eax, 1
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

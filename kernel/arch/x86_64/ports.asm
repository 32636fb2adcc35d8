; SPDX-License-Identifier: MIT
;
; The I/O port instructions as C functions. System V AMD64 calls: the port in
; DI, the value in SI, the result in AX. They wait for nothing.

bits 64
section .text

global port_read8:function (port_read8.end - port_read8)
global port_read16:function (port_read16.end - port_read16)
global port_write8:function (port_write8.end - port_write8)
global port_write16:function (port_write16.end - port_write16)

; -----------------------------------------------------------------------------
; port_read8: read a byte.
;
; in    di          port
; out   eax         the byte, zero-extended
; keeps all but rax, rdx
; stack 8 bytes (return address)
; needs ring 0
; -----------------------------------------------------------------------------
port_read8:
        mov     edx, edi
        xor     eax, eax
        in      al, dx
        ret
.end:

; -----------------------------------------------------------------------------
; port_read16: read a word.
;
; in    di          port
; out   eax         the word, zero-extended
; keeps all but rax, rdx
; stack 8 bytes (return address)
; needs ring 0
; -----------------------------------------------------------------------------
port_read16:
        mov     edx, edi
        xor     eax, eax
        in      ax, dx
        ret
.end:

; -----------------------------------------------------------------------------
; port_write8: write a byte.
;
; in    di          port
;       sil         the byte
; out   nothing
; keeps all but rax, rdx
; stack 8 bytes (return address)
; needs ring 0
; -----------------------------------------------------------------------------
port_write8:
        mov     edx, edi
        mov     eax, esi
        out     dx, al
        ret
.end:

; -----------------------------------------------------------------------------
; port_write16: write a word.
;
; in    di          port
;       si          the word
; out   nothing
; keeps all but rax, rdx
; stack 8 bytes (return address)
; needs ring 0
; -----------------------------------------------------------------------------
port_write16:
        mov     edx, edi
        mov     eax, esi
        out     dx, ax
        ret
.end:

; SPDX-License-Identifier: MIT
;
; The verbs of stage2/real/bios_call.h: C's way to the BIOS. Each fills its part of
; the exchange area and makes one trip to real mode.
; Spec: System V ABI, AMD64 supplement, section 3.2.
%include "constants.inc"

global bios_call
global bios_disk_batch
global bios_print
global real_give_up

extern mode_trip
extern real_interrupt
extern real_service_interrupt
extern real_service_disk
extern real_service_print
extern real_stop

bits 64
section .low progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; bios_call: INT `interrupt` with *registers.
;
; in    edi         interrupt, its low byte counts
;       rsi         struct bios_registers
; out   *registers as the BIOS left them; failure is in their flags
; keeps rbx, rbp, r12 to r15
; stack 80 bytes
; needs 64-bit mode on the loader's page tables, IF = 0, DF = 0
; -----------------------------------------------------------------------------
bios_call:
        push    rbx
        mov     rbx, rsi
        mov     eax, edi
        mov     byte [real_interrupt], al
        mov     edi, LOW_EXCHANGE + exchange.registers
        mov     ecx, bios_registers_size / 4
        rep movsd
        mov     eax, real_service_interrupt
        call    mode_trip
        mov     esi, LOW_EXCHANGE + exchange.registers
        mov     rdi, rbx
        mov     ecx, bios_registers_size / 4
        rep movsd
        pop     rbx
        ret

; -----------------------------------------------------------------------------
; bios_disk_batch: make the calls of exchange.disk up to the first that fails.
;
; in    exchange.disk
; out   exchange.disk; failure is in its last request made
; keeps rbx, rbp, r12 to r15
; stack 72 bytes
; needs 64-bit mode on the loader's page tables, IF = 0, DF = 0
; -----------------------------------------------------------------------------
bios_disk_batch:
        mov     eax, real_service_disk
        jmp     mode_trip

; -----------------------------------------------------------------------------
; bios_print: write a text to the console.
;
; in    rdi         the first byte
;       esi         how many bytes
; out   nothing
; keeps rbx, rbp, r12 to r15
; stack 88 bytes
; needs 64-bit mode on the loader's page tables, IF = 0, DF = 0
; -----------------------------------------------------------------------------
bios_print:
        push    rbx
        push    rbp
        mov     rbx, rdi
        mov     ebp, esi
.next_part:
        test    ebp, ebp
        jz      .done
        mov     ecx, EXCHANGE_TEXT_BYTES
        cmp     ebp, ecx
        cmovb   ecx, ebp
        sub     ebp, ecx
        mov     word [LOW_EXCHANGE + exchange.text_bytes], cx
        mov     rsi, rbx
        mov     edi, LOW_EXCHANGE + exchange.text
        rep movsb
        mov     rbx, rsi
        mov     eax, real_service_print
        call    mode_trip
        jmp     .next_part
.done:
        pop     rbp
        pop     rbx
        ret

; -----------------------------------------------------------------------------
; real_give_up: the end of the boot, in real mode.
;
; assumes 64-bit mode on the loader's page tables, IF = 0, DF = 0
; leaves  never: real_stop waits, hands back to the BIOS, resets
; -----------------------------------------------------------------------------
real_give_up:
        mov     eax, real_stop
        jmp     mode_trip

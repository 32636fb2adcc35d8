; SPDX-License-Identifier: MIT
;
; The real-mode ends of the trips that C makes: one BIOS call, a batch of disk
; calls, a text. Each works on its part of the exchange area. How real mode is
; reached and left is stage2/mode.asm's business.
; Spec: BIOS Enhanced Disk Drive 3.0, INT 13h AH=42h; IBM PC/AT Technical
; Reference, section 5 "BIOS", INT 13h AH=00h and AH=02h.
%include "constants.inc"

global real_service_interrupt
global real_service_disk
global real_service_print
global real_interrupt

extern real_console_block

%define REGISTERS(field) LOW_EXCHANGE + exchange.registers + bios_registers. %+ field
%define BATCH(field) LOW_EXCHANGE + exchange.disk + disk_batch. %+ field
%define REQUEST(field) disk_request. %+ field

; The flags a caller may choose; IF is always on and DF, TF, NT always off.
CALLER_FLAGS    equ RFLAGS_CF | RFLAGS_PF | RFLAGS_AF | RFLAGS_ZF | RFLAGS_SF | RFLAGS_OF

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_service_interrupt: INT real_interrupt with exchange.registers. INT takes no
; variable, so its work is done by hand: the frame is pushed, and the vector's
; address jumped to.
;
;       sp + 4      flags that IRET puts back, IF on
;       sp + 2      cs, 0
;       sp          .returned
;
; in    real_interrupt, exchange.registers
; out   exchange.registers as the BIOS left them, failure and all: CF is in flags
; keeps nothing but cs, ss, sp
; stack 6 bytes plus what the BIOS uses
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_service_interrupt:
        movzx   bx, byte [real_interrupt]
        shl     bx, 2
        mov     eax, dword [bx]         ; the interrupt vector table lies at 0
        mov     dword [vector], eax
        mov     ax, word [REGISTERS(flags)]
        and     ax, CALLER_FLAGS
        or      ax, RFLAGS_IF
        push    ax
        push    cs
        push    word .returned
        and     ax, ~RFLAGS_IF & 0xFFFF ; a handler starts with interrupts off
        push    ax
        popf
        mov     eax, dword [REGISTERS(eax)]
        mov     ebx, dword [REGISTERS(ebx)]
        mov     ecx, dword [REGISTERS(ecx)]
        mov     edx, dword [REGISTERS(edx)]
        mov     esi, dword [REGISTERS(esi)]
        mov     edi, dword [REGISTERS(edi)]
        mov     ebp, dword [REGISTERS(ebp)]
        mov     es, word [REGISTERS(es)]
        mov     ds, word [REGISTERS(ds)]
        jmp     far [cs:vector]
.returned:
        mov     dword [cs:REGISTERS(eax)], eax
        mov     dword [cs:REGISTERS(ebx)], ebx
        mov     dword [cs:REGISTERS(ecx)], ecx
        mov     dword [cs:REGISTERS(edx)], edx
        mov     dword [cs:REGISTERS(esi)], esi
        mov     dword [cs:REGISTERS(edi)], edi
        mov     dword [cs:REGISTERS(ebp)], ebp
        mov     word [cs:REGISTERS(ds)], ds
        mov     word [cs:REGISTERS(es)], es
        pushf
        pop     word [cs:REGISTERS(flags)]
        ret

; -----------------------------------------------------------------------------
; real_service_disk: make the calls of exchange.disk up to the first that fails.
;
; in    exchange.disk
; out   exchange.disk: made; status, carry and moved of the calls made
; keeps nothing but cs, ss, sp
; stack 4 bytes plus what the BIOS uses
; needs real mode, ds = es = ss = 0, DF = 0
; -----------------------------------------------------------------------------
real_service_disk:
        mov     word [BATCH(made)], 0
        mov     bp, BATCH(request)      ; with bp, the segment is ss: 0 whatever ds became
.next_request:
        mov     ax, word [BATCH(made)]
        cmp     ax, word [BATCH(count)]
        jae     .done
        inc     word [BATCH(made)]
        call    one_disk_call
        cmp     byte [bp + REQUEST(carry)], 0
        jne     .done
        add     bp, disk_request_size
        jmp     .next_request
.done:
        ret

; one_disk_call: the request at bp. The packet is built afresh for each call, for
; some BIOSes change it (Q26), and its count read back (Q25). A BIOS may damage any
; register but sp (Q21); what it reports is kept in the request, failure too.
one_disk_call:
        mov     si, bp
        mov     di, packet
        mov     cx, edd_packet_size / 4
        rep movsd                       ; disk_request.packet is its first field
        mov     dl, byte [BATCH(drive)]
        mov     ah, INT13_EDD_READ
        mov     si, packet
        cmp     byte [bp + REQUEST(kind)], DISK_READ_EDD
        je      .call
        mov     ah, INT13_RESET
        cmp     byte [bp + REQUEST(kind)], DISK_RESET
        je      .call
        mov     ah, INT13_READ_CHS
        mov     al, byte [packet + edd_packet.count]
        mov     cx, word [bp + REQUEST(chs_cx)]
        mov     dh, byte [bp + REQUEST(chs_dh)]
        mov     bx, word [packet + edd_packet.offset]
        mov     es, word [packet + edd_packet.segment]
.call:
        push    bp
        sti                             ; the BIOS may have lost it last time (Q22)
        int     INT13
        pop     bp
        cld
        mov     cx, 0                   ; not xor: CF is the answer
        mov     ds, cx
        mov     es, cx
        setc    byte [bp + REQUEST(carry)]
        mov     byte [bp + REQUEST(status)], ah
        mov     ax, word [packet + edd_packet.count]
        mov     word [bp + REQUEST(moved)], ax
        ret

; -----------------------------------------------------------------------------
; real_service_print: write exchange.text to the console.
;
; in    exchange.text, exchange.text_bytes
; out   nothing
; keeps nothing but cs, ss, sp
; stack 80 bytes plus what the BIOS uses
; needs real mode, ds = 0, DF = 0
; -----------------------------------------------------------------------------
real_service_print:
        mov     si, LOW_EXCHANGE + exchange.text
        mov     cx, word [LOW_EXCHANGE + exchange.text_bytes]
        call    real_console_block
        ret

section .real.bss nobits alloc noexec write align=16

vector:         resd 1                  ; offset, segment
packet:         resb edd_packet_size
real_interrupt: resb 1

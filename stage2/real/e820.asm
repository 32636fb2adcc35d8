; SPDX-License-Identifier: MIT
;
; Walks the BIOS's E820 list and keeps each answer as it came, with the registers
; that came with it. Decides only when the walk is over; what the answers are
; worth is judged in C.
; Spec: ACPI 6.4, section 15.1 "INT 15H, E820H - Query System Address Map".
%include "constants.inc"
%include "stage2/real/answer.inc"

global real_e820_ask

extern real_ask_system
extern real_answer

%define ANSWERS(field) LOW_ANSWERS + memory_answers. %+ field

; What makes two answers the same: base, length and type, then the continuation.
RANGE_DWORDS    equ boot_e820_answer.attributes / 4
BUFFER_GUARD    equ 8                   ; for a BIOS that writes more than it says

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_e820_ask: walk the list, asking for 24 bytes an answer; if that fails at
; once, walk it asking for 20: some BIOSes choke on more (Q42).
;
; in    nothing
; out   memory_answers.e820, e820_count, e820_end, e820_asked
; keeps nothing but ds, es, sp
; stack 60 bytes plus what the BIOS uses
; needs real mode, ds = es = 0, DF = 0
; -----------------------------------------------------------------------------
real_e820_ask:
        mov     bp, E820_BYTES_EXTENDED
        call    walk
        cmp     byte [ANSWERS(e820_end)], BOOT_E820_END_UNSUPPORTED
        jne     .done
        mov     bp, E820_BYTES
        call    walk
.done:
        ret

; walk: the whole list, bp bytes an answer. The buffer is zeroed once and not per
; answer: some BIOSes write only what changed (Q45). The continuation is a 32-bit
; number without meaning (Q47). Changes registers.
walk:
        xor     eax, eax
        mov     di, buffer
        mov     cx, (boot_e820_answer.returned_eax + BUFFER_GUARD) / 4
        rep stosd
        mov     dword [ANSWERS(e820_count)], eax
        mov     word [ANSWERS(e820_asked)], bp
        xor     ebx, ebx                ; the first question's continuation
        mov     si, ANSWERS(e820)       ; where the next answer is kept
.next_answer:
        call    ask
        test    byte [real_answer + answer.flags], RFLAGS_CF
        jnz     .carry
        cmp     dword [real_answer + answer.eax], E820_SIGNATURE
        jne     .no_signature
        call    keep
        mov     al, BOOT_E820_END_REPEAT
        call    is_repeated
        jc      .end
        inc     word [ANSWERS(e820_count)]
        add     si, boot_e820_answer_size
        mov     ebx, dword [real_answer + answer.ebx]
        mov     al, BOOT_E820_END_ZERO
        test    ebx, ebx
        jz      .end
        mov     al, BOOT_E820_END_FULL
        cmp     word [ANSWERS(e820_count)], MEMORY_ANSWERS_MAX
        je      .end                    ; a list without end (Q46), or a very long one (Q50)
        jmp     .next_answer
.carry:                                 ; the other normal end (Q43)
        mov     al, BOOT_E820_END_CARRY
        jmp     .end_unless_first
.no_signature:                          ; Q44: shown, not believed
        cmp     word [ANSWERS(e820_count)], 0
        je      .end_unless_first
        call    keep
        inc     word [ANSWERS(e820_count)]
        mov     al, BOOT_E820_END_SIGNATURE
        jmp     .end
.end_unless_first:
        cmp     word [ANSWERS(e820_count)], 0
        jne     .end
        mov     al, BOOT_E820_END_UNSUPPORTED
.end:
        mov     byte [ANSWERS(e820_end)], al
        ret

; ask: one question; ebx = continuation, bp = bytes. The attributes say "enabled"
; unless the BIOS overwrites them (Q41). Failure is in real_answer. Changes eax,
; ecx, edx, edi.
ask:
        mov     dword [buffer + boot_e820_answer.attributes], 1
        mov     eax, INT15_E820
        movzx   ecx, bp
        mov     edx, E820_SIGNATURE
        movzx   edi, word [buffer_address]
        call    real_ask_system
        ret

; keep: copy the buffer and the registers to the record at si. Changes eax, cx, di.
keep:
        push    si
        mov     di, si
        mov     si, buffer
        mov     cx, boot_e820_answer.returned_eax / 4
        rep movsd
        pop     si
        mov     eax, dword [real_answer + answer.eax]
        mov     dword [si + boot_e820_answer.returned_eax], eax
        mov     eax, dword [real_answer + answer.ecx]
        mov     dword [si + boot_e820_answer.returned_bytes], eax
        mov     eax, dword [real_answer + answer.ebx]
        mov     dword [si + boot_e820_answer.continuation], eax
        movzx   eax, word [real_answer + answer.flags]
        mov     dword [si + boot_e820_answer.flags], eax
        ret

; is_repeated: CF = 1 when an earlier answer has the same range and the same
; continuation as the record at si: the BIOS walks in a circle (Q46). Changes bx,
; cx, dx, di.
is_repeated:
        push    eax
        push    si
        mov     dx, si                  ; the newest record
        mov     bx, ANSWERS(e820)
.next_earlier:
        cmp     bx, dx
        je      .none                   ; compares equal, so CF = 0
        mov     si, dx
        mov     di, bx
        add     bx, boot_e820_answer_size
        mov     cx, RANGE_DWORDS
        repe cmpsd
        jne     .next_earlier
        mov     si, dx
        mov     eax, dword [si + boot_e820_answer.continuation]
        cmp     eax, dword [bx - boot_e820_answer_size + boot_e820_answer.continuation]
        jne     .next_earlier
        stc
.none:
        pop     si
        pop     eax
        ret

section .real.data progbits alloc noexec write align=16

buffer_address: dw buffer

section .real.bss nobits alloc noexec write align=16

buffer:         resb boot_e820_answer.returned_eax + BUFFER_GUARD

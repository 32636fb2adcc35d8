; SPDX-License-Identifier: MIT
;
; Asks the BIOS what memory there is, in every way a PC knows, and keeps the
; answers word for word at LOW_ANSWERS. Judges nothing: that is C's part
; (stage2/plan/memory_judge.c).
; Spec: Ralf Brown's Interrupt List, INT 12h, INT 15h AH=88h, INT 15h AX=E801h.
%include "constants.inc"
%include "stage2/real/step.inc"
%include "stage2/real/answer.inc"

global memory_ask
global real_ask_system
global real_answer

extern real_trace_step
extern real_trace_argument
extern real_console_text
extern real_e820_ask

%define ANSWERS(field) LOW_ANSWERS + memory_answers. %+ field

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; memory_ask: fill the answers. Every question is asked, whatever the others said.
;
; in    nothing
; out   struct memory_answers at LOW_ANSWERS; the trace record's argument is the
;       number of E820 answers
; keeps all but flags
; stack 90 bytes plus what the BIOS uses
; needs real mode, ds = es = 0, DF = 0
; -----------------------------------------------------------------------------
memory_ask:
        begin_step MEMORY_ASK, ", memory"
        pushad
        mov     di, LOW_ANSWERS
        mov     cx, memory_answers.e820 / 2
        xor     ax, ax
        rep stosw
        call    ask_e801
        call    ask_extended
        call    ask_low
        call    real_e820_ask
        mov     eax, dword [ANSWERS(e820_count)]
        call    real_trace_argument
        popad
        ret

; ask_e801: some BIOSes answer in ax and bx, some in cx and dx (Q54), so all four
; start from 0. Failure is in the flags that are kept. Changes registers.
ask_e801:
        mov     eax, INT15_E801
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
        call    real_ask_system
        mov     ax, word [real_answer + answer.eax]
        mov     word [ANSWERS(e801_ax)], ax
        mov     ax, word [real_answer + answer.ebx]
        mov     word [ANSWERS(e801_bx)], ax
        mov     ax, word [real_answer + answer.ecx]
        mov     word [ANSWERS(e801_cx)], ax
        mov     ax, word [real_answer + answer.edx]
        mov     word [ANSWERS(e801_dx)], ax
        mov     ax, word [real_answer + answer.flags]
        mov     word [ANSWERS(e801_flags)], ax
        ret

; ask_extended: INT 15h AH=88h. Its carry means little (Q54). Changes registers.
ask_extended:
        mov     eax, INT15_EXTENDED << 8
        call    real_ask_system
        mov     ax, word [real_answer + answer.eax]
        mov     word [ANSWERS(int88_ax)], ax
        mov     ax, word [real_answer + answer.flags]
        mov     word [ANSWERS(int88_flags)], ax
        ret

; ask_low: where memory below 1 MiB ends, by INT 12h and by the EBDA's place.
; INT 12h cannot fail, only lie. Changes registers.
ask_low:
        pushad
        push    ds
        push    es
        int     INT_MEMORY_SIZE
        mov     word [cs:ANSWERS(int12_ax)], ax
        pop     es
        pop     ds
        popad
        cld
        sti
        mov     ax, word [BDA_EBDA_SEGMENT]
        mov     word [ANSWERS(ebda_segment)], ax
        ret

; -----------------------------------------------------------------------------
; real_ask_system: INT 15h, with everything the BIOS might damage protected (Q47);
; IF and DF are as every step expects them afterwards, whatever it did (Q22).
;
; in    eax, ebx, ecx, edx, edi, es   the question; CF goes in as 0
; out   real_answer: what came back, FLAGS included; failure is for the caller to
;       see in them
; keeps all but flags
; stack 40 bytes plus what the BIOS uses
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_ask_system:
        pushad
        push    ds
        push    es
        clc
        int     INT_SYSTEM
        mov     dword [cs:real_answer + answer.eax], eax
        mov     dword [cs:real_answer + answer.ebx], ebx
        mov     dword [cs:real_answer + answer.ecx], ecx
        mov     dword [cs:real_answer + answer.edx], edx
        pushf
        pop     word [cs:real_answer + answer.flags]
        pop     es
        pop     ds
        popad
        cld
        sti
        ret

section .real.bss nobits alloc noexec write align=16

real_answer:    resb answer_size

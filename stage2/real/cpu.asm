; SPDX-License-Identifier: MIT
;
; Asks the CPU whether it can go to long mode, while a BIOS is still there to say
; so if it cannot. Changes nothing in the CPU.
; Spec: Intel SDM, volume 2A "CPUID"; volume 1, section 20.1 "Using the CPUID
; instruction"; AMD64 APM, volume 3, appendix D.
%include "constants.inc"
%include "stage2/real/step.inc"

global cpu_require_long_mode
global real_cpu_has_cpuid

extern real_trace_step
extern real_console_text
extern real_console_hex
extern real_error
extern real_stop
extern text_BOOT_E_NO_LONG_MODE
extern text_BOOT_E_NO_CPUID

; Above this, leaf 80000000h has not answered but repeated some basic leaf.
CPUID_EXTENDED_LAST equ 0x8000FFFF
SIGNATURE_DIGITS    equ 8

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; cpu_require_long_mode: return if there is long mode, else say which CPU this is
; and stop.
;
; in    nothing
; out   exchange.cpu_has_nx
; keeps all but flags
; stack 100 bytes plus what the BIOS uses
; needs real mode, ds = es = 0, DF = 0
; -----------------------------------------------------------------------------
cpu_require_long_mode:
        begin_step CPU, "coldstart: cpu"
        pushad
        call    real_cpu_has_cpuid
        jc      .no_cpuid
        mov     eax, CPUID_EXTENDED
        cpuid
        cmp     eax, CPUID_EXTENDED_1
        jb      .no_long_mode
        cmp     eax, CPUID_EXTENDED_LAST
        ja      .no_long_mode
        mov     eax, CPUID_EXTENDED_1
        cpuid
        test    edx, CPUID_X1_EDX_LM
        jz      .no_long_mode
        test    edx, CPUID_X1_EDX_NX
        setnz   byte [LOW_EXCHANGE + exchange.cpu_has_nx]
        popad
        ret
.no_cpuid:
        mov     al, BOOT_E_NO_CPUID
        mov     si, text_BOOT_E_NO_CPUID
        call    real_error
        jmp     real_stop
.no_long_mode:
        mov     al, BOOT_E_NO_LONG_MODE
        mov     si, text_BOOT_E_NO_LONG_MODE
        call    real_error
        call    say_which_cpu
        jmp     real_stop

; -----------------------------------------------------------------------------
; real_cpu_has_cpuid: is there a CPUID instruction? A 386 or 486 cannot flip
; EFLAGS.ID; its CPUID would be an invalid opcode.
;
; in    nothing
; out   CF = 0      there is
;       CF = 1      there is none
; keeps all but flags
; stack 16 bytes
; needs real mode
; -----------------------------------------------------------------------------
real_cpu_has_cpuid:
        push    eax
        push    ecx
        pushfd
        pop     eax
        mov     ecx, eax
        xor     eax, RFLAGS_ID
        push    eax
        popfd
        pushfd
        pop     eax
        push    ecx                     ; as they were
        popfd
        xor     eax, ecx
        test    eax, RFLAGS_ID          ; leaves CF = 0
        jnz     .done
        stc
.done:
        pop     ecx
        pop     eax
        ret

; say_which_cpu: vendor and signature, as `, CPU GenuineIntel 00000663h`. Changes
; every general register.
say_which_cpu:
        xor     eax, eax                ; CPUID_VENDOR
        cpuid
        mov     dword [vendor], ebx
        mov     dword [vendor + 4], edx
        mov     dword [vendor + 8], ecx
        mov     si, text_cpu
        call    real_console_text
        mov     si, vendor              ; the byte behind it is 0
        call    real_console_text
        mov     si, text_space
        call    real_console_text
        mov     eax, CPUID_FEATURES
        cpuid
        mov     cx, SIGNATURE_DIGITS
        call    real_console_hex
        mov     si, text_hexadecimal
        call    real_console_text
        ret

section .real.data progbits alloc noexec write align=16

text_cpu:           db `, CPU `, 0
text_space:         db ` `, 0
text_hexadecimal:   db `h`, 0

section .real.bss nobits alloc noexec write align=16

vendor:             resb 12
                    resb 1

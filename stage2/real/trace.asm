; SPDX-License-Identifier: MIT
;
; The trace of the boot's first steps, in the exchange area where C continues
; it. Does not print; the kernel shows the whole table.
; Spec: struct boot_trace_record in include/boot/boot_info.h.
%include "constants.inc"

global real_trace_start
global real_trace_step
global real_trace_argument

extern real_cpu_has_cpuid

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; real_trace_start: find out whether there is a time-stamp counter, then record
; the steps that are already behind us.
;
; in    nothing
; out   exchange.cpu_has_tsc; records of STAGE1 (without a time) and STAGE2
; keeps all but flags
; stack 52 bytes
; needs real mode, ds = 0, exchange.trace_count = 0
; spec  Intel SDM, volume 2A, CPUID leaf 1 EDX bit 4
; -----------------------------------------------------------------------------
real_trace_start:
        pushad
        mov     ax, BOOT_STEP_STAGE1
        call    real_trace_step         ; no time: nobody could ask the CPU yet
        call    real_cpu_has_cpuid
        jc      .no_counter
        mov     eax, CPUID_FEATURES
        cpuid
        test    edx, CPUID_1_EDX_TSC
        jz      .no_counter
        mov     byte [LOW_EXCHANGE + exchange.cpu_has_tsc], 1
.no_counter:
        mov     ax, BOOT_STEP_STAGE2
        call    real_trace_step
        popad
        ret

; -----------------------------------------------------------------------------
; real_trace_step: record that a step begins now. A full trace keeps its head.
;
; in    ax          step (BOOT_STEP_...)
; out   one more record, its argument 0
; keeps all but flags
; stack 34 bytes
; needs real mode, ds = 0
; -----------------------------------------------------------------------------
real_trace_step:
        pushad
        mov     bx, word [LOW_EXCHANGE + exchange.trace_count]
        cmp     bx, EXCHANGE_TRACE_MAX
        jae     .full
        imul    di, bx, boot_trace_record_size
        add     di, LOW_EXCHANGE + exchange.trace
        movzx   eax, ax
        mov     dword [di + boot_trace_record.step], eax
        xor     eax, eax
        xor     edx, edx
        mov     dword [di + boot_trace_record.argument], eax
        cmp     byte [LOW_EXCHANGE + exchange.cpu_has_tsc], al
        je      .no_counter
        rdtsc
.no_counter:
        mov     dword [di + boot_trace_record.tsc], eax
        mov     dword [di + boot_trace_record.tsc + 4], edx
        inc     word [LOW_EXCHANGE + exchange.trace_count]
.full:
        popad
        ret

; -----------------------------------------------------------------------------
; real_trace_argument: give the newest record its argument.
;
; in    eax         the argument
; out   nothing
; keeps all but flags
; stack 4 bytes
; needs real mode, ds = 0, at least one record
; -----------------------------------------------------------------------------
real_trace_argument:
        push    di
        imul    di, word [LOW_EXCHANGE + exchange.trace_count], boot_trace_record_size
        mov     dword [di + LOW_EXCHANGE + exchange.trace - boot_trace_record_size + \
                       boot_trace_record.argument], eax
        pop     di
        ret

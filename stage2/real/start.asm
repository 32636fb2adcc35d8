; SPDX-License-Identifier: MIT
;
; The first bytes of stage 2: its header, and the 16-bit road from stage 1 to
; long mode as a table of contents. Decides nothing; each step has its own file.
;
; On entry (from stage 1): real mode, cs = ds = es = ss = 0, sp =
; LOW_REAL_STACK_TOP, DF = 0, IF = 1, dl = boot drive; every other register is
; unknown. The 16-bit parts lie below 64 KiB with segment 0, so that a label is
; its address in every mode.
; Spec: include/boot/stage2_header.h, include/boot/steps.h.
%include "constants.inc"

global stage2_start

extern real_bss_dwords                  ; from the linker script
extern real_console_start
extern real_trace_start
extern cpu_require_long_mode
extern a20_enable
extern memory_ask
extern long_mode_enter

bits 16
section .header progbits alloc exec nowrite align=16

; struct stage2_header; what is 0 here, tools/seal fills in.
header: dd      STAGE2_MAGIC_0, STAGE2_MAGIC_1
        times stage2_header_size - ($ - header) db 0
        times STAGE2_ENTRY_OFFSET - ($ - header) db 0

; -----------------------------------------------------------------------------
; stage2_start: from stage 1 to long mode.
;
; assumes the state in this file's head
; leaves  by long_mode_enter to loader_main, or by real_stop with a coded error
; -----------------------------------------------------------------------------
stage2_start:
        call    clear_variables
        mov     byte [LOW_EXCHANGE + exchange.drive], dl
        call    real_console_start
        call    real_trace_start
        call    cpu_require_long_mode
        call    a20_enable
        call    memory_ask
        jmp     long_mode_enter

section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; clear_variables: zero the 16-bit parts' variables and the exchange area up to
; the trace's end; what lies behind is written before it is read.
;
; in    nothing
; out   nothing
; keeps all but flags
; stack 10 bytes
; needs real mode, es = 0, DF = 0
; -----------------------------------------------------------------------------
clear_variables:
        push    eax
        push    cx
        push    di
        xor     eax, eax
        mov     di, LOW_EXCHANGE
        mov     cx, exchange.registers / 4
        rep stosd
        mov     di, LOW_REAL_BSS
        mov     cx, real_bss_dwords
        rep stosd
        pop     di
        pop     cx
        pop     eax
        ret

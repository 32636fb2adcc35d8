; SPDX-License-Identifier: MIT
;
; The loader's own GDT and TSS. Static, aligned to 16 bytes and never moved: some
; machines stumble over a misaligned GDT, and Xen keeps the address of what LGDT
; read (Q63). The TSS is there because some hypervisors want a valid TR (Q66), and
; gives exceptions a stack that works when the loader's does not.
; Spec: Intel SDM, volume 3A, sections 3.4.5, 7.2.3 and 7.7.
%include "constants.inc"
%include "stage2/mode.inc"

global gdt_register
global gdt_tss_type

section .real.data progbits alloc noexec write align=16

align 16, db 0
gdt:            dq 0                    ; selector 0 is nobody's
                dq DESCRIPTOR_CODE64
                dq DESCRIPTOR_CODE32
                dq DESCRIPTOR_DATA
                dq DESCRIPTOR_CODE16
                dq DESCRIPTOR_DATA16
.tss:           dw task_state_size - 1  ; struct system_descriptor; all lies below 64 KiB
                dw tss
                db 0
gdt_tss_type:   db DESCRIPTOR_PRESENT | DESCRIPTOR_TSS
                db 0
                db 0
                dd 0
                dd 0
gdt_end:

align 16, db 0
tss:            times task_state.ist - ($ - tss) db 0
                dq LOW_FAULT_STACK_TOP  ; FAULT_IST is the first
                times task_state.io_map - ($ - tss) db 0
                dw task_state_size      ; no I/O map

align 16, db 0
gdt_register:   dw gdt_end - gdt - 1
                dd gdt
                dd 0                    ; LGDT in 64-bit mode would read this too

%if FAULT_IST != 1
%error "the first entry of the IST is the fault stack"
%endif

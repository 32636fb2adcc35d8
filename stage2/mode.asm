; SPDX-License-Identifier: MIT
;
; Real mode to long mode and back. Up: protected mode first, then PAE page tables,
; EFER.LME and paging; down: the same steps backwards through 16-bit compatibility
; mode, so that real mode gets true 64 KiB segments. There is no unreal mode (Q64).
;
; Interrupts are off from the first line up to the last line down; the interrupt
; controllers stay the firmware's, whose handlers run inside the trips. NMI cannot
; be turned off so: the switch is made on a vector table that serves it in every
; mode (stage2/nmi.asm, Q66), and with a stack that all of them can push to.
; Spec: Intel SDM, volume 3A, section 9.8.5 "Initializing IA-32e Mode", 9.8.5.4
; "Switching Out of IA-32e Mode", 9.9.2 "Switching Back to Real-Address Mode".
%include "constants.inc"
%include "stage2/mode.inc"
%include "stage2/real/step.inc"

global long_mode_enter
global mode_trip

extern real_trace_step
extern real_console_text
extern real_a20_keep
extern identity_build
extern gdt_register
extern gdt_tss_type
extern idt_register
extern switch_idt_register
extern bss_first
extern bss_qwords
extern loader_main
extern real_give_up

; -----------------------------------------------------------------------------
; long_mode_enter: from real mode to loader_main, once.
;
; assumes real mode, ds = es = ss = 0, a CPU with long mode, A20 on
; leaves  64-bit mode at loader_main: IF = 0, DF = 0, rsp = LOW_STACK_TOP less the
;         return address, the first 4 GiB mapped to themselves, bss zeroed
; -----------------------------------------------------------------------------
bits 16
section .real progbits alloc exec nowrite align=16

long_mode_enter:
        begin_step LONG_MODE, `, long mode\n`
        call    identity_build
        cli
        call    keep_control
        mov     dword [long_stack], first_frame
        jmp     up

; keep_control: remember what CR4 and EFER are for real mode, and work out what
; they are for long mode. Changes eax, ecx, edx.
keep_control:
        mov     eax, cr4
        mov     dword [real_cr4], eax
        or      eax, CR4_PAE | CR4_OSFXSR       ; SSE2, for crc32c_fold_sse2
        mov     dword [long_cr4], eax
        mov     ecx, MSR_EFER
        rdmsr
        mov     dword [real_efer], eax
        or      eax, EFER_LME
        cmp     byte [LOW_EXCHANGE + exchange.cpu_has_nx], 0
        je      .no_nx
        or      eax, EFER_NXE           ; a fault where the CPU has no NX
.no_nx:
        mov     dword [long_efer], eax
        ret

; -----------------------------------------------------------------------------
; up: real mode to long mode, on the first way and on every way back. Reloads all
; that a BIOS call may have replaced: GDTR and IDTR (Q62), TR, control registers.
;
; assumes real mode, ds = 0, IF = 0; [long_stack] = a 64-bit stack whose top is the
;         address to go on at
; leaves  64-bit mode at that address; rax, rcx, rdx changed, the upper halves of
;         all registers unknown
; -----------------------------------------------------------------------------
up:
        movzx   esp, sp                 ; a BIOS may leave anything above (Q21)
        o32 lgdt [gdt_register]
        o32 lidt [switch_idt_register]
        mov     eax, dword [long_cr4]
        mov     cr4, eax
        mov     eax, LOW_PAGE_TABLES
        mov     cr3, eax
        mov     ecx, MSR_EFER
        mov     eax, dword [long_efer]
        xor     edx, edx
        wrmsr
        mov     eax, cr0
        and     eax, ~(CR0_CD | CR0_NW) ; Bochs's BIOS leaves the caches off
        and     eax, ~(CR0_EM | CR0_TS) ; as CR4_OSFXSR
        or      al, CR0_PE
        mov     cr0, eax
        jmp     SELECTOR_CODE32:protected_mode

bits 32
section .low progbits alloc exec nowrite align=16

protected_mode:
        mov     dx, SELECTOR_DATA
        mov     ss, edx                 ; long mode's IRETQ takes no 0 here
        or      eax, CR0_PG             ; with EFER.LME set, paging is long mode
        mov     cr0, eax
        jmp     SELECTOR_CODE64:long_mode

bits 64
long_mode:
        mov     eax, SELECTOR_DATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        xor     eax, eax                ; nothing of real mode stays in a segment register
        mov     fs, eax
        mov     gs, eax
        mov     byte [gdt_tss_type], DESCRIPTOR_PRESENT | DESCRIPTOR_TSS    ; not busy
        mov     eax, SELECTOR_TSS
        ltr     ax
        lidt    [idt_register]
        mov     esp, dword [long_stack]
        push    RFLAGS_FIXED            ; no DF, NT or AC of some firmware's (Q5)
        popfq
        ret

; long_start: the first 64-bit code of the boot.
long_start:
        mov     esp, LOW_STACK_TOP
        xor     ebp, ebp                ; the end of every backtrace
        mov     edi, bss_first
        mov     ecx, bss_qwords
        xor     eax, eax
        rep stosq
        call    loader_main
        jmp     real_give_up            ; it does not return

; -----------------------------------------------------------------------------
; mode_trip: from C to a 16-bit service and back.
;
; assumes 64-bit mode on the loader's page tables, IF = 0, DF = 0; eax = address of
;         the service, a near routine that ends in ret
; leaves  the same, rbx, rbp, r12 to r15 kept, all else changed; exchange.trips
;         one higher. The service ran in real mode: cs = ds = es = ss = 0,
;         sp = LOW_REAL_STACK_TOP less its return address, IF = 1, DF = 0
; -----------------------------------------------------------------------------
mode_trip:
        push    rbx
        push    rbp
        push    r12
        push    r13
        push    r14
        push    r15
        mov     dword [service], eax
        inc     dword [LOW_EXCHANGE + exchange.trips]
        call    down
        pop     r15
        pop     r14
        pop     r13
        pop     r12
        pop     rbp
        pop     rbx
        ret

; down: long mode to real mode, the service, and up again behind the call.
down:
        mov     dword [long_stack], esp ; the stack lies below 4 GiB
        jmp     far dword [compatibility_pointer]

bits 16
section .real progbits alloc exec nowrite align=16

compatibility_mode:
        mov     ax, SELECTOR_DATA16
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        mov     ss, ax
        mov     esp, LOW_REAL_STACK_TOP ; no interrupt, nor NMI, comes right after mov ss
        o32 lidt [switch_idt_register]
        mov     eax, cr0
        and     eax, ~CR0_PG
        mov     cr0, eax                ; out of long mode: 16-bit protected mode
        mov     edx, dword [real_cr4]
        mov     cr4, edx
        and     al, ~CR0_PE & 0xFF
        mov     ebx, eax
        mov     ecx, MSR_EFER
        mov     eax, dword [real_efer]
        xor     edx, edx
        wrmsr
        mov     cr0, ebx
        jmp     0:real_mode
real_mode:
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        mov     ss, ax
        lidt    [real_idt_register]
        sti                             ; the BIOS waits for its own interrupts (Q22)
        call    word [service]
        cli                             ; after the last BIOS call, and not before (Q22)
        xor     ax, ax
        mov     ds, ax
        call    real_a20_keep
        jmp     up

section .real.data progbits alloc noexec write align=16

; A stack with nothing on it but where long mode begins.
first_frame:            dq long_start
compatibility_pointer:  dd compatibility_mode
                        dw SELECTOR_CODE16
real_idt_register:      dw 256 * 4 - 1  ; the interrupt vector table, at 0
                        dd 0

section .real.bss nobits alloc noexec write align=16

long_stack:     resd 1
long_cr4:       resd 1
long_efer:      resd 1
real_cr4:       resd 1
real_efer:      resd 1
service:        resd 1

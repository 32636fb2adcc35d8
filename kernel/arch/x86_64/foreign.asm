; SPDX-License-Identifier: MIT
;
; The kernel's way in from other loaders: a Multiboot2 header (GRUB) and a PVH
; note (QEMU's -kernel), each with a 32-bit entry. They check for long mode, map
; the first 4 GiB to themselves and to the direct map, the kernel to where it is
; linked, and go on in C. Our own loader uses none of this.
;
; The code lies at KERNEL_PHYS and is linked at KERNEL_BASE: before paging every
; address goes through PHYS().
; Spec: Multiboot2 2.0, sections 3.1 and 3.3; Xen, "x86/HVM direct boot ABI";
; Intel SDM, volume 3A, section 9.8.5.
%include "constants.inc"

%define PHYS(label) (label - KERNEL_BASE + KERNEL_PHYS)

global foreign_multiboot2
global foreign_pvh
global foreign_enter:function (foreign_enter.end - foreign_enter)

extern foreign_main
extern kernel_entry
extern stack_guard_begin

SELECTOR_CODE       equ 0x08            ; of the table below
SELECTOR_DATA       equ 0x10

LARGE_PAGE          equ PAGE_BYTES * TABLE_ENTRIES
TABLE               equ PTE_P | PTE_RW
PAGE                equ PTE_P | PTE_RW | PTE_PS

; How long a byte may take to leave the serial port: reads of its status.
SEND_POLLS          equ 500000

FOUR_GIB_TABLES     equ 4               ; page directories that show the first 4 GiB
STACK_BYTES         equ 0x4000

; What foreign_main gets as the kind of loader.
FROM_MULTIBOOT2     equ 1
FROM_PVH            equ 2

; Found by the loader in the first 32 KiB of the file.
section .multiboot2 progbits alloc noexec nowrite align=8

multiboot2_header:
        dd      MULTIBOOT2_HEADER_MAGIC
        dd      MULTIBOOT2_ARCHITECTURE_I386
        dd      multiboot2_header_end - multiboot2_header
        dd      -(MULTIBOOT2_HEADER_MAGIC + MULTIBOOT2_ARCHITECTURE_I386 + (multiboot2_header_end - multiboot2_header)) & 0xFFFFFFFF

.information:
        dw      MULTIBOOT2_HEADER_INFORMATION, 0
        dd      .information_end - .information
        dd      MULTIBOOT2_TAG_MEMORY_MAP
.information_end:
align MULTIBOOT2_HEADER_ALIGN, db 0
.entry:
        dw      MULTIBOOT2_HEADER_ENTRY, 0
        dd      .entry_end - .entry
        dd      PHYS(foreign_multiboot2)
.entry_end:
align MULTIBOOT2_HEADER_ALIGN, db 0
.console:
        dw      MULTIBOOT2_HEADER_CONSOLE, MULTIBOOT2_HEADER_OPTIONAL
        dd      .console_end - .console
        dd      MULTIBOOT2_CONSOLE_TEXT
.console_end:
align MULTIBOOT2_HEADER_ALIGN, db 0
.framebuffer:                           ; size and depth are the user's: gfxpayload
        dw      MULTIBOOT2_HEADER_FRAMEBUFFER, MULTIBOOT2_HEADER_OPTIONAL
        dd      .framebuffer_end - .framebuffer
        dd      0, 0, 0
.framebuffer_end:
align MULTIBOOT2_HEADER_ALIGN, db 0
.module_align:
        dw      MULTIBOOT2_HEADER_MODULE_ALIGN, 0
        dd      .module_align_end - .module_align
.module_align_end:
.end:
        dw      MULTIBOOT2_HEADER_END, 0
        dd      multiboot2_header_end - .end
multiboot2_header_end:

; -----------------------------------------------------------------------------
; foreign_multiboot2: the entry for a Multiboot2 loader.
;
; assumes 32-bit protected mode, flat segments, paging off; eax = the loader's
;         magic, ebx = information block (physical)
; leaves  for good: to foreign_main, or with a sentence and a halt
; -----------------------------------------------------------------------------
section .foreign progbits alloc exec nowrite align=16

bits 32
foreign_multiboot2:
        cli
        cld
        mov     esp, PHYS(foreign_stack_end)
        mov     esi, PHYS(text_magic)
        cmp     eax, MULTIBOOT2_LOADER_MAGIC
        jne     foreign_stop
        mov     edi, FROM_MULTIBOOT2
        jmp     foreign_start

; -----------------------------------------------------------------------------
; foreign_pvh: the entry for PVH.
;
; assumes 32-bit protected mode, flat segments, paging off; ebx = start info
;         (physical)
; leaves  for good: to foreign_main, or with a sentence and a halt
; -----------------------------------------------------------------------------
foreign_pvh:
        cli
        cld
        mov     esp, PHYS(foreign_stack_end)
        mov     edi, FROM_PVH

; foreign_start: edi = kind of loader, ebx = what it hands over.
foreign_start:
        push    ebx
        push    edi
        call    require_long_mode       ; edx = extended features
        push    edx
        call    build_tables
        pop     ebp
        pop     edi
        pop     esi

        mov     eax, CR4_PAE            ; and nothing else that some firmware left
        mov     cr4, eax
        mov     eax, PHYS(foreign_pml4)
        mov     cr3, eax
        mov     ecx, MSR_EFER
        rdmsr
        or      eax, EFER_LME
        test    ebp, CPUID_X1_EDX_NX
        jz      .no_nx
        or      eax, EFER_NXE           ; a fault where the CPU has no NX
.no_nx:
        wrmsr
        mov     eax, cr0
        and     eax, ~(CR0_CD | CR0_NW | CR0_EM | CR0_TS) & 0xFFFFFFFF
        or      eax, CR0_PE | CR0_WP | CR0_PG
        mov     cr0, eax
        lgdt    [PHYS(foreign_gdt_register)]
        jmp     SELECTOR_CODE:PHYS(foreign_long)

; require_long_mode: edx = CPUID's extended features, if long mode is among them;
; else it does not come back. Changes eax, ebx, ecx, esi.
require_long_mode:
        mov     esi, PHYS(text_long_mode)
        pushfd
        pop     eax
        mov     ecx, eax
        xor     eax, RFLAGS_ID
        push    eax
        popfd
        pushfd
        pop     eax
        xor     eax, ecx
        test    eax, RFLAGS_ID          ; it cannot be flipped: no CPUID
        jz      foreign_stop
        mov     eax, CPUID_EXTENDED
        cpuid
        cmp     eax, CPUID_EXTENDED_1
        jb      foreign_stop
        mov     eax, CPUID_EXTENDED_1
        cpuid
        test    edx, CPUID_X1_EDX_LM
        jz      foreign_stop
        ret

; build_tables: the temporary page tables. Changes eax, ecx, edi.
build_tables:
        mov     edi, PHYS(foreign_tables)
        mov     ecx, (foreign_tables_end - foreign_tables) / 4
        xor     eax, eax
        rep stosd
        mov     dword [PHYS(foreign_pml4)], PHYS(foreign_pdpt) + TABLE
        mov     dword [PHYS(foreign_pml4) + (BOOT_DIRECT_MAP_BASE >> 39 & 511) * 8], PHYS(foreign_pdpt) + TABLE
        mov     dword [PHYS(foreign_pml4) + (KERNEL_BASE >> 39 & 511) * 8], PHYS(foreign_pdpt_high) + TABLE
        mov     dword [PHYS(foreign_pdpt_high) + (KERNEL_BASE >> 30 & 511) * 8], PHYS(foreign_pd_high) + TABLE
        mov     edi, PHYS(foreign_pdpt)
        mov     eax, PHYS(foreign_pds) + TABLE
        mov     ecx, FOUR_GIB_TABLES
.next_table:
        mov     dword [edi], eax
        add     eax, PAGE_BYTES
        add     edi, 8
        loop    .next_table
        mov     edi, PHYS(foreign_pds)
        mov     eax, PAGE
        mov     ecx, FOUR_GIB_TABLES * TABLE_ENTRIES
        call    .fill
        mov     edi, PHYS(foreign_pd_high)
        mov     eax, KERNEL_PHYS + PAGE
        mov     ecx, TABLE_ENTRIES
.fill:
        mov     dword [edi], eax
        add     eax, LARGE_PAGE
        add     edi, 8
        loop    .fill
        ret

; foreign_stop: say the text at esi on the screen, COM1 and port E9h; halt. The
; serial port is set up anew: nobody knows what the loader made of it.
foreign_stop:
        mov     ebx, VGA_TEXT_PHYS
        mov     edi, PHYS(uart_program)
        mov     ecx, (uart_program_end - uart_program) / 2
.next_register:
        movzx   edx, byte [edi]
        add     edx, UART_COM1
        mov     al, byte [edi + 1]
        out     dx, al
        add     edi, 2
        loop    .next_register
.next_letter:
        lodsb
        test    al, al
        jz      .halt
        mov     ah, VGA_LIGHT_GREY
        mov     word [ebx], ax
        add     ebx, 2
        out     PORT_DEBUG_CONSOLE, al
        mov     ah, al
        mov     edx, UART_COM1 + UART_LSR
        mov     ecx, SEND_POLLS
.wait:
        in      al, dx
        test    al, UART_LSR_THRE
        loopz   .wait
        mov     al, ah
        mov     edx, UART_COM1 + UART_DATA
        out     dx, al
        jmp     .next_letter
.halt:
        cli
        hlt
        jmp     .halt

bits 64
foreign_long:
        mov     rax, foreign_high
        jmp     rax
foreign_high:
        mov     eax, SELECTOR_DATA
        mov     ss, eax
        mov     ds, eax
        mov     es, eax
        xor     eax, eax
        mov     fs, eax
        mov     gs, eax
        mov     rsp, foreign_stack_end
        call    stack_guard_begin       ; foreign_main never returns, so kernel_entry may do it again
        mov     edi, edi                ; nobody knows the upper halves
        mov     esi, esi
        xor     ebp, ebp                ; the end of every backtrace
        push    rbp
        call    foreign_main
        ud2                             ; it does not return

; -----------------------------------------------------------------------------
; foreign_enter: into the address space that was built, and to the kernel's entry.
;
; assumes rdi = struct boot_info * in the direct map, rsi = PML4 (physical),
;         rdx = end of the first stack; the kernel is mapped where it is in both
;         spaces; its own GDT and IDT are loaded, interrupts off
; leaves  the state of boot_info.h at kernel_entry: rdi as it was, rsp = rdx - 8
;         with a return address of 0, all other general registers 0, RFLAGS clear
; -----------------------------------------------------------------------------
foreign_enter:
        mov     cr3, rsi
        mov     rsp, rdx
        push    qword RFLAGS_FIXED
        popfq
        xor     eax, eax
        push    rax
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
        xor     esi, esi
        xor     ebp, ebp
        xor     r8d, r8d
        xor     r9d, r9d
        xor     r10d, r10d
        xor     r11d, r11d
        xor     r12d, r12d
        xor     r13d, r13d
        xor     r14d, r14d
        xor     r15d, r15d
        jmp     kernel_entry
.end:

section .rodata.foreign progbits alloc noexec nowrite align=8

foreign_gdt:    dq 0
                dq DESCRIPTOR_CODE64
                dq DESCRIPTOR_DATA
foreign_gdt_end:
foreign_gdt_register:
                dw foreign_gdt_end - foreign_gdt - 1
                dd PHYS(foreign_gdt)

; Register and value: 115200 8N1, no interrupts.
uart_program:   db UART_IER, 0
                db UART_LCR, UART_LCR_DLAB
                db UART_DATA, UART_DIVISOR_115200
                db UART_IER, 0
                db UART_LCR, UART_LCR_8N1
                db UART_FCR, UART_FCR_ENABLE
                db UART_MCR, UART_MCR_DTR | UART_MCR_RTS
uart_program_end:

text_magic:     db `coldstart: cannot start: whoever jumped here is no Multiboot2 loader\r\n`, 0
text_long_mode: db `coldstart: cannot start: this CPU has no 64-bit (long) mode\r\n`, 0

; Owner "Xen": where PVH enters.
section .note.boot.xen note alloc noexec nowrite align=4
        dd      .name_end - .name
        dd      .value_end - .value
        dd      XEN_ELFNOTE_PHYS32_ENTRY
.name:  db      "Xen", 0
.name_end:
align 4, db 0
.value: dd      PHYS(foreign_pvh)
.value_end:

section .bss.foreign nobits alloc noexec write align=4096
foreign_tables:
foreign_pml4:       resb PAGE_BYTES
foreign_pdpt:       resb PAGE_BYTES
foreign_pds:        resb PAGE_BYTES * FOUR_GIB_TABLES
foreign_pdpt_high:  resb PAGE_BYTES
foreign_pd_high:    resb PAGE_BYTES
foreign_tables_end:
foreign_stack:      resb STACK_BYTES
foreign_stack_end:

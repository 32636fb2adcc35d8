; SPDX-License-Identifier: MIT
; A learner's boot sector: reads the kernel behind it, goes to long mode, and jumps there.
; Real mode, protected mode and long mode, all in 512 bytes.

        bits 16
        org 0x7C00

BUFFER_SEGMENT  equ 0x1000              ; the kernel is read to 10000h ...
KERNEL          equ 0x100000            ; ... and copied to 1 MiB, where it is linked
KERNEL_SECTORS  equ 16
STACK           equ 0x90000

PML4            equ 0x1000              ; three tables of 4096 bytes
PDPT            equ PML4 + 4096
PD              equ PDPT + 4096
PRESENT         equ 1
WRITABLE        equ 2
LARGE           equ 0x80                ; a page of 2 MiB

CODE32          equ 0x08                ; selectors
DATA            equ 0x10
CODE64          equ 0x18

        jmp     short first
        nop
        times   0x5A - ($ - $$) db 0    ; room for a BPB: some BIOSes write there

first:
        jmp     0:start                 ; some BIOSes come here as 07C0:0000
start:
        mov     ax, cs
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7C00
        cld
        sti
        mov     [drive], dl             ; the BIOS says where we come from

        mov     si, hello
        call    print
        call    read_kernel

        in      al, 0x92                ; the fast A20 gate
        or      al, 2
        out     0x92, al

        cli
        lgdt    [gdt_pointer]
        mov     eax, cr0
        or      al, 1                   ; PE
        mov     cr0, eax
        jmp     CODE32:protected

; Prints the text at ds:si.
print:
        mov     ah, 0x0E
        lodsb
        test    al, al
        jz      .done
        int     0x10
        jmp     print
.done:
        ret

; Reads KERNEL_SECTORS sectors behind this one. A floppy's track has 18.
read_kernel:
        mov     ax, BUFFER_SEGMENT
        mov     es, ax
        xor     bx, bx
        mov     ah, 2                   ; read
        mov     al, KERNEL_SECTORS
        mov     ch, 0                   ; cylinder
        mov     cl, 2                   ; sector; the first is 1
        mov     dh, 0                   ; head
        mov     dl, [drive]
        int     0x13
        jc      .failed
        ret
.failed:
        mov     si, disk_error
        call    print
        cli
        hlt                             ; there is nothing else to do

        bits 32
protected:
        mov     ax, DATA
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, STACK

        mov     esi, BUFFER_SEGMENT * 16
        mov     edi, KERNEL
        mov     ecx, KERNEL_SECTORS * 512 / 4
        rep movsd

        mov     edi, PML4               ; the tables are empty at first
        mov     ecx, 3 * 4096 / 4
        xor     eax, eax
        rep stosd
        mov     dword [PML4], PDPT + PRESENT + WRITABLE
        mov     dword [PDPT], PD + PRESENT + WRITABLE
        mov     edi, PD                 ; the first 6 MiB, where they are
        mov     eax, PRESENT + WRITABLE + LARGE
.next_page:
        mov     [edi], eax
        add     edi, 8
        add     eax, 0x200000
        cmp     edi, PD + 3 * 8
        jb      .next_page

        mov     eax, PML4
        mov     cr3, eax
        mov     eax, cr4
        or      al, 1 << 5              ; PAE
        mov     cr4, eax
        mov     ecx, 0xC0000080         ; EFER
        rdmsr
        or      ah, 1                   ; LME, bit 8
        wrmsr
        mov     eax, cr0
        or      eax, 1 << 31            ; PG
        mov     cr0, eax
        jmp     CODE64:long_mode

        bits 64
long_mode:
        mov     eax, KERNEL
        jmp     rax

drive:          db 0
hello:          db "boot", 13, 10, 0
disk_error:     db "disk error", 0

        align 8, db 0
gdt:
        dq 0
        db 0xFF, 0xFF, 0, 0, 0, 0x9A, 0xCF, 0   ; code, 32 bits
        db 0xFF, 0xFF, 0, 0, 0, 0x92, 0xCF, 0   ; data
        db 0xFF, 0xFF, 0, 0, 0, 0x9A, 0xAF, 0   ; code, 64 bits
gdt_end:

gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

        times 510 - ($ - $$) db 0
        dw 0xAA55

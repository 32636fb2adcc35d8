; SPDX-License-Identifier: MIT
;
; The smallest kernel: an ELF64 file of one sector, header, one program header and
; code all in one read-and-execute segment. It says so on port E9h and leaves. It
; checks nothing. Entered as boot/boot_info.h promises.
;
; Spec: ELF-64 Object File Format 1.5, "ELF Header", "Program Header Table".

bits 64
default rel

ORIGIN              equ 0x400000
ET_EXEC             equ 2
EM_X86_64           equ 62
EV_CURRENT          equ 1
PT_LOAD             equ 1
PF_X_R              equ 5
EHDR_BYTES          equ 64
PHDR_BYTES          equ 56
PAGE_BYTES          equ 0x1000
FILE_BYTES          equ 512
DEBUG_PORT          equ 0xE9
EXIT_PORT           equ 0xF4            ; QEMU isa-debug-exit
EXIT_PASSED         equ 0x10
BOCHS_PORT          equ 0x8900

org ORIGIN
file_start:
.identity:          db 0x7F, "ELF", 2, 1, EV_CURRENT, 0
                    dq 0
.type:              dw ET_EXEC
.machine:           dw EM_X86_64
.version:           dd EV_CURRENT
.entry:             dq tiny_entry
.program_headers:   dq program_header - file_start
.section_headers:   dq 0
.flags:             dd 0
.header_bytes:      dw EHDR_BYTES
.program_header:    dw PHDR_BYTES, 1
.section_header:    dw 0, 0, 0

program_header:
.type:              dd PT_LOAD
.flags:             dd PF_X_R
.offset:            dq 0
.virtual:           dq ORIGIN
.physical:          dq ORIGIN
.file_bytes:        dq FILE_BYTES
.memory_bytes:      dq FILE_BYTES
.alignment:         dq PAGE_BYTES

; -----------------------------------------------------------------------------
; tiny_entry: the ELF entry point.
;
; in    nothing it looks at
; out   does not return
; keeps nothing
; stack none
; needs long mode
; spec  include/boot/boot_info.h
; -----------------------------------------------------------------------------
tiny_entry:
        lea     rsi, [message]
        mov     ecx, message.end - message
        mov     edx, DEBUG_PORT
        cld
        rep     outsb
        mov     al, EXIT_PASSED
        out     EXIT_PORT, al
        lea     rsi, [shutdown]
        mov     ecx, shutdown.end - shutdown
        mov     edx, BOCHS_PORT
        rep     outsb
.stay:
        hlt
        jmp     .stay

message:            db "tiny: ok", 13, 10
.end:
shutdown:           db "Shutdown"
.end:

times FILE_BYTES - ($ - $$) db 0

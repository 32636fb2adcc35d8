; SPDX-License-Identifier: MIT
;
; A kernel in NASM for Coldstart's loader: it looks at what it was given, says so, and takes
; commands from the serial port. Interrupts stay off, so it needs no tables of its own; the
; loader's stack and page tables do.
;
; Two registers keep their meaning throughout: rbx is boot_info, r15 the direct map's base, where
; all physical memory is seen. Every other one is free for each routine, unless its line says so.
bits 64
default rel
%include "coldstart.inc"

; Protocol 1, boot_info as long as coldstart.inc knows it, 8 MiB of memory. The loader checks it.
coldstart_require 1, boot_info_size, 8 * 1024, 0

; The loader has set the first serial port up, 115200 8N1, and so it is used as it is.
COM1                equ 0x3F8
COM1_STATUS         equ 0x3FD
STATUS_RECEIVED     equ 0x01
STATUS_CAN_SEND     equ 0x20
STATUS_ALL_SENT     equ 0x40
WAIT_MAX            equ 100000          ; a port that is not there never becomes ready
PORT_E9             equ 0xE9            ; QEMU and Bochs show what comes here
PORT_DEBUG_EXIT     equ 0xF4            ; QEMU: -device isa-debug-exit,iobase=0xf4,iosize=4
EXIT_SUCCESS        equ 0x10            ; becomes QEMU's status 33
PORT_SHUTDOWN       equ 0x8900          ; Bochs
TEXT_COLOUR         equ 0x07            ; grey on black
CELL_BYTES          equ 2               ; of the text screen: letter, colour
LINE_SIZE           equ 80

; say TEXT...: the text, from here on.
%macro say_text 1+
        lea     rsi, [%%text]
        call    say
[section .rodata]
%%text: db      %1, 0
__?SECT?__
%endmacro

section .text

; The entry point: rdi is boot_info; the stack is as after a call. There is nowhere to return to.
global _start
_start:
        mov     rbx, rdi
        mov     r15, [rbx + boot_info.direct_map_base]
        mov     rax, BOOT_INFO_MAGIC
        cmp     [rbx + boot_info.magic], rax
        jne     .other_protocol
        cmp     dword [rbx + boot_info.version], BOOT_PROTOCOL_VERSION
        jb      .other_protocol
        cmp     dword [rbx + boot_info.bytes], boot_info_size
        jb      .other_protocol

        call    screen_start
        call    show_boot
        mov     rsi, [rbx + boot_info.command_line_phys]
        add     rsi, r15
        lea     rdi, [word_exit]
        call    is_same
        je      leave_machine
.prompt:
        say_text "> "
        call    read_line
        call    obey
        jmp     .prompt

.other_protocol:
        say_text "this is not the boot protocol this kernel was built for", 10
        jmp     leave_machine

show_boot:
        say_text "hello from NASM", 10, "protocol: "
        mov     eax, [rbx + boot_info.version]
        call    say_number
        say_text 10
        call    show_memory
        say_text "command line: "
        mov     rsi, [rbx + boot_info.command_line_phys]
        add     rsi, r15
        call    say
        say_text 10
        call    show_modules
        jmp     show_screen

show_memory:
        mov     rsi, [rbx + boot_info.memory_phys]
        add     rsi, r15
        mov     ecx, [rbx + boot_info.memory_count]
        xor     eax, eax                ; bytes that are free
.next_range:
        cmp     dword [rsi + boot_memory_range.type], BOOT_MEMORY_USABLE
        jne     .not_free
        add     rax, [rsi + boot_memory_range.last]
        sub     rax, [rsi + boot_memory_range.first]
        inc     rax
.not_free:
        add     rsi, boot_memory_range_size
        dec     ecx
        jnz     .next_range
        shr     rax, 10
        push    rax
        say_text "memory: "
        pop     rax
        call    say_number
        say_text " KiB free, in a map of "
        mov     eax, [rbx + boot_info.memory_count]
        call    say_number
        say_text " ranges", 10
        ret

show_modules:
        mov     r12d, [rbx + boot_info.module_count]
        mov     r13, [rbx + boot_info.module_phys]
        add     r13, r15
.next_module:
        test    r12d, r12d
        jz      .done
        say_text "module: "
        mov     rsi, [r13 + boot_module.name_phys]
        add     rsi, r15
        call    say
        say_text ", "
        mov     rax, [r13 + boot_module.bytes]
        call    say_number
        say_text " bytes", 10
        add     r13, boot_module_size
        dec     r12d
        jmp     .next_module
.done:
        ret

show_screen:
        say_text "screen: "
        cmp     dword [rbx + boot_info.video + boot_video.kind], BOOT_VIDEO_TEXT
        je      .text
        say_text "framebuffer, "
        jmp     .size
.text:
        say_text "text, "
.size:
        mov     eax, [rbx + boot_info.video + boot_video.width]
        call    say_number
        say_text " x "
        mov     eax, [rbx + boot_info.video + boot_video.height]
        call    say_number
        say_text 10
        ret

; Do what the line says.
obey:
        lea     rsi, [line]
        lea     rdi, [word_help]
        call    is_same
        je      .help
        lea     rdi, [word_mem]
        call    is_same
        je      show_memory
        lea     rdi, [word_exit]
        call    is_same
        je      .exit
        say_text "you said: "
        lea     rsi, [line]
        call    say
        say_text 10
        ret
.help:
        say_text "commands: help, mem, exit", 10
        ret
.exit:
        say_text "bye", 10              ; and on into leave_machine

; QEMU by isa-debug-exit, Bochs by its shutdown port, a PC by standing still.
leave_machine:
        mov     ah, STATUS_ALL_SENT     ; the last letters, too
        call    wait_for
        mov     al, EXIT_SUCCESS
        out     PORT_DEBUG_EXIT, al
        lea     rsi, [word_shutdown]
        mov     ecx, word_shutdown_end - word_shutdown
        mov     dx, PORT_SHUTDOWN
        rep outsb
.stand:
        cli
        hlt
        jmp     .stand

; ZF = 1: the texts at rsi and rdi are the same. Keeps rsi.
is_same:
        xor     ecx, ecx
.next:
        mov     al, [rsi + rcx]
        cmp     al, [rdi + rcx]
        jne     .done
        inc     ecx
        test    al, al
        jnz     .next
.done:
        ret

; A line from the serial port into `line`, echoed; cut to fit, without its end.
read_line:
        lea     r12, [line]
        xor     r13d, r13d              ; letters in it
.next:
        mov     dx, COM1_STATUS
.wait:
        in      al, dx
        test    al, STATUS_RECEIVED
        jz      .wait
        mov     dx, COM1
        in      al, dx
        cmp     al, 13
        je      .end
        cmp     al, 10
        je      .end
        cmp     al, ' '
        jb      .next
        cmp     al, '~'
        ja      .next
        cmp     r13d, LINE_SIZE - 1
        je      .next
        mov     [r12 + r13], al
        inc     r13d
        call    put
        jmp     .next
.end:
        mov     byte [r12 + r13], 0
        mov     al, 10
        jmp     put

; The number in rax.
say_number:
        lea     rsi, [digits_end]
        mov     ecx, 10
.next:
        xor     edx, edx
        div     rcx
        add     dl, '0'
        dec     rsi
        mov     [rsi], dl
        test    rax, rax
        jnz     .next                   ; and on into say

; The text at rsi, to the serial port, port E9h and the screen.
say:
        lodsb
        test    al, al
        jz      .done
        call    put
        jmp     say
.done:
        ret

; The letter in al. Keeps rsi, r12 and r13.
put:
        cmp     al, 10
        jne     send
        mov     al, 13                  ; a terminal wants both
        call    send
        mov     al, 10

send:
        mov     r8d, eax
        mov     ah, STATUS_CAN_SEND
        call    wait_for
        mov     eax, r8d
        mov     dx, COM1
        out     dx, al
        out     PORT_E9, al
        cmp     al, 13
        je      .done
        jmp     screen_put
.done:
        ret

; Until the serial port's status has the bit in ah, or long enough.
wait_for:
        mov     dx, COM1_STATUS
        mov     ecx, WAIT_MAX
.next:
        in      al, dx
        test    al, ah
        jnz     .done
        dec     ecx
        jnz     .next
.done:
        ret

; The rows below the loader's text, or a framebuffer whose upper half turns white.
screen_start:
        mov     rdi, [rbx + boot_info.video + boot_video.phys]
        add     rdi, r15
        cmp     dword [rbx + boot_info.video + boot_video.kind], BOOT_VIDEO_TEXT
        jne     .paint
        mov     [screen], rdi
        mov     eax, [rbx + boot_info.video + boot_video.width]
        imul    eax, [rbx + boot_info.video + boot_video.height]
        mov     [cells], eax
        movzx   eax, byte [rbx + boot_info.video + boot_video.cursor_row]
        imul    eax, [rbx + boot_info.video + boot_video.width]
        mov     [cell], eax
        ret
.paint:
        mov     eax, [rbx + boot_info.video + boot_video.height]
        shr     eax, 1
        imul    eax, [rbx + boot_info.video + boot_video.pitch]
        mov     ecx, eax
        mov     al, 0xFF
        rep stosb
        ret

; The letter in al. A screen that is full stays as it is, and one that is no text has 0 cells.
screen_put:
        mov     ecx, [cell]
        cmp     ecx, [cells]
        jae     .done
        cmp     al, 10
        je      .new_row
        mov     ah, TEXT_COLOUR
        mov     rdi, [screen]
        mov     [rdi + rcx * CELL_BYTES], ax
        inc     dword [cell]
.done:
        ret
.new_row:
        mov     eax, ecx
        xor     edx, edx
        div     dword [rbx + boot_info.video + boot_video.width]
        sub     ecx, edx
        add     ecx, [rbx + boot_info.video + boot_video.width]
        mov     [cell], ecx
        ret

section .rodata
word_help:          db "help", 0
word_mem:           db "mem", 0
word_exit:          db "exit", 0
word_shutdown:      db "Shutdown"
word_shutdown_end:

section .bss
screen:             resq 1              ; where the first cell is
cells:              resd 1              ; how many there are
cell:               resd 1              ; where the next letter goes
line:               resb LINE_SIZE
digits:             resb 20             ; 2^64 has 20
digits_end:         resb 1              ; the NUL

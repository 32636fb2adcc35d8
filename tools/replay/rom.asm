; SPDX-License-Identifier: MIT
;
; A BIOS that answers as another one did: the code of an option ROM, behind which
; tools/replay puts the recorded answers (struct replay_table). Runs in QEMU and
; Bochs on top of their own BIOS, which still reads the disk.
;
; The real BIOS chooses what to boot. When it reads a sector 0 to 7C00h, the ROM
; takes over: it enters the sector with the recorded registers, and from then on
; answers INT 12h, 13h and 15h from the table. What is not recorded, it passes on.
;
; A ROM is read-only in Bochs, so what changes lies in RAM: in the vectors 60h to
; 66h, which PCs keep for users' programs, and no BIOS touches them after POST.
;
; The BDA's word 40Eh, the EBDA's place, is the recorded one while the loader runs
; and the real one while the real BIOS does: Bochs's keeps its disk tables there.
;
; Spec: BIOS Boot Specification 1.01 (option ROMs); EDD 3.0; ACPI 6.4, section
; 15.1; Ralf Brown's Interrupt List (INT 60h to 66h; status 86h of INT 15h).

%include "constants.inc"
%include "replay.inc"

        bits    16
        cpu     386
        org     0

%define T(field) table + replay_table. %+ field

struc state
.disk:          resd 1                  ; the real BIOS's INT 13h
.system:        resd 1                  ; ... and INT 15h
.ebda:          resw 1                  ; ... and word 40Eh
.e820:          resw 1                  ; the answer that comes next
.drive:         resb 1                  ; where sector 0 came from
.playing:       resb 1                  ; sector 0 has been entered
endstruc
USER_VECTORS    equ 0x60 * 4
USER_BYTES      equ 7 * 4
%define S(field) USER_VECTORS + state. %+ field
%if state_size > USER_BYTES
  %error "the state does not fit the user vectors"
%endif

VECTOR_BYTES    equ 4
VECTOR_12       equ INT_MEMORY_SIZE * VECTOR_BYTES
VECTOR_13       equ INT13 * VECTOR_BYTES
VECTOR_15       equ INT_SYSTEM * VECTOR_BYTES
BOOT_MARK       equ 0xAA55
SYSTEM_UNKNOWN  equ 0x86                ; INT 15h has no such function
PUSHAD_AH       equ 29                  ; where pushad leaves AH, from SP
PUSHAD_BYTES    equ 32

; A handler's frame, from BP after `push bp`.
FRAME_FLAGS     equ 6

rom:
        dw      BOOT_MARK
        db      0                       ; 512-byte units, filled in with the table
        jmp     init

; -----------------------------------------------------------------------------
; init: hook INT 13h, and wait. Called far by the BIOS.
;
; in    nothing
; out   nothing
; keeps all
; -----------------------------------------------------------------------------
init:
        push    eax
        push    ds
        xor     ax, ax
        mov     ds, ax
        mov     byte [S(playing)], al
        mov     eax, [VECTOR_13]
        mov     [S(disk)], eax
        mov     word [VECTOR_13], disk
        mov     [VECTOR_13 + 2], cs
        pop     ds
        pop     eax
        retf

; -----------------------------------------------------------------------------
; disk: INT 13h. Before the boot: the real BIOS's, but for the read of sector 0.
; -----------------------------------------------------------------------------
disk:
        push    fs
        push    word 0
        pop     fs
        cmp     byte [fs:S(playing)], 0
        jne     play_disk
        push    eax
        push    ebx
        cmp     ah, INT13_READ_CHS
        jne     .other
        cmp     cx, 1                   ; cylinder 0, sector 1
        jne     .other
        test    dh, dh                  ; head 0
        jnz     .other
        mov     ax, es
        movzx   eax, ax
        shl     eax, 4
        movzx   ebx, bx
        add     eax, ebx
        cmp     eax, LOW_STAGE1
        jne     .other
        pop     ebx
        pop     eax
        push    dx
        pushf
        call    far [fs:S(disk)]
        jc      .failed
        cmp     word [fs:LOW_STAGE1 + MBR_BOOT_SIGNATURE], BOOT_MARK
        clc
        jne     .failed
        pop     dx
        jmp     enter_sector
.failed:                                ; not bootable: the real BIOS will see it too
        inc     sp                      ; the DL that is saved, CF kept
        inc     sp
        jmp     return_carry
.other:
        pop     ebx
        pop     eax
        pushf
        call    far [fs:S(disk)]
        jmp     return_carry

; -----------------------------------------------------------------------------
; enter_sector: become the recorded BIOS, and enter sector 0 as it did.
;
; in    dl          the real drive
; out   never
; needs fs = 0
; -----------------------------------------------------------------------------
enter_sector:
        cli
        mov     [fs:S(drive)], dl
        mov     word [fs:S(e820)], 0
        mov     byte [fs:S(playing)], 1
        mov     word [fs:VECTOR_12], low_memory
        mov     [fs:VECTOR_12 + 2], cs
        mov     eax, [fs:VECTOR_15]
        mov     [fs:S(system)], eax
        mov     word [fs:VECTOR_15], system
        mov     [fs:VECTOR_15 + 2], cs
        push    cs
        pop     ds
        mov     ax, [fs:BDA_EBDA_SEGMENT]
        mov     [fs:S(ebda)], ax
        call    recorded_ebda
        cmp     byte [T(a20_closed)], 0
        je      .registers
        in      al, PORT_SYSTEM_A
        and     al, ~(SYSTEM_A_A20 | SYSTEM_A_RESET) & 0xFF
        out     PORT_SYSTEM_A, al
.registers:
%define E(field) T(entry) + record_entry. %+ field
        xor     eax, eax
        mov     ebx, eax
        mov     ecx, eax
        mov     edx, eax
        mov     esi, eax
        mov     edi, eax
        mov     ebp, eax
        mov     fs, ax
        mov     gs, ax
        push    word [E(flags)]         ; no mov changes them again
        popf
        mov     ax, [E(ax)]
        mov     bx, [E(bx)]
        mov     cx, [E(cx)]
        mov     dx, [E(dx)]
        mov     si, [E(si)]
        mov     di, [E(di)]
        mov     bp, [E(bp)]
        mov     es, [E(es)]
        mov     ss, [E(ss)]
        mov     sp, [E(sp)]             ; no interrupt comes right after mov ss
        mov     ds, [E(ds)]
        jmp     far [cs:T(ip)]

; -----------------------------------------------------------------------------
; real_disk, real_system: do what the caller asked for by the real BIOS, with its
; own EBDA.
;
; in    all         as for the BIOS; real_disk: but for the drive
; out   as the BIOS
; needs fs = 0
; -----------------------------------------------------------------------------
real_disk:
        mov     dl, [fs:S(drive)]
        call    own_ebda
        pushf
        call    far [fs:S(disk)]
        jmp     recorded_ebda

real_system:
        call    own_ebda
        pushf
        call    far [fs:S(system)]

; recorded_ebda: put the recorded word back; keeps all, flags too.
recorded_ebda:
        push    ax
        mov     ax, [cs:T(ebda_segment)]
        mov     [fs:BDA_EBDA_SEGMENT], ax
        pop     ax
        ret

; own_ebda: put the real word back; keeps all, flags too.
own_ebda:
        push    ax
        mov     ax, [fs:S(ebda)]
        mov     [fs:BDA_EBDA_SEGMENT], ax
        pop     ax
        ret

; -----------------------------------------------------------------------------
; return_carry: end a handler with CF as it is now, and the caller's other flags.
;
; in    [sp]        the caller's fs, and the frame of the interrupt
; -----------------------------------------------------------------------------
return_carry:
        pop     fs
        push    bp
        mov     bp, sp
        jc      .set
        and     byte [bp + FRAME_FLAGS], ~RFLAGS_CF & 0xFF
        pop     bp
        iret
.set:
        or      byte [bp + FRAME_FLAGS], RFLAGS_CF
        pop     bp
        iret

; -----------------------------------------------------------------------------
; give ANSWER, registers...: end a handler with an answer of the table: these
; registers and the flags. `needs` as return_carry.
; -----------------------------------------------------------------------------
%macro give 2-*
        pop     fs
  %define %%answer T(%1)
  %rep %0 - 1
    %rotate 1
        mov     %1, [cs:%%answer + record_answer.%1]
  %endrep
        push    bp
        mov     bp, sp
        push    ax
        mov     ax, [cs:%%answer + record_answer.flags]
        mov     [bp + FRAME_FLAGS], ax
        pop     ax
        pop     bp
        iret
%endmacro

; -----------------------------------------------------------------------------
; play_disk: INT 13h of the recorded BIOS, which knows one drive.
; -----------------------------------------------------------------------------
play_disk:
        cmp     dl, [cs:T(drive)]
        jne     disk_unknown
        cmp     ah, INT13_EDD_CHECK
        je      edd_check
        cmp     ah, INT13_EDD_READ
        je      edd_read
        cmp     ah, INT13_EDD_PARAMETERS
        je      edd_parameters
        cmp     ah, INT13_GEOMETRY
        je      geometry
        cmp     ah, INT13_READ_CHS
        je      chs_read
disk_pass:
        push    dx
        call    real_disk
        pop     dx
        jmp     return_carry
disk_unknown:
        mov     ah, INT13_E_BAD_COMMAND
        stc
        jmp     return_carry

; edd_check: AH=41h.
edd_check:
        give    edd_check, ax, bx, cx

; edd_read: AH=42h. Where the loader read by CHS, packets had not worked.
edd_read:
        cmp     byte [cs:T(edd_reads)], 0
        jne     disk_pass
        jmp     disk_unknown

; edd_parameters: AH=48h, its buffer as it was after the call.
edd_parameters:
        cmp     byte [cs:T(has_parameters)], 0
        je      disk_pass
        pusha
        push    ds
        push    es
        push    ds
        pop     es
        mov     di, si
        push    cs
        pop     ds
        mov     si, T(parameters)
        mov     cx, [T(parameters_bytes)]
        cld
        rep movsb
        pop     es
        pop     ds
        popa
        give    edd_parameters, ax

; geometry: AH=08h. The real one's DL is an answer too.
geometry:
        cmp     byte [cs:T(has_geometry)], 0
        jne     .recorded
        call    real_disk
        jmp     return_carry
.recorded:
        give    geometry, ax, bx, cx, dx, es, di

; -----------------------------------------------------------------------------
; chs_read: AH=02h: place and length by the recorded geometry, read as a packet.
;
;       bp + 16 + 2 all registers, by pushad
;       bp + 16     ds
;       bp          packet
; -----------------------------------------------------------------------------
chs_read:
        cmp     byte [cs:T(track_sectors)], 0
        je      disk_pass
        pushad
        push    ds
        movzx   ebp, al                 ; how many
        movzx   edi, cl
        and     di, CHS_SECTOR_MASK
        dec     di                      ; they count from 1
        xor     eax, eax
        mov     ah, cl
        shr     ah, 6                   ; cylinder bits 8 and 9
        mov     al, ch
        movzx   ecx, word [cs:T(heads)]
        imul    eax, ecx
        movzx   ecx, dh
        add     eax, ecx
        movzx   ecx, byte [cs:T(track_sectors)]
        imul    eax, ecx
        add     eax, edi
        push    dword 0
        push    eax
        push    es
        push    bx
        push    bp
        push    word edd_packet_size
        mov     si, sp
        push    ss
        pop     ds
        mov     ah, INT13_EDD_READ
        call    real_disk
        mov     bp, sp
        mov     [bp + edd_packet_size + 2 + PUSHAD_AH], ah
        lea     sp, [bp + edd_packet_size]
        pop     ds
        popad
        jmp     return_carry

; -----------------------------------------------------------------------------
; low_memory: INT 12h.
; -----------------------------------------------------------------------------
low_memory:
        mov     ax, [cs:T(low_kib)]
        iret

; -----------------------------------------------------------------------------
; system: INT 15h.
; -----------------------------------------------------------------------------
system:
        push    fs
        push    word 0
        pop     fs
        cmp     ax, INT15_E820
        je      e820
        cmp     ax, INT15_E801
        je      e801
        cmp     ax, INT15_A20_ON
        je      a20_on
        cmp     ah, INT15_EXTENDED
        je      extended
system_pass:
        call    real_system
        jmp     return_carry

; e801: AX=E801h.
e801:
        give    e801, ax, bx, cx, dx

; extended: AH=88h.
extended:
        give    extended, ax

; a20_on: AX=2401h, which opens A20 only where it did.
a20_on:
        cmp     byte [cs:T(has_a20_on)], 0
        je      system_pass
        cmp     byte [cs:T(a20_opens)], 0
        je      .answer
        in      al, PORT_SYSTEM_A
        or      al, SYSTEM_A_A20
        and     al, ~SYSTEM_A_RESET & 0xFF
        out     PORT_SYSTEM_A, al
.answer:
        give    a20_on, ax

; -----------------------------------------------------------------------------
; e820: EAX=E820h: the answers in their order, whatever the continuation but 0.
;
; in    ebx         0: from the first one on
;       ecx         bytes wanted; more than were once asked for are refused
;       es:di       buffer
; -----------------------------------------------------------------------------
e820:
        push    ds
        push    si
        push    bp
        mov     bp, sp
        push    cs
        pop     ds
        cmp     ecx, [T(e820_asked)]
        ja      .refused
        test    ebx, ebx
        jnz     .next
        mov     [fs:S(e820)], bx
.next:
        mov     si, [fs:S(e820)]
        cmp     si, [T(e820_count)]
        jb      .found
        mov     si, [T(e820_after)]
        cmp     si, [T(e820_count)]
        jae     .refused                ; also REPLAY_E820_OVER
.found:
        lea     ax, [si + 1]
        mov     [fs:S(e820)], ax
        imul    si, si, boot_e820_answer_size
        add     si, T(e820)
        cmp     ecx, E820_BYTES_EXTENDED
        jbe     .copy
        mov     ecx, E820_BYTES_EXTENDED
.copy:
        push    si
        push    di
        cld
        rep movsb
        pop     di
        pop     si
        mov     eax, [si + boot_e820_answer.returned_eax]
        mov     ebx, [si + boot_e820_answer.continuation]
        mov     ecx, [si + boot_e820_answer.returned_bytes]
        push    word [si + boot_e820_answer.flags]
        pop     word [bp + E820_FLAGS]
        jmp     .done
.refused:
        mov     ah, SYSTEM_UNKNOWN
        or      byte [bp + E820_FLAGS], RFLAGS_CF
.done:
        pop     bp
        pop     si
        pop     ds
        pop     fs
        iret
E820_FLAGS      equ FRAME_FLAGS + 6     ; ds, si and fs are below the frame

        align   16, db 0
table:

; SPDX-License-Identifier: MIT
;
; A BIOS with a bad habit, as an option ROM: hooks INT 13h and INT 19h (and INT
; 10h) of a good BIOS and spoils their answers. Assembled once for each habit,
; -DHABIT_name. The Qnn are the numbers of the firmware quirks it plays. Runs in
; QEMU and Bochs; keeps its state in RAM, for a ROM is read-only in Bochs.
;
; HABIT_NONE           only the checks that every habit makes: see disk_check
; HABIT_ENTRY          07C0:0000, DL = 0, odd segments and flags, BPB overwritten (Q1 Q2 Q4 Q5 Q7)
; HABIT_DRIVE_12       DL = 12h (Q2)
; HABIT_DRIVE_FF       DL = FFh (Q2)
; HABIT_DRIVE_81       boots the second disk; the first is another one (Q3)
; HABIT_NO_EDD         AH=41h and 42h are refused (Q13)
; HABIT_EDD_MUTE       AH=41h returns with everything as it was (Q17)
; HABIT_EDD_KEEPS_CF   AH=41h says yes in BX and CX, and leaves CF as it was (Q17)
; HABIT_EDD_NO_PACKET  AH=41h: CX bit 0 is clear (Q17)
; HABIT_EDD_NO_MAGIC   AH=41h: BX stays 55AAh (Q17)
; HABIT_EDD_LIES       AH=41h says yes, AH=42h is a bad command (Q18)
; HABIT_EDD_TRASH_DL   AH=41h changes DL (Q15)
; HABIT_EDD_WRITES     AH=41h writes to DS:0041h; DS = 0 would be the INT 10h vector (Q16)
; HABIT_LIMIT_18       more than 18 sectors in a call: AH=09h (Q19)
; HABIT_LIMIT_1        more than one sector in a call: AH=09h (Q19)
; HABIT_POISON         all registers but the results are destroyed (Q21)
; HABIT_NO_IF          interrupts are off and DF is set when INT 13h returns (Q22)
; HABIT_STUCK          every second read fails, and all after it until a reset (Q23)
; HABIT_SHORT          reads 8 sectors at most, and calls that a success (Q25)
; HABIT_PARTIAL        reads 8 sectors at most, and says so with CF = 1 (Q25)
; HABIT_ZERO_PACKET    the packet is zeros after a read (Q26)
; HABIT_GEOMETRY_0     no EDD, and no sectors on a track (Q30)
; HABIT_GEOMETRY_FAIL  no EDD, and AH=08h fails with status 07h
; HABIT_GEOMETRY_CARRY no EDD; AH=08h answers well, with CF set and AH = 0 (Q24)
; HABIT_GEOMETRY_256   no EDD; 63 sectors, 256 heads
; HABIT_GEOMETRY_8     no EDD; 8 sectors, one head: the most cylinders there can be
; HABIT_VIDEO          page 1 is shown; INT 10h destroys AX, BX, CX, DX, BP (Q36 Q37 Q38)
; HABIT_DEAD           no read ever succeeds: status 20h
;
; Spec: BIOS Boot Specification 1.01 (option ROMs); EDD 3.0.

%include "constants.inc"

        bits    16
        cpu     386
        org     0

SAVED_13        equ 0x4F0               ; the intra-application area, as far as free
SAVED_10        equ 0x4F4
STUCK           equ 0x4F8
CALLS           equ 0x4F9
VECTOR_10       equ 0x10 * 4
VECTOR_13       equ 0x13 * 4
VECTOR_19       equ 0x19 * 4
%ifdef HABIT_DRIVE_81
  DRIVE         equ 0x81
%else
  DRIVE         equ 0x80
%endif
PIECE           equ 8                   ; sectors, for HABIT_SHORT and HABIT_PARTIAL
E9_OFFENCE      equ '!'

%ifdef HABIT_GEOMETRY_256
  %define TRACK 63
  %define LAST_HEAD 255
%elifdef HABIT_GEOMETRY_8
  %define TRACK 8
  %define LAST_HEAD 0
%endif
%ifdef TRACK
  %define NO_EDD
  %define OWN_GEOMETRY
%elifdef HABIT_GEOMETRY_0
  %define NO_EDD
%elifdef HABIT_GEOMETRY_FAIL
  %define NO_EDD
%elifdef HABIT_GEOMETRY_CARRY
  %define NO_EDD
%elifdef HABIT_NO_EDD
  %define NO_EDD
%endif

rom:
        dw      0xAA55
        db      ROM_BYTES / SECTOR_BYTES
        jmp     init

; -----------------------------------------------------------------------------
; init: hook the interrupts. Called far by the BIOS, keeps all.
; -----------------------------------------------------------------------------
init:
        pushad
        push    ds
        xor     ax, ax
        mov     ds, ax
        mov     [STUCK], ax
        mov     eax, [VECTOR_13]
        mov     [SAVED_13], eax
        mov     word [VECTOR_13], disk
        mov     [VECTOR_13 + 2], cs
        mov     word [VECTOR_19], boot
        mov     [VECTOR_19 + 2], cs
%ifdef HABIT_VIDEO
        mov     eax, [VECTOR_10]
        mov     [SAVED_10], eax
        mov     word [VECTOR_10], video
        mov     [VECTOR_10 + 2], cs
%endif
        pop     ds
        popad
        retf

; -----------------------------------------------------------------------------
; boot: INT 19h: read sector 0, enter it the way this BIOS enters sectors.
; -----------------------------------------------------------------------------
boot:
        xor     ax, ax
        mov     ss, ax
        mov     sp, LOW_STAGE1
        mov     ds, ax
        mov     es, ax
        mov     bx, LOW_STAGE1
        mov     ax, (INT13_READ_CHS << 8) + 1
        mov     cx, 1
        mov     dx, DRIVE
        call    bios
        mov     dx, DRIVE
%ifdef HABIT_DRIVE_12
        mov     dl, 0x12
%elifdef HABIT_DRIVE_FF
        mov     dl, 0xFF
%elifdef HABIT_VIDEO
        mov     ax, 0x0501
        int     INT_VIDEO
        mov     dx, DRIVE
%elifdef HABIT_ENTRY
        mov     di, LOW_STAGE1 + MBR_BPB_OFFSET
        mov     cx, MBR_CODE_OFFSET - MBR_BPB_OFFSET
        mov     al, 0xCC
        rep stosb
        mov     eax, 0xDEADBEEF
        mov     ebx, eax
        mov     ecx, eax
        mov     edx, 0xDEADBE00         ; dl = 0
        mov     esi, eax
        mov     edi, eax
        mov     ebp, eax
        mov     ax, BDA_ACTIVE_PAGE >> 4
        mov     ds, ax
        mov     es, ax
        mov     ax, 0x8000
        mov     ss, ax
        mov     sp, 0x1235
        push    word 0x4493             ; NT, DF, SF, AF, CF; interrupts off
        popf
        jmp     (LOW_STAGE1 >> 4):0
%endif
        jmp     0:LOW_STAGE1

; -----------------------------------------------------------------------------
; bios: do what the caller of INT 13h asked for.
;
; out   as the BIOS
; -----------------------------------------------------------------------------
bios:
        push    fs
        push    word 0
        pop     fs
        pushf
        call    far [fs:SAVED_13]
        pop     fs
        ret

; -----------------------------------------------------------------------------
; offence: tell the test, on port E9h, that the boot sector did what it must not.
; -----------------------------------------------------------------------------
offence:
        push    ax
        mov     al, E9_OFFENCE
        out     PORT_DEBUG_CONSOLE, al
        pop     ax
        ret

; -----------------------------------------------------------------------------
; disk_check: an offence is a packet that crosses 64 KiB (Q20), holds more than
; STAGE1_EDD_SECTORS (Q19) or an LBA with a high half (Q31).
;
; in    ds:si       packet
; keeps all but flags
; -----------------------------------------------------------------------------
disk_check:
        pushad
        movzx   eax, word [si + edd_packet.segment]
        shl     eax, 4
        movzx   ebx, word [si + edd_packet.offset]
        add     eax, ebx                ; the first byte ...
        movzx   ebx, word [si + edd_packet.count]
        cmp     bx, STAGE1_EDD_SECTORS
        ja      .bad
        dec     ebx
        shl     ebx, 9
        lea     ebx, [ebx + eax + SECTOR_BYTES - 1]     ; ... and the last
        xor     eax, ebx
        shr     eax, 16
        jnz     .bad
        cmp     dword [si + 12], 0
        je      .good
.bad:
        call    offence
.good:
        popad
        ret

; -----------------------------------------------------------------------------
; disk: INT 13h, function by function.
; -----------------------------------------------------------------------------
disk:
        cmp     ah, INT13_EDD_CHECK
        je      edd_check
        cmp     ah, INT13_EDD_READ
        je      edd_read
        cmp     ah, INT13_GEOMETRY
        je      geometry
        cmp     ah, INT13_READ_CHS
        je      chs_read
        test    ah, ah                  ; INT13_RESET
        jne     disk_pass
        push    ds
        push    word 0
        pop     ds
        mov     byte [STUCK], 0
        pop     ds
disk_pass:
        call    bios
%ifdef HABIT_POISON
        mov     ebx, 0xBADBAD0B
        mov     ecx, ebx
        mov     edx, ebx
%endif
disk_return:
%ifdef HABIT_POISON
        mov     esi, 0xBADBAD0B
        mov     edi, esi
        mov     ebp, esi
%endif
%ifdef HABIT_NO_IF
        std
%else
        sti
%endif
        retf    2
disk_fail:
        stc
        jmp     disk_return

; -----------------------------------------------------------------------------
; edd_check: AH=41h.
; -----------------------------------------------------------------------------
edd_check:
%ifdef NO_EDD
        mov     ah, INT13_E_BAD_COMMAND
        jmp     disk_fail
%elifdef HABIT_EDD_MUTE
        iret
%elifdef HABIT_EDD_KEEPS_CF
        mov     bx, EDD_CHECK_OUT
        mov     cx, EDD_INTERFACE_ACCESS
        iret
%endif
%ifdef HABIT_EDD_WRITES
        inc     byte [0x41]
        push    ax
        mov     ax, ds
        test    ax, ax
        pop     ax
        jnz     .elsewhere
        call    offence
.elsewhere:
%endif
        call    bios
%ifdef HABIT_EDD_NO_PACKET
        mov     cx, EDD_INTERFACE_EDD
%elifdef HABIT_EDD_NO_MAGIC
        mov     bx, EDD_CHECK_IN
%elifdef HABIT_EDD_TRASH_DL
        mov     dl, 0x13
%endif
        jmp     disk_return

; -----------------------------------------------------------------------------
; edd_read: AH=42h.
; -----------------------------------------------------------------------------
edd_read:
        call    disk_check
%ifdef HABIT_DEAD
        mov     ah, INT13_E_CONTROLLER
        jmp     disk_fail
%elifdef HABIT_EDD_LIES
        mov     ah, INT13_E_BAD_COMMAND
        jmp     disk_fail
%elifdef HABIT_EDD_NO_PACKET
        call    offence
%elifdef HABIT_EDD_NO_MAGIC
        call    offence
%elifdef HABIT_EDD_MUTE
        call    offence
%elifdef HABIT_EDD_KEEPS_CF
        call    offence
%elifdef NO_EDD
        call    offence
%elifdef HABIT_LIMIT_18
        cmp     word [si + edd_packet.count], 18
        mov     ah, INT13_E_DMA_BOUNDARY
        ja      disk_fail
        mov     ah, INT13_EDD_READ
%elifdef HABIT_LIMIT_1
        cmp     word [si + edd_packet.count], 1
        mov     ah, INT13_E_DMA_BOUNDARY
        ja      disk_fail
        mov     ah, INT13_EDD_READ
%elifdef HABIT_STUCK
        push    ds
        push    word 0
        pop     ds
        inc     byte [CALLS]
        cmp     byte [CALLS], 2
        jb      .works
        mov     byte [CALLS], 0
        mov     byte [STUCK], 1
.works:
        cmp     byte [STUCK], 0
        pop     ds
        mov     ah, INT13_E_TIMEOUT
        jne     disk_fail
        mov     ah, INT13_EDD_READ
%elifdef HABIT_SHORT
        cmp     word [si + edd_packet.count], PIECE
        jbe     disk_pass
        mov     word [si + edd_packet.count], PIECE
%elifdef HABIT_PARTIAL
        cmp     word [si + edd_packet.count], PIECE
        jbe     disk_pass
        mov     word [si + edd_packet.count], PIECE
        call    bios
        mov     ah, INT13_E_SECTOR_NOT_FOUND
        jmp     disk_fail
%elifdef HABIT_ZERO_PACKET
        push    si
        call    bios
        pop     si
        pushf
        pusha
        push    es
        push    ds
        pop     es
        mov     di, si
        mov     cx, edd_packet_size / 2
        xor     ax, ax
        rep stosw
        pop     es
        popa
        popf
        jmp     disk_return
%endif
        jmp     disk_pass

; -----------------------------------------------------------------------------
; geometry: AH=08h.
; -----------------------------------------------------------------------------
geometry:
%ifdef HABIT_GEOMETRY_FAIL
        mov     ah, 7
        jmp     disk_fail
%endif
        push    ax
        mov     ax, es
        or      ax, di
        pop     ax
        jz      .guarded
        call    offence                 ; es:di must be 0:0 (Q30)
.guarded:
        call    bios
%ifdef HABIT_GEOMETRY_0
        mov     cx, 0xFF00              ; no sectors; CF = 0
%elifdef OWN_GEOMETRY
        mov     cx, 0xFF00 | TRACK
        mov     dh, LAST_HEAD
%elifdef HABIT_GEOMETRY_CARRY
        mov     ah, 0
        jmp     disk_fail
%endif
        jmp     disk_return

; -----------------------------------------------------------------------------
; chs_read: AH=02h; with a geometry of its own turned into an EDD read.
; -----------------------------------------------------------------------------
chs_read:
%ifdef HABIT_DEAD
        mov     ah, INT13_E_CONTROLLER
        jmp     disk_fail
%endif
%ifdef OWN_GEOMETRY
        pusha
        push    ds
        movzx   ax, ch
        imul    ax, ax, LAST_HEAD + 1
        add     al, dh
        adc     ah, 0
        imul    ax, ax, TRACK
        movzx   cx, cl
        dec     cx
        add     ax, cx
        push    dword 0
        push    word 0
        push    ax
        push    es
        push    bx
        push    word 1
        push    word edd_packet_size
        push    ss
        pop     ds
        mov     si, sp
        mov     ah, INT13_EDD_READ
        call    bios
        lea     sp, [si + edd_packet_size]
        pop     ds
        popa
        mov     ah, 0
        jmp     disk_return
%else
        jmp     disk_pass
%endif

; -----------------------------------------------------------------------------
; video: INT 10h, then everything it may ever have destroyed. Printing on a page
; that is not shown is an offence; the BIOS below would not mind (Q38).
; -----------------------------------------------------------------------------
%ifdef HABIT_VIDEO
video:
        push    fs
        push    word 0
        pop     fs
        cmp     ah, INT10_TELETYPE
        jne     .allowed
        cmp     bh, [fs:BDA_ACTIVE_PAGE]
        je      .allowed
        call    offence
.allowed:
        pushf
        call    far [fs:SAVED_10]
        pop     fs
        mov     ax, 0xDEAD
        mov     bx, ax
        mov     cx, ax
        mov     dx, ax
        mov     bp, ax
        iret
%endif

; The last byte is for the checksum; the test fills it in.
ROM_BYTES       equ 1024
        times   ROM_BYTES - ($ - $$) db 0

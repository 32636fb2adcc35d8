; SPDX-License-Identifier: MIT
;
; Stage 1: the first sector of the disk. Reads stage 2, proves it whole, and
; jumps to it; or says in four characters why not. Knows nothing of partitions
; and file systems, opens no A20 line, needs a 386 and no more.
;
; The sector, as every reader of a disk knows it (docs/stage1.md has all of it):
;
;   000  EB 58 90      jump over the next two
;   003  OEM name      eight letters
;   00B  BPB           sane numbers on the disk: some BIOSes look here before
;                      they believe in a disk (Q8), and some write here (Q7).
;                      In memory it holds our variables, struct stage1_state
;   05A  code
;   1B2  parameters    struct stage1_parameters, filled in by tools/seal
;   1B8  disk signature, partition table: not ours to touch
;   1FE  55 AA
;
; On entry a BIOS gives us CS:IP = 7C00 in one of two spellings, and DL. Nothing
; else is known: no segment, no stack, no flag (Q1, Q4, Q5). What it did leave in
; the registers is kept below this sector, struct stage1_entry, for the record.
;
; What it tries, in this order, until a copy of stage 2 has the right checksum:
;
;   1. EDD packets, if the BIOS has them:        copy A, copy B
;   2. cylinder, head, sector:                   copy A, copy B
;   3. the same on the very drive the BIOS named: copy A, copy B
;
; From there on, registers have one meaning each:
;
;   dl  the drive                          dh  tries left for one sector
;   bp  most sectors in one call; 1 = CHS  si  sectors in the next call
;   di  next LBA                           cx  sectors still to read
;   es:bx  where the next sector goes
;
; Spec: IBM PC/AT Technical Reference (INT 10h, 13h, 16h, 18h); BIOS Enhanced
; Disk Drive Specification 3.0; Fletcher, IEEE Trans. Comm. 30 (1982).

%include "constants.inc"

        bits    16
        cpu     386
        org     LOW_STAGE1

BDA_SEGMENT     equ 0x40
STAGE2_SEGMENT  equ LOW_STAGE2 >> 4
STAGE2_ENTRY    equ LOW_STAGE2 + STAGE2_ENTRY_OFFSET
PUSHA_AL        equ 14                  ; where pusha leaves AL, from SP
ERROR_DIGITS    equ 4
DIGIT_BITS      equ 4

; The numbers a hard disk's BPB would have. No FATs, so that nobody takes the
; whole disk for a FAT volume.
BPB_MEDIA       equ 0xF8
BPB_TRACK       equ 63
BPB_HEADS       equ 255

; Our variables, over the BPB.
STATE           equ LOW_STAGE1 + MBR_BPB_OFFSET
state_call      equ STATE + stage1_state.call_sectors
state_copy      equ STATE + stage1_state.copy_lba
state_retries   equ STATE + stage1_state.retries
state_track     equ STATE + stage1_state.sectors_per_track
state_heads     equ STATE + stage1_state.heads

%macro place 1                          ; go on at offset %1 of the sector
        times   %1 - ($ - $$) db 0
%endmacro

; -----------------------------------------------------------------------------
; stage1_start: the first byte the BIOS runs: jump over name and BPB.
; -----------------------------------------------------------------------------
stage1_start:
        jmp     short stage1_entry
        nop                             ; EB xx 90 is how a BPB announces itself

; stage1_oem: the OEM name, for people.
stage1_oem:
        db      "COLDSTRT"

; stage1_bpb: a BPB that calms BIOSes (Q8), not a file system's; some write here (Q7), and so do we.
stage1_bpb:
        dw      SECTOR_BYTES
        place   0x15
        db      BPB_MEDIA
        place   0x18
        dw      BPB_TRACK
        dw      BPB_HEADS
        place   MBR_CODE_OFFSET

; -----------------------------------------------------------------------------
; stage1_entry: keep the BIOS's registers; make the machine known: stack, CS, DS, flags, drive.
;
; Where the BIOS's stack lies is unknown, so it is left before anything is pushed.
; Three registers that say nothing pay for that: bx takes its SS, ax its SP.
;
; in    dl          the drive, if the BIOS is right
; out   dl          a hard disk's number; the BIOS's own word is on the stack
;       cx = 0
;       cs = ds = ss = 0, DF = 0, IF = 1
;       struct stage1_entry at LOW_STAGE1_ENTRY
; needs real mode
; -----------------------------------------------------------------------------
stage1_entry:
        mov     bx, ss
        mov     ax, LOW_STAGE1
        mov     cx, 0                   ; not xor: the flags are still the BIOS's
        mov     ss, cx
        xchg    ax, sp                  ; no interrupt comes right after mov ss
        pushf
        push    cs
        push    ds
        push    es
        pusha                           ; struct stage1_entry is complete
        push    dx                      ; for the third attempt
        cld
        mov     ds, cx
        mov     [state_retries], cx     ; on the disk this is BPB
        jmp     0:.canonical            ; some BIOSes come in as 07C0:0000 (Q1)
.canonical:
        sti
        mov     al, dl
        and     al, STAGE1_DRIVE_MASK
        cmp     al, STAGE1_DRIVE_FIRST
        je      stage1_by_edd           ; 80h to 8Fh: believe it (Q3)
        mov     dl, STAGE1_DRIVE_FIRST  ; 00h for a hard disk has been seen (Q2)

; -----------------------------------------------------------------------------
; stage1_by_edd: first attempt, by EDD packets, if all three signs of EDD are there.
;
; in    dl          drive
; out   only if it failed
; needs cx = ds = 0, DF = 0
; spec  EDD 3.0, INT 13h AH=41h
; -----------------------------------------------------------------------------
stage1_by_edd:
        push    ds
        push    BDA_SEGMENT             ; a BIOS without EDD may write to DS:xxxx (Q16)
        pop     ds
        mov     ah, INT13_EDD_CHECK
        mov     bx, EDD_CHECK_IN
        push    dx
        stc                             ; and cx is 0: a BIOS that ignores the call
        int     INT13                   ; must not seem to have said yes (Q17)
        pop     dx                      ; AST's BIOS changed DL (Q15)
        pop     ds
        jc      stage1_by_chs
        cmp     bx, EDD_CHECK_OUT
        jne     stage1_by_chs
        shr     cx, 1                   ; EDD_INTERFACE_ACCESS is bit 0
        jnc     stage1_by_chs
        mov     bp, STAGE1_EDD_SECTORS
        call    try_copies              ; comes back only if both failed (Q18)

; -----------------------------------------------------------------------------
; stage1_by_chs: second and third attempt, by CHS: the drive as judged, then as named.
; -----------------------------------------------------------------------------
stage1_by_chs:
        call    try_chs
        pop     dx                      ; a stick posing as a floppy disk (Q13)
        push    ax                      ; what to report: the better guess's error
        call    try_chs

; -----------------------------------------------------------------------------
; stage1_error: print the four digits of the error; wait for a key; give the BIOS its turn.
;
; in    [sp]        ah = STAGE1_E_*, al = status of INT 13h
; out   never
; needs ds = 0
; -----------------------------------------------------------------------------
stage1_error:
        pop     ax
        out     PORT_POST, al
        mov     cx, ERROR_DIGITS
.digit:
        rol     ax, DIGIT_BITS          ; the highest first
        pusha                           ; some BIOSes lose BP (Q36) and AX (Q37)
        and     al, 0x0F
        cmp     al, 10
        sbb     al, 0x69                ; 96h..9Fh and a borrow, or A1h..A6h ...
        das                             ; ... which das makes '0'..'9', 'A'..'F'
        mov     ah, INT10_TELETYPE
        mov     bh, [BDA_ACTIVE_PAGE]   ; the page that is shown: not always 0 (Q38)
        mov     bl, TELETYPE_COLOUR
        int     INT_VIDEO
        popa
        loop    .digit
        mov     ah, INT16_READ
        int     INT_KEYBOARD
        int     INT_NO_BOOT             ; the next boot device, if the BIOS likes
.halt:
        hlt                             ; any interrupt ends a hlt
        jmp     .halt

; -----------------------------------------------------------------------------
; no_geometry: how try_chs ends without a usable answer.
;
; in    ah          status of INT 13h
; out   ah = STAGE1_E_BIOS, al = status of INT 13h
; -----------------------------------------------------------------------------
no_geometry:
        mov     al, ah
        mov     ah, STAGE1_E_BIOS
        ret

; -----------------------------------------------------------------------------
; try_chs: ask for the geometry, then try both copies by it. Falls into try_copies.
;
; in    dl          drive
; out   only if it failed: ah = STAGE1_E_*, al = status of INT 13h
; keeps dl, ds, sp
; spec  PC/AT BIOS, INT 13h AH=08h
; -----------------------------------------------------------------------------
try_chs:
        push    dx
        mov     ah, INT13_GEOMETRY
        push    ss
        pop     es
        xor     di, di                  ; es:di = 0:0 guards against BIOS bugs (Q30)
        xor     cx, cx                  ; only an answer changes it: the carry flag
        int     INT13                   ; has been seen set with a good one (Q24)
        mov     ch, dh                  ; the highest head number; ours is a count
        pop     dx
        and     cl, CHS_SECTOR_MASK
        cmp     cl, STAGE1_TRACK_MIN
        jb      no_geometry             ; 0 has been seen (Q30)
        cmp     ch, 0xFF                ; 256 heads: count 255, for a byte holds no more
        adc     ch, 0                   ; and no sector of ours is beyond track 255
        mov     [state_track], cx
        mov     bp, STAGE1_CHS_SECTORS

; -----------------------------------------------------------------------------
; try_copies: try copy A, then copy B from its first sector on.
;
; in    dl          drive
;       bp          most sectors in one call; 1: CHS with [state_track]
; out   only if both failed: ah = STAGE1_E_*, al = status of INT 13h, for copy B
; keeps dl, bp, ds, sp
; -----------------------------------------------------------------------------
try_copies:
        mov     di, [stage1_parameters + stage1_parameters.copy_lba]
        call    try_copy
        mov     di, [stage1_parameters + stage1_parameters.copy_lba + 2]

; -----------------------------------------------------------------------------
; try_copy: read one copy of stage 2 and jump to it if its checksum is right.
;
; A failed read is repeated with half as many sectors, after a reset of the
; drive (Q19, Q23), and at one sector STAGE1_TRIES times. Reads are powers of
; two, never growing, from LOW_STAGE2 on: none can cross 64 KiB (Q20).
;
; in    di          first sector (LBA, below BOOT_PARTITION_LBA)
;       dl, bp      as for try_copies
; out   only if it failed: ah = STAGE1_E_*, al = status of INT 13h
; keeps dl, bp, ds, sp
; -----------------------------------------------------------------------------
try_copy:
        mov     [state_copy], di
        mov     cx, [stage1_parameters + stage1_parameters.sectors]
        push    STAGE2_SEGMENT
        pop     es
        xor     bx, bx
        mov     si, bp
.step:
        mov     dh, STAGE1_TRIES
.again:
        call    read_sectors
        jnc     .advance
        inc     word [state_retries]
        pusha
        xor     ax, ax                  ; INT13_RESET; whether it worked, the read will tell
        int     INT13
        popa
        shr     si, 1
        jnz     .again
        inc     si
        dec     dh
        jnz     .again
.failed:
        ret
.advance:
        add     di, si
        imul    ax, si, SECTOR_BYTES
        add     bx, ax                  ; 64 KiB in all: wraps to 0 only at the end
        sub     cx, si
        ja      .step

; Two sums of 32-bit words, each with its carry added back in, so modulo
; 2^32 - 1: Fletcher-64. The second sum weighs each word by its place, so what
; is lost, repeated or swapped shows too. tools/seal made both FFFFFFFFh, which
; a copy of zeros cannot be.
.checksum:
        imul    cx, [stage1_parameters + stage1_parameters.sectors], SECTOR_BYTES / 4
        xor     si, si
        xor     ebx, ebx                ; the sum
        xor     edi, edi                ; the sum of the sums
.sum:
        es lodsd
        add     ebx, eax
        adc     ebx, 0
        add     edi, ebx
        adc     edi, 0
        loop    .sum
        and     edi, ebx
        inc     edi                     ; 0 only if both were all ones
        mov     ax, STAGE1_E_CHECKSUM << 8  ; and status 0: the reads went well
        jnz     .failed

; Stage 2 starts with DL = the drive it came from, CS = DS = ES = SS = 0, an empty
; stack, DF = 0, IF = 1.
.hand_over:
        mov     [state_call], bp
        mov     sp, LOW_REAL_STACK_TOP
        push    ss
        pop     es
        jmp     STAGE2_ENTRY

; -----------------------------------------------------------------------------
; read_sectors: one read: min(si, cx) sectors by EDD, or one sector by CHS.
;
; in    di          first sector; es:bx destination; bp = 1: by CHS
; out   CF = 0      they are there, if the BIOS is honest; the checksum will tell
;       CF = 1      they are not
;       ah = STAGE1_E_DISK, al = status of INT 13h
; keeps all others, whatever the BIOS does to them (Q21); DF = 0, IF = 1
; stack 34 bytes and the BIOS's
; needs ds = ss = 0
; spec  EDD 3.0, INT 13h AH=42h; PC/AT BIOS, INT 13h AH=02h
; -----------------------------------------------------------------------------
read_sectors:
        pusha
        cmp     cx, si
        jb      .last
        mov     cx, si
.last:
        push    ss                      ; the packet, from its end, new for each
        push    ss                      ; call (Q26). SS is 0, and so the LBA's
        push    ss                      ; upper 48 bits (Q31)
        push    di
        push    es
        push    bx
        push    cx
        push    edd_packet_size
        mov     si, sp
        mov     ah, INT13_EDD_READ
        dec     bp
        jnz     .call

        xchg    ax, di                  ; the LBA
        div     byte [state_track]
        mov     cl, ah
        inc     cx                      ; sectors count from 1
        mov     ah, 0
        div     byte [state_heads]
        mov     ch, al                  ; the cylinder; its bits 8 and 9 are 0
        mov     dh, ah
        mov     ax, (INT13_READ_CHS << 8) + STAGE1_CHS_SECTORS
.call:
        sti                             ; a BIOS may leave IF clear or DF set, and a
        cld                             ; BIOS that is called with DF set may read
        int     INT13                   ; backwards (Q22)
        sti
        cld
        mov     bp, sp
        mov     [bp + edd_packet_size + PUSHA_AL], ah
        popa                            ; the packet: 16 bytes, as many as popa takes
        popa                            ; the registers; CF is still the BIOS's
        mov     ah, STAGE1_E_DISK
        ret

; stage1_free: zeros, room for one more idea.
stage1_free:
        place   STAGE1_PARAMETERS_OFFSET

; stage1_parameters: where stage 2 is; zeros until tools/seal fills them in.
stage1_parameters:
        times   stage1_parameters_size db 0
        place   MBR_DISK_SIGNATURE

; stage1_signature: the disk's signature, then two bytes that stay zero.
stage1_signature:
        place   MBR_PARTITION_TABLE

; stage1_table: the partition table, four entries.
stage1_table:
        place   MBR_BOOT_SIGNATURE

; stage1_mark: what makes a BIOS boot a sector.
stage1_mark:
        dw      0xAA55

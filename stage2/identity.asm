; SPDX-License-Identifier: MIT
;
; The loader's page tables: the first 4 GiB, each address mapped to itself, in
; 2 MiB pages that every long-mode CPU has. All of it writable and executable; the
; kernel's tables, built in C, are the ones with permissions.
; Spec: Intel SDM, volume 3A, section 4.5 "4-level paging".
%include "constants.inc"

global identity_build

ENTRY_BYTES     equ 8
DIRECTORIES     equ 4                   ; one for each GiB
TABLES          equ 2 + DIRECTORIES     ; the PML4 and the PDPT come first
TABLE_BITS      equ PTE_P | PTE_RW
LARGE_BITS      equ PTE_P | PTE_RW | PTE_PS
LARGE_BYTES     equ PAGE_BYTES * TABLE_ENTRIES
UNROLLED        equ 8                   ; entries a turn: less loop, fewer instructions

%if TABLES * PAGE_BYTES != LOW_PAGE_TABLES_BYTES
%error "the tables fill their place"
%endif

bits 16
section .real progbits alloc exec nowrite align=16

; -----------------------------------------------------------------------------
; identity_build: write the tables at LOW_PAGE_TABLES. The PML4 and the PDPT are
; zeroed; every entry of the page directories is written, so they need not be.
;
; in    nothing
; out   the tables
; keeps all but flags
; stack 34 bytes
; needs real mode, DF = 0
; -----------------------------------------------------------------------------
identity_build:
        pushad
        push    es
        mov     ax, LOW_PAGE_TABLES >> 4
        mov     es, ax
        xor     di, di
        xor     eax, eax
        mov     cx, 2 * PAGE_BYTES / 4
        rep stosd                       ; leaves di at the first directory
        mov     dword [es:0], LOW_PAGE_TABLES + PAGE_BYTES + TABLE_BITS
%assign directory 0
%rep DIRECTORIES
        mov     dword [es:PAGE_BYTES + directory * ENTRY_BYTES], \
                LOW_PAGE_TABLES + (2 + directory) * PAGE_BYTES + TABLE_BITS
%assign directory directory + 1
%endrep
        mov     eax, LARGE_BITS
        xor     edx, edx                ; the upper half: nothing lies above 4 GiB
        mov     ebx, LARGE_BYTES
        mov     cx, DIRECTORIES * TABLE_ENTRIES / UNROLLED
.next_entries:
%assign entry 0
%rep UNROLLED
        mov     dword [es:di + entry * ENTRY_BYTES], eax
        mov     dword [es:di + entry * ENTRY_BYTES + 4], edx
        add     eax, ebx
%assign entry entry + 1
%endrep
        add     di, UNROLLED * ENTRY_BYTES
        dec     cx
        jnz     .next_entries
        pop     es
        popad
        ret

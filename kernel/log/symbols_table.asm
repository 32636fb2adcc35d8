; SPDX-License-Identifier: MIT
;
; The symbol table as data (kernel/core/symbol_table.h). The file comes from the
; build, as SYMBOLS_FILE on nasm's command line: an empty table for the first
; link, the table made from that for the second.

section .symbols progbits alloc noexec nowrite align=16

        incbin  SYMBOLS_FILE

; SPDX-License-Identifier: MIT
;
; The converted font as data (struct font_header, kernel/dev/font.h). The file
; comes from the build, as FONT_FILE on nasm's command line.

section .rodata

global font_blob:data (font_blob.end - font_blob)
align 16
font_blob:
        incbin  FONT_FILE
.end:

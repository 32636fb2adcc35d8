# SPDX-License-Identifier: MIT
"""The rows of workarounds.py: (quirk, name, edits (file, old, new), test). A test is "" for all trials
of the quirk, "/x" for those with x in their names, or KIND:CASE."""

MBR = "stage1/mbr.asm"
A20 = "stage2/real/a20.asm"
KBC = "stage2/real/keyboard.asm"
E820 = "stage2/real/e820.asm"
ASK = "stage2/real/memory.asm"
CONSOLE = "stage2/real/console.asm"
SERVICE = "stage2/real/service.asm"
STOP = "stage2/real/stop.asm"
MODE = "stage2/mode.asm"
NMI = "stage2/nmi.asm"
DISK = "stage2/plan/disk.c"
PROBE = "stage2/bios/disk_probe.c"
CLAIMS = "stage2/plan/memory_claims.c"
JUDGE = "stage2/plan/memory_judge.c"
VOLUME = "stage2/volume_find.c"
VBE = "stage2/bios/vbe.c"
MKIMAGE = "tools/mkimage"

ROWS = [
    # ---- hand-off
    (1, "cs-stays", [(MBR, "        jmp     0:.canonical ", "        jmp     short .canonical ")], ""),
    (2, "drive-0-believed", [(MBR, "        mov     dl, STAGE1_DRIVE_FIRST ", "        nop     ;")], ""),
    (3, "always-80h", [(MBR, "        je      stage1_by_edd  ", "        nop     ;")], ""),
    (4, "ds-as-it-comes", [(MBR, "        mov     ds, cx\n", "")], ""),
    (4, "ss-as-it-comes", [(MBR, "        mov     ss, cx\n", "")], ""),
    (5, "df-as-it-comes", [(MBR, "        cld\n        mov     ds, cx", "        mov     ds, cx")], ""),
    (7, "code-in-the-bpb", [("include/boot/disk_layout.h", "#define MBR_CODE_OFFSET     0x5A",
                             "#define MBR_CODE_OFFSET     0x3E")], ""),
    (8, "no-geometry-in-the-bpb", [(MBR, "        dw      BPB_TRACK", "        dw      0")], ""),
    (9, "bpb-stays", [(MKIMAGE, '    if [ "$bpb" = no ]', '    if [ "$bpb" = never ]')], ""),
    (10, "nt-bytes-never", [(MKIMAGE, '    if [ "$first_bytes" = nt ]', '    if [ "$first_bytes" = never ]')], ""),
    (11, "not-active", [(MKIMAGE, "        little_endian 1 0x80\n", "        little_endian 1 0x00\n")], ""),
    (11, "no-chs-end", [(MKIMAGE, "        chs $((first + sectors - 1))\n",
                         "        chs $((first - 1))\n")], ""),
    (12, "protective-type", [(MKIMAGE, '        little_endian 1 "$(partition_type)"',
                              "        little_endian 1 0xEE")], ""),
    (13, "no-third-attempt", [(MBR, "        push    ax                      ; what to report: the better "
                               "guess's error\n        call    try_chs\n", "        push    ax\n")], ""),
    (14, "zeros-for-chs", [(MKIMAGE, "    little_endian 1 $((number | cylinder >> 8 << 6))",
                            "    little_endian 1 0")], ""),
    # ---- INT 13h
    (15, "dl-lost-over-41h", [(MBR, "        pop     dx                      ; AST", "        pop     ax ; AST")],
     ""),
    (16, "ds-0-at-41h", [(MBR, "        push    BDA_SEGMENT ", "        push    0 ;")], ""),
    (16, "ds-0-at-41h-in-stage-2", [(PROBE, "        .ds = BDA_SEGMENT,\n", "")], ""),
    (17, "cf-not-preset", [(MBR, "        stc                             ; and cx", "        clc ; and cx")], ""),
    (17, "magic-not-asked", [(MBR, "        jne     stage1_by_chs\n", "        nop\n")], ""),
    (17, "bit-not-asked", [(MBR, "        jnc     stage1_by_chs\n", "        nop\n")], ""),
    (17, "unchecked-in-stage-2", [(PROBE, "    if ((registers.flags & RFLAGS_CF) || (registers.ebx & "
                                   "0xFFFF) != EDD_CHECK_OUT ||\n        !(registers.ecx & "
                                   "EDD_INTERFACE_ACCESS))\n        return;",
                                   "    if (registers.flags & RFLAGS_CF)\n        return;")], ""),
    (18, "no-chs-behind-edd", [(MBR, "        call    try_copies              ; comes back",
                                "        jmp     try_copies              ; comes back")], "/lies-"),
    (19, "never-less", [(MBR, "        shr     si, 1\n        jnz     .again\n        inc     si\n", "")], ""),
    (19, "never-less-in-stage-2", [(DISK, "        disk->call_max /= 2;\n", "")], ""),
    (20, "windows-crossed", [(DISK, "        if (at % LOW_DISK_WINDOW_BYTES + bytes > "
                              "LOW_DISK_WINDOW_BYTES)\n            at += LOW_DISK_WINDOW_BYTES - at % "
                              "LOW_DISK_WINDOW_BYTES;\n", "")], ""),
    (21, "bp-not-kept", [(SERVICE, "        push    bp\n        sti", "        sti"),
                         (SERVICE, "        int     INT13\n        pop     bp\n", "        int     INT13\n")], ""),
    (21, "registers-not-kept", [(MBR, "        pusha\n        xor     ax, ax                  ; INT13_RESET",
                                 "        xor     ax, ax                  ; INT13_RESET"),
                                (MBR, "        int     INT13\n        popa\n        shr     si, 1",
                                 "        int     INT13\n        shr     si, 1")], "stage1:q21"),
    (22, "called-with-if-as-it-is", [(MBR, "        sti                             ; a BIOS may leave",
                                      "        nop                             ; a BIOS may leave")], ""),
    (22, "df-as-it-comes-back", [(MBR, "        sti\n        cld\n        mov     bp, sp",
                                  "        mov     bp, sp")], ""),
    (22, "df-not-cleared", [(SERVICE, "        pop     bp\n        cld\n        mov     cx, 0",
                             "        pop     bp\n        mov     cx, 0")], ""),
    (23, "no-reset", [(MBR, "        xor     ax, ax                  ; INT13_RESET; whether it worked, the read "
                       "will tell\n        int     INT13\n", "")], ""),
    (23, "no-reset-in-stage-2", [(DISK, "    reset(disk);\n    disk->streak = 0;", "    disk->streak = 0;"),
                                 (DISK, "static void reset(", "__attribute__((unused)) static void reset(")], ""),
    (24, "carry-alone-at-08h", [(MBR, "        xor     cx, cx                  ; only an answer changes it: the "
                                 "carry flag\n        int     INT13 ", "        int     INT13\n"
                                 "        jc      no_geometry            ;")], ""),
    (24, "carry-alone-at-08h-in-stage-2", [(PROBE, " && high_byte(registers.eax) != INT13_OK;\n    if (failed",
                                            ";\n    if (failed")], ""),
    (25, "count-not-read-back", [(DISK, "    if (request->kind == DISK_READ_EDD && request->moved != 0)\n"
                                  "        return lower(request->moved, request->packet.count);\n", "")], ""),
    (26, "zeroed-count-believed", [(DISK, "request->kind == DISK_READ_EDD && request->moved != 0)",
                                    "request->kind == DISK_READ_EDD)")], ""),
    (27, "size-believed", [(VOLUME, "    status = mbr_find_active(sector, UINT64_MAX, &active);",
                            "    status = mbr_find_active(sector, loader->disk.sectors, &active);")], ""),
    (28, "size-not-given", [(PROBE, "    answer->size = EDD_PARAMETERS_BYTES_2_X;\n", "")], ""),
    (29, "others-asked", [(PROBE, "is_booted_sector(sector) || take_drive(disk, named, sector))",
                           "take_drive(disk, named, sector))")], ""),
    (30, "no-sectors-believed", [(MBR, "        jb      no_geometry             ; 0 has", "        nop ; 0 has")], ""),
    (31, "high-half-not-0", [(MBR, "        push    ss                      ; the packet", "        push    sp ; the packet")],
     ""),
    (32, "no-progress-shown", [("stage2/kernel_load.c", "    file_announce(&reader);\n", "")], ""),
    (33, "others-asked", [(PROBE, "is_booted_sector(sector) || take_drive(disk, named, sector))",
                           "take_drive(disk, named, sector))")], ""),
    (34, "others-asked", [(PROBE, "is_booted_sector(sector) || take_drive(disk, named, sector))",
                           "take_drive(disk, named, sector))")], ""),
    (35, "never-less", [(DISK, "        disk->call_max /= 2;\n", "")], ""),
    # ---- INT 10h, 16h
    (36, "bp-lost", [(CONSOLE, "screen_byte:\n        pushad\n", "screen_byte:\n"),
                     (CONSOLE, "        pop     ds\n        popad\n        ret\n\n; ---", "        pop     ds\n        ret\n\n; ---")], "stage2:q36"),
    (37, "ax-lost", [(MBR, "        pusha                           ; some BIOSes lose BP (Q36) and AX (Q37)\n", ""),
                     (MBR, "        popa\n        loop    .digit", "        loop    .digit")], "stage1:q37"),
    (38, "page-0", [(CONSOLE, "        mov     bh, byte [BDA_ACTIVE_PAGE] ", "        mov     bh, 0 ;")], ""),
    (39, "no-mode-is-fatal", [("stage2/video_choose.c", "        console_say(\"coldstart: no video mode",
                               "        real_give_up();\n        console_say(\"coldstart: no video mode"),
                              ("stage2/video_choose.c", "#include \"stage2/loader.h\"\n",
                               "#include \"stage2/loader.h\"\n#include \"stage2/real/bios_call.h\"\n")], ""),
    (40, "key-required", [(STOP, "        loop    .ticked\n", "        jmp     .ticked\n"),
                          (STOP, "        jnz     .poll\n        ret\n", "        jmp     .poll\n")], ""),
    # ---- INT 15h
    (41, "attributes-always-believed", [(CLAIMS, "    if (answer->returned_bytes >= E820_BYTES_EXTENDED)",
                                         "    if (answer->returned_bytes >= E820_BYTES)")], ""),
    (41, "attributes-never-believed", [(CLAIMS, "        attributes = answer->attributes;\n", "        ;\n")], ""),
    (42, "never-20-bytes", [(E820, "        mov     bp, E820_BYTES\n        call    walk\n", "")], ""),
    (43, "carry-is-no-end", [(E820, "        mov     al, BOOT_E820_END_CARRY\n",
                              "        mov     al, BOOT_E820_END_SIGNATURE\n")], ""),
    (44, "believed-without-smap", [(E820, "        mov     al, BOOT_E820_END_SIGNATURE\n",
                                    "        mov     al, BOOT_E820_END_ZERO\n"),
                                   (CLAIMS, "        if (answers->e820[index].returned_eax != E820_SIGNATURE)\n",
                                    "        if (answers->e820[index].returned_eax == 0)\n")], ""),
    (45, "zeroed-each-time", [(E820, "ask:\n        mov     dword", "ask:\n        xor     eax, eax\n"
                               "        mov     di, buffer\n        mov     cx, (boot_e820_answer.returned_eax + "
                               "BUFFER_GUARD) / 4\n        rep stosd\n        mov     dword")], ""),
    (46, "circle-not-seen", [(E820, "        call    is_repeated\n        jc      .end\n", "")], ""),
    (46, "list-without-end", [(E820, "        cmp     word [ANSWERS(e820_count)], MEMORY_ANSWERS_MAX\n        je      .end  ",
                               "        cmp     word [ANSWERS(e820_count)], -1\n        je      .end  ")], ""),
    (47, "registers-not-kept", [(ASK, "        pop     es\n        pop     ds\n        popad\n        cld\n        sti\n        ret\n\nsection",
                                 "        pop     es\n        pop     ds\n        add     sp, 32\n        cld\n        sti\n        ret\n\nsection")],
     ""),
    (47, "continuation-of-16-bits", [(E820, "        mov     ebx, dword [real_answer + answer.ebx]\n        mov     al",
                                      "        movzx   ebx, word [real_answer + answer.ebx]\n        mov     al")], ""),
    (48, "wrapping-ram-believed", [(CLAIMS, "        if (type == BOOT_MEMORY_USABLE)\n            return;\n        last",
                                    "        last")], ""),
    (48, "empty-range-believed", [(CLAIMS, " || answer->length == 0 ||", " ||")], ""),
    (49, "unknown-type-is-ram", [(CLAIMS, "        return BOOT_MEMORY_RESERVED; /* Q49",
                                  "        return BOOT_MEMORY_USABLE; /* Q49")], ""),
    (50, "long-list-is-no-list", [(E820, "        mov     al, BOOT_E820_END_FULL\n",
                                   "        mov     al, BOOT_E820_END_SIGNATURE\n")], ""),
    (51, "low-lie-believed", [(CLAIMS, "    add_claim(claims, low_end, EXTENDED_MEMORY_FIRST - 1, BOOT_MEMORY_RESERVED);\n",
                               "")], ""),
    (52, "silence-at-0", [(CLAIMS, "    if (low_silent && low_known)\n", "    if (low_silent && false)\n")], ""),
    (53, "silence-at-1-mib", [(CLAIMS, "    if (extended_silent) {\n", "    if (extended_silent && claims->count == 0) {\n")],
     ""),
    (54, "cx-dx-not-looked-at", [(CLAIMS, "first_pair ? answers->e801_ax : answers->e801_cx;", "answers->e801_ax;"),
                                 (CLAIMS, "first_pair ? answers->e801_bx : answers->e801_dx;", "answers->e801_bx;"),
                                 (CLAIMS, "    const bool first_pair = answers->e801_ax != 0 || answers->e801_bx != 0;\n", "")],
     "/cx"),
    (54, "4-gib-lie-believed", [(CLAIMS, "        memory->high_bytes = 0;\n", "        ;\n")], "/4-gib"),
    (54, "88h-carry-believed", [(CLAIMS, "        (high_byte == INT15_AH_INVALID || high_byte == INT15_AH_UNSUPPORTED))",
                                 "        high_byte != 0xFF)")], "/88"),
    (54, "int-12h-nonsense-believed", [(CLAIMS, "        if (figures[which] < LOW_MEMORY_END_MIN || figures[which] > LOW_MEMORY_END_MAX)\n",
                                        "        if (figures[which] > LOW_MEMORY_END_MAX)\n")], "/int12"),
    # ---- A20, mode switch
    (55, "bios-believed", [(A20, ".test:\n        cld\n        sti\n        call    real_a20_is_on\n        popad",
                            ".test:\n        cld\n        sti\n        popad")], ""),
    (56, "endless-wait", [(KBC, "        loop    .look\n", "        jmp     .look\n")], "stage2:q56"),
    (57, "controller-first", [(A20, "        mov     bl, BOOT_A20_PORT_92\n        call    by_port_92\n        jnc     .on\n", "")],
     "stage2:q57"),
    (58, "no-null-command", [(KBC, "        mov     al, I8042_NULL          ; USB legacy emulations wait for it (Q58)\n"
                              "        out     I8042_COMMAND, al\n        call    ready\n", "")], "stage2:q58"),
    (59, "reset-bit-kept", [(A20, "        and     al, ~SYSTEM_A_RESET & 0xFF\n", "")], "stage2:q59"),
    (60, "no-patience", [(A20, "TRIES_SETTLE        equ 0x100000 ", "TRIES_SETTLE        equ 4 ;")], "stage2:q60"),
    (61, "byte-left-there", [(KBC, "        in      al, I8042_DATA\n        dec     ah\n        jnz     .look\n"
                              "        jmp     .not_ready ", "        jmp     .empty ;")], "stage2:q61"),
    (62, "gdt-loaded-once", [(MODE, "        o32 lgdt [gdt_register]\n", "        test    byte [.once], 1\n        jnz     .loaded\n"
                              "        o32 lgdt [gdt_register]\n        inc     byte [.once]\n.loaded:\n"),
                             (MODE, "        jmp     SELECTOR_CODE32:protected_mode\n",
                              "        jmp     SELECTOR_CODE32:protected_mode\n.once: db 0\n")], ""),
    (63, "gdt-not-aligned", [("stage2/descriptors.asm", "align 16, db 0\ngdt:            dq 0 ",
                              "align 16, db 0\n                dw 0\ngdt:            dq 0 ")], ""),
    (66, "no-switch-table-up", [(MODE, "        o32 lidt [switch_idt_register]\n        mov     eax, dword [long_cr4]",
                                 "        o32 lidt [idt_register]\n        mov     eax, dword [long_cr4]")],
     "pytest:vm/test_nmi.py"),
    (66, "no-switch-table-down", [(MODE, "        o32 lidt [switch_idt_register]\n        mov     eax, cr0", "        mov     eax, cr0")],
     "pytest:vm/test_nmi.py"),
    (66, "stale-segment-in-frame", [(NMI, "        mov     word [bp + SAVED_CS], %3\n", "")], "pytest:vm/test_nmi.py"),
    (66, "no-table-in-hand-off", [("stage2/handoff.asm", "        lidt    [rel handoff_idt_register]\n", "")],
     "pytest:vm/test_nmi.py"),
]

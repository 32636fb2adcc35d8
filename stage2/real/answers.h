/* SPDX-License-Identifier: MIT
 *
 * What the BIOS answered about memory, word for word, as memory_ask left it at
 * LOW_ANSWERS. Data only: nothing here is judged, and nothing may be believed.
 * Spec: ACPI 6.4, section 15 (E820); Ralf Brown's Interrupt List, INT 15h
 * AX=E801h, INT 15h AH=88h, INT 12h.
 */
#pragma once

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "boot/low_memory.h"

#define MEMORY_ANSWERS_MAX 256 /* one BIOS is known to give 312 (Q50) */

/*
 * e820_end tells how the list ended (enum boot_e820_end). With
 * BOOT_E820_END_SIGNATURE the last answer is the one without 'SMAP': it and all
 * before it are kept to be shown, not to be believed. An answer with carry is
 * not in the list.
 */
struct memory_answers {
    uint32_t e820_count;
    uint32_t e820_end;
    uint16_t e801_ax, e801_bx, e801_cx, e801_dx;
    uint16_t e801_flags;   /* FLAGS after E801h; RFLAGS_CF: the BIOS reports failure */
    uint16_t int88_ax;     /* KiB above 1 MiB */
    uint16_t int88_flags;  /* FLAGS after AH=88h */
    uint16_t int12_ax;     /* KiB from 0 */
    uint16_t ebda_segment; /* BDA 40Eh; 0 where there is none */
    uint16_t e820_asked;   /* bytes asked for in the walk that was kept */
    uint16_t reserved[2];
    struct boot_e820_answer e820[MEMORY_ANSWERS_MAX];
};
ASSERT_OFFSET(struct memory_answers, e801_ax, 8);
ASSERT_OFFSET(struct memory_answers, int12_ax, 22);
ASSERT_OFFSET(struct memory_answers, e820, 32);
_Static_assert(sizeof(struct memory_answers) <= LOW_ANSWERS_BYTES, "the answers fit their place");

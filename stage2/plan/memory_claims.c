/* SPDX-License-Identifier: MIT
 *
 * Reads the raw answers of E820, E801, 88h, INT 12h and the BIOS data area into
 * claims. Believes E820 first; the older calls only fill what E820 is silent
 * about, and never speak against it. Asks no BIOS.
 * Spec: ACPI 6.4, section 15; Ralf Brown's Interrupt List, INT 15h AX=E801h,
 * INT 15h AH=88h, INT 12h.
 */
#include "stage2/plan/memory_claims.h"

#include <stdbool.h>

#include "base/checked.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/e820.h"
#include "hw/paging.h"

#define KIB         0x400U
#define UNIT_64_KIB 0x10000U

/* Interrupt vectors and BIOS data: the BIOS calls we make need them. */
#define PAGE_0_LAST (PAGE_BYTES - 1)

/*
 * Where conventional memory may end: an INT 12h or EBDA figure outside is
 * nonsense (Q54). The lower bound is the one Linux uses (BIOS_START_MIN in
 * arch/x86/kernel/ebda.c); the upper one is the VGA window.
 */
#define LOW_MEMORY_END_MIN 0x20000U
#define LOW_MEMORY_END_MAX 0xA0000U
#define PARAGRAPH_BYTES    16U

/* E801 counts KiB from 1 to 16 MiB, so no more than 15 MiB; above, 64 KiB units. */
#define E801_LOW_KIB_MAX 0x3C00U
#define E801_HIGH_FIRST  0x1000000U

/* The I/O APIC: an E801 answer that says RAM reaches it is the whole-4-GiB lie (Q54). */
#define E801_HIGH_END_MAX 0xFEC00000U

/* INT 15h in AH, with carry: the BIOS knows no such function. */
#define INT15_AH_INVALID     0x80U
#define INT15_AH_UNSUPPORTED 0x86U

static void add_claim(struct memory_claims *claims, uint64_t first, uint64_t last, uint32_t type)
{
    claims->claims[claims->count++] =
        (struct memory_claim){ .range = { .first = first, .last = last }, .type = type };
}

/* The type an answer gives its range; 0 when it is to be ignored. */
static uint32_t answer_type(const struct boot_e820_answer *answer)
{
    uint32_t attributes = E820_ATTRIBUTE_ENABLED;
    if (answer->returned_bytes >= E820_BYTES_EXTENDED) /* Q41: else they are not the BIOS's */
        attributes = answer->attributes;
    if ((attributes & E820_ATTRIBUTE_ENABLED) == 0)
        return 0;

    switch (answer->type) {
    case E820_TYPE_USABLE:
        if ((attributes & (E820_ATTRIBUTE_NON_VOLATILE | E820_ATTRIBUTE_ERROR_LOG)) != 0)
            return BOOT_MEMORY_RESERVED;
        return BOOT_MEMORY_USABLE;
    case E820_TYPE_ACPI:
        return BOOT_MEMORY_ACPI_RECLAIMABLE;
    case E820_TYPE_NVS:
        return BOOT_MEMORY_ACPI_NVS;
    case E820_TYPE_UNUSABLE:
        return BOOT_MEMORY_BAD;
    default:
        return BOOT_MEMORY_RESERVED; /* Q49: 13, 2954887168 and whatever comes */
    }
}

/*
 * One answer as a claim. Of a range that wraps the address space (Q48), RAM is
 * not believed, and anything else reaches to the top.
 */
static void claim_answer(struct memory_claims *claims, const struct boot_e820_answer *answer)
{
    const uint32_t type = answer_type(answer);
    if (type == 0 || answer->length == 0 || answer->returned_bytes < E820_BYTES ||
        (answer->flags & RFLAGS_CF) != 0)
        return;

    uint64_t last;
    if (!checked_add64(answer->base, answer->length - 1, &last)) {
        if (type == BOOT_MEMORY_USABLE)
            return;
        last = UINT64_MAX;
    }
    add_claim(claims, answer->base, last, type);
}

/* All of the E820 list, or nothing: one answer without 'SMAP' taints the others (Q44). */
static void claim_e820(struct memory_claims *claims, const struct memory_answers *answers)
{
    const uint32_t count =
        answers->e820_count < MEMORY_ANSWERS_MAX ? answers->e820_count : MEMORY_ANSWERS_MAX;
    if (answers->e820_end == BOOT_E820_END_SIGNATURE ||
        answers->e820_end == BOOT_E820_END_UNSUPPORTED)
        return;
    for (uint32_t index = 0; index < count; index++) {
        if (answers->e820[index].returned_eax != E820_SIGNATURE)
            return;
    }
    for (uint32_t index = 0; index < count; index++)
        claim_answer(claims, &answers->e820[index]);
}

/* Is nothing said of the page at `first`: no RAM all over it, and nothing else in it? */
static bool is_silent(const struct memory_claims *claims, uint64_t first)
{
    const uint64_t last = first + (PAGE_BYTES - 1);
    for (uint32_t index = 0; index < claims->count; index++) {
        const struct memory_claim *const claim = &claims->claims[index];
        const bool touches = claim->range.first <= last && claim->range.last >= first;
        const bool covers = claim->range.first <= first && claim->range.last >= last;
        if (covers || (touches && claim->type != BOOT_MEMORY_USABLE))
            return false;
    }
    return true;
}

/* Claim RAM from `first` on, but not past the next thing that is said not to be RAM. */
static void fill_with_ram(struct memory_claims *claims, uint64_t first, uint64_t bytes)
{
    if (bytes == 0)
        return;
    uint64_t last = first + (bytes - 1);
    for (uint32_t index = 0; index < claims->count; index++) {
        const struct memory_claim *const claim = &claims->claims[index];
        if (claim->type != BOOT_MEMORY_USABLE && claim->range.first > first &&
            claim->range.first <= last)
            last = claim->range.first - 1;
    }
    add_claim(claims, first, last, BOOT_MEMORY_USABLE);
}

/* RAM above 1 MiB as the two older calls tell it. */
struct extended_memory {
    uint64_t low_bytes;  /* from 1 MiB on */
    uint64_t high_bytes; /* from 16 MiB on */
};

/*
 * INT 15h E801. Some BIOSes answer in CX and DX only. A first figure above
 * 15 MiB is nonsense and voids both; one below is a hole before 16 MiB, which
 * the second figure then starts behind (all Q54).
 */
static bool read_e801(const struct memory_answers *answers, struct extended_memory *memory)
{
    if ((answers->e801_flags & RFLAGS_CF) != 0)
        return false;
    const bool first_pair = answers->e801_ax != 0 || answers->e801_bx != 0;
    const uint32_t low_kib = first_pair ? answers->e801_ax : answers->e801_cx;
    const uint64_t units = first_pair ? answers->e801_bx : answers->e801_dx;
    if (low_kib > E801_LOW_KIB_MAX || (low_kib == 0 && units == 0))
        return false;

    memory->low_bytes = (uint64_t)low_kib * KIB;
    memory->high_bytes = units * UNIT_64_KIB;
    if (memory->high_bytes > E801_HIGH_END_MAX - E801_HIGH_FIRST)
        memory->high_bytes = 0;
    return true;
}

/* INT 15h 88h. Its carry means nothing (Q54), except with an error code in AH. */
static struct extended_memory read_int88(const struct memory_answers *answers)
{
    const uint8_t high_byte = (uint8_t)(answers->int88_ax >> 8);
    if ((answers->int88_flags & RFLAGS_CF) != 0 &&
        (high_byte == INT15_AH_INVALID || high_byte == INT15_AH_UNSUPPORTED))
        return (struct extended_memory){ .low_bytes = 0 };
    return (struct extended_memory){ .low_bytes = (uint64_t)answers->int88_ax * KIB };
}

/*
 * Where conventional memory ends by INT 12h and the EBDA pointer (Q51), the
 * lower of the two that make sense; the VGA window, and *known false, if none does.
 */
static uint32_t low_memory_end(const struct memory_answers *answers, bool *known)
{
    const uint32_t figures[] = { answers->int12_ax * KIB, answers->ebda_segment * PARAGRAPH_BYTES };
    uint32_t end = LOW_MEMORY_END_MAX;
    *known = false;
    for (unsigned which = 0; which < ARRAY_COUNT(figures); which++) {
        if (figures[which] < LOW_MEMORY_END_MIN || figures[which] > LOW_MEMORY_END_MAX)
            continue;
        *known = true;
        end = figures[which] < end ? figures[which] : end;
    }
    return end;
}

/*
 * Collect every claim worth weighing.
 *
 * - Page 0, and all from the end of conventional memory to 1 MiB, are reserved
 *   whatever E820 says.
 * - If E820 is silent about the first page (Q52), or was not believed at all,
 *   INT 12h and the EBDA pointer give the RAM there.
 * - If E820 is silent about the page at 1 MiB (Q53), E801 gives the RAM there,
 *   or 88h without it. An E820 that does speak of that page is not doubted: the
 *   older calls count ACPI tables and stolen graphics memory as RAM.
 *
 * answers  not trusted, beyond being readable
 * claims   written as a whole; what it held before does not matter
 */
void memory_claims_collect(const struct memory_answers *answers, struct memory_claims *claims)
{
    claims->count = 0;
    claim_e820(claims, answers);
    const bool low_silent = is_silent(claims, 0);
    const bool extended_silent = is_silent(claims, EXTENDED_MEMORY_FIRST);

    bool low_known;
    const uint32_t low_end = low_memory_end(answers, &low_known);
    add_claim(claims, 0, PAGE_0_LAST, BOOT_MEMORY_RESERVED);
    add_claim(claims, low_end, EXTENDED_MEMORY_FIRST - 1, BOOT_MEMORY_RESERVED);
    if (low_silent && low_known)
        fill_with_ram(claims, 0, low_end);

    if (extended_silent) {
        struct extended_memory memory;
        if (!read_e801(answers, &memory))
            memory = read_int88(answers);
        fill_with_ram(claims, EXTENDED_MEMORY_FIRST, memory.low_bytes);
        fill_with_ram(claims, E801_HIGH_FIRST, memory.high_bytes);
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Memory: the wrap at 1 MiB while A20 is off, and the BIOS's list of what there is.
 * Each answer is kept as it was given, to be compared word for word.
 * Spec: ACPI 6.4, section 15.1.
 */
#include <string.h>

#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/e820.h"
#include "stage2/real/answers.h"
#include "tests/emulated/pc.h"

#define COUNT(list)   ((unsigned)(sizeof(list) / sizeof((list)[0])))
#define MANY          312 /* of Q50 */
#define NO_END        UINT32_MAX
#define HIGH_BITS     0x8F000001u /* a continuation that is an address, perhaps (Q47) */
#define HIGH_STEP     0x00100018u
#define LOST_AFTER    2
#define CIRCLE        3
#define RUBBISH_TYPE  2954887168u /* has been seen (Q49) */
#define EXTENDED_BITS 0x9

struct entry {
    uint64_t base, length;
    uint32_t type;
};

static const struct entry usual[] = {
    { 0, 0x9FC00, E820_TYPE_USABLE },         { 0x9FC00, 0x400, E820_TYPE_RESERVED },
    { 0xF0000, 0x10000, E820_TYPE_RESERVED }, { 0x100000, 0xFEE0000, E820_TYPE_USABLE },
    { 0xFFE0000, 0x20000, E820_TYPE_ACPI },
};

static const struct entry odd[] = {
    { 0x100000, 0x7F00000, E820_TYPE_USABLE },
    { 0, 0, E820_TYPE_USABLE },
    { 0, 0xA0000, E820_TYPE_USABLE },
    { 0x80000, 0x40000, E820_TYPE_RESERVED },
    { 0xFFFFFFFFFFFFF000, 0x2000, E820_TYPE_USABLE },
    { 0x8000000, 0x1000, 13 },
    { 0x9000000, 0x1000, RUBBISH_TYPE },
};

void pc_read(struct machine *machine, uint32_t address, unsigned bytes)
{
    struct pc *const pc = machine->context;

    if (pc->settles_in != 0 && --pc->settles_in == 0)
        pc->a20 = true;
    memcpy(machine->memory + address,
           pc->a20 ? pc->high + (address - MACHINE_MIB) : machine->memory + address - MACHINE_MIB,
           bytes);
}

/* The n-th entry of a list; its length is in *count. */
static struct entry entry_of(enum e820 kind, unsigned n, unsigned *count)
{
    if (kind == E820_ODD) {
        *count = COUNT(odd);
        return odd[n % COUNT(odd)];
    }
    if (kind == E820_MANY || kind == E820_ENDLESS) {
        *count = kind == E820_MANY ? MANY : NO_END;
        return (struct entry){ (uint64_t)n << 20, 0x80000, 1 + n % 2 };
    }
    *count = COUNT(usual) * (kind == E820_TWICE ? 2 : 1);
    return usual[(kind == E820_TWICE ? n / 2 : n) % COUNT(usual)];
}

/* Which entry a continuation means, and which continuation means an entry. */
static uint32_t continuation_of(enum e820 kind, unsigned n, unsigned count)
{
    if (kind == E820_CIRCLE)
        return n % CIRCLE + 1;
    if (n == count && kind != E820_CARRY)
        return 0;
    return kind == E820_HIGH_BITS ? HIGH_BITS + (n - 1) * HIGH_STEP : n;
}

static unsigned entry_number(enum e820 kind, uint32_t continuation)
{
    if (continuation == 0)
        return 0;
    if (kind == E820_HIGH_BITS)
        return (continuation - HIGH_BITS) / HIGH_STEP + 1;
    return kind == E820_CIRCLE ? continuation % CIRCLE : continuation;
}

static void write_entry(struct machine *machine, const struct entry *entry, unsigned n,
                        bool extended)
{
    const struct pc *const pc = machine->context;
    uint8_t *const to = machine->memory + machine_linear(machine, UC_X86_REG_ES, UC_X86_REG_DI);
    const uint32_t attributes = EXTENDED_BITS;

    memcpy(to, &entry->base, sizeof(entry->base));
    if (pc->habits->e820 != E820_CHANGES_ONLY || n == 0)
        memcpy(to + 8, (const uint8_t[8]){ 0 }, 8);
    memcpy(to + 8, &entry->length, pc->habits->e820 == E820_CHANGES_ONLY ? 4 : 8);
    memcpy(to + 16, &entry->type, sizeof(entry->type));
    if (extended)
        memcpy(to + E820_BYTES, &attributes, sizeof(attributes));
}

/* Keep what the caller now sees. */
static void keep(struct machine *machine)
{
    struct pc *const pc = machine->context;
    const uint8_t *const from =
        machine->memory + machine_linear(machine, UC_X86_REG_ES, UC_X86_REG_DI);

    if (pc->answer_count == PC_ANSWERS)
        return;
    struct boot_e820_answer *const answer = &pc->answers[pc->answer_count++];
    memcpy(answer, from, offsetof(struct boot_e820_answer, returned_eax));
    answer->returned_eax = machine_get(machine, UC_X86_REG_EAX);
    answer->returned_bytes = machine_get(machine, UC_X86_REG_ECX);
    answer->continuation = machine_get(machine, UC_X86_REG_EBX);
    answer->flags = machine_get(machine, UC_X86_REG_EFLAGS);
}

static void refuse(struct machine *machine)
{
    const uint32_t nothing = 0x8600;

    machine_set(machine, UC_X86_REG_EAX, nothing);
    pc_carry(machine, true);
}

static bool is_asked_well(struct machine *machine)
{
    const uint32_t bytes = machine_get(machine, UC_X86_REG_ECX);

    return machine_get(machine, UC_X86_REG_EDX) == E820_SIGNATURE &&
           (bytes == E820_BYTES || bytes == E820_BYTES_EXTENDED) &&
           machine_get(machine, UC_X86_REG_EDI) <= UINT16_MAX;
}

void pc_e820(struct machine *machine)
{
    struct pc *const pc = machine->context;
    const enum e820 kind = pc->habits->e820;
    const bool more = machine_get(machine, UC_X86_REG_ECX) > E820_BYTES;
    const unsigned n = entry_number(kind, machine_get(machine, UC_X86_REG_EBX));
    unsigned count;
    const struct entry entry = entry_of(kind, n, &count);

    pc->asked++;
    if (!is_asked_well(machine))
        machine_break(machine, "asks for the memory map in a way no BIOS knows",
                      machine_get(machine, UC_X86_REG_ECX));
    if (kind == E820_MUTE)
        return;
    if (kind == E820_NONE || (kind == E820_TWENTY_ONLY && more) || n >= count) {
        refuse(machine);
        return;
    }
    const bool extended = kind == E820_TWENTY_FOUR && more;
    write_entry(machine, &entry, n, extended);
    machine_set(machine, UC_X86_REG_EAX,
                kind == E820_LOSES_SIGNATURE && n == LOST_AFTER ? 0 : E820_SIGNATURE);
    machine_set(machine, UC_X86_REG_EBX, continuation_of(kind, n + 1, count));
    machine_set(machine, UC_X86_REG_ECX, extended ? E820_BYTES_EXTENDED : E820_BYTES);
    pc_carry(machine, false);
    keep(machine);
}

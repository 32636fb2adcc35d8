/* SPDX-License-Identifier: MIT
 *
 * Stage 2's BIOS: INT 10h, 12h, 15h, 16h, 18h; others are the test's. Also the CPU's
 * answers to CPUID, the wrap at 1 MiB, and the habits in words.
 * Spec: IBM PC/AT Technical Reference; Ralf Brown's Interrupt List.
 */
#include <stdio.h>
#include <string.h>

#include "boot/low_memory.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "tests/emulated/pc.h"

#define ROM_SEGMENT     0xF000
#define FRAME_FLAGS     4 /* where an interrupt's frame has FLAGS */
#define VECTOR_INT3     3
#define KIB_LOW         639
#define KIB_1_TO_16     0x3C00
#define BLOCKS_ABOVE_16 0x0700
#define RUBBISH_BYTES   64
#define ZERO_FLAG       RFLAGS_ZF
#define KEY_ENTER       0x1C0D

void pc_carry(struct machine *machine, bool carry)
{
    machine_flags(machine, RFLAGS_CF, carry ? RFLAGS_CF : 0);
    if (machine_get(machine, UC_X86_REG_CS) == ROM_SEGMENT) {
        uint8_t *const flags =
            machine->memory + FRAME_FLAGS + machine_linear(machine, UC_X86_REG_SS, UC_X86_REG_SP);
        *flags = (uint8_t)((*flags & ~RFLAGS_CF) | carry);
    }
}

/* Rubbish in what is no output, flags as it likes, the stack below sp used. */
static void be_careless(struct machine *machine, const int *outputs, unsigned count)
{
    static const int registers[] = { UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX,
                                     UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EBP };
    struct pc *const pc = machine->context;
    const uint8_t careless = pc->habits->careless;
    const uc_x86_mmr table = { .base = (uint32_t)pc->random.state, .limit = 0x7F };
    const uint32_t sp = machine_linear(machine, UC_X86_REG_SS, UC_X86_REG_SP);

    for (unsigned i = 0; i < 7 && (careless & CARELESS_REGISTERS); i++) {
        bool output = false;
        for (unsigned j = 0; j < count; j++)
            output = output || outputs[j] == registers[i];
        if (!output)
            machine_set(machine, registers[i], (uint32_t)random_next(&pc->random));
    }
    if (careless & CARELESS_SEGMENTS) {
        machine_set(machine, UC_X86_REG_DS, 0xF000);
        machine_set(machine, UC_X86_REG_ES, 0x1234);
    }
    machine_flags(machine, careless & CARELESS_IF_OFF ? RFLAGS_IF : 0,
                  careless & CARELESS_DF ? RFLAGS_DF : 0);
    if (careless & CARELESS_GDT)
        uc_reg_write(machine->engine, UC_X86_REG_GDTR, &table);
    memset(machine->memory + sp - RUBBISH_BYTES, (int)(pc->random.state & 0xFF), RUBBISH_BYTES);
}

static void teletype(struct machine *machine)
{
    struct pc *const pc = machine->context;

    if (machine_get(machine, UC_X86_REG_AH) != INT10_TELETYPE ||
        machine_get(machine, UC_X86_REG_BH) != pc->habits->page)
        machine_break(machine, "not a teletype call for the page that is shown (Q38)",
                      machine_get(machine, UC_X86_REG_EAX));
    if (pc->screen_count < PC_TEXT - 1)
        pc->screen[pc->screen_count++] = (char)machine_get(machine, UC_X86_REG_AL);
    be_careless(machine, NULL, 0);
}

static void open_gate(struct machine *machine)
{
    struct pc *const pc = machine->context;
    const enum bios_gate gate = pc->habits->gate;

    be_careless(machine, NULL, 0);
    if (gate == GATE_UNKNOWN)
        return;
    if (gate != GATE_LIES)
        pc_open_a20(pc);
    pc_carry(machine, gate == GATE_DENIES);
}

static void memory_above_1_mib(struct machine *machine, uint32_t ax)
{
    static const int outputs[] = { UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX };
    const struct pc *const pc = machine->context;

    if (ax >> 8 == INT15_EXTENDED) {
        machine_set(machine, UC_X86_REG_AX, KIB_1_TO_16);
        be_careless(machine, outputs, 1);
        pc_carry(machine, true); /* it means nothing (Q54) */
        return;
    }
    machine_set(machine, UC_X86_REG_AX, pc->habits->e801_by_cx ? 0 : KIB_1_TO_16);
    machine_set(machine, UC_X86_REG_BX, pc->habits->e801_by_cx ? 0 : BLOCKS_ABOVE_16);
    machine_set(machine, UC_X86_REG_CX, KIB_1_TO_16);
    machine_set(machine, UC_X86_REG_DX, BLOCKS_ABOVE_16);
    be_careless(machine, outputs, 4);
    pc_carry(machine, false);
}

static void system_call(struct machine *machine)
{
    static const int outputs[] = { UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX };
    const uint32_t ax = machine_get(machine, UC_X86_REG_AX);

    if (ax == INT15_A20_ON)
        open_gate(machine);
    else if (ax == INT15_E801 || ax >> 8 == INT15_EXTENDED)
        memory_above_1_mib(machine, ax);
    else if (machine_get(machine, UC_X86_REG_EAX) == INT15_E820) {
        pc_e820(machine);
        be_careless(machine, outputs, 3);
    } else
        machine_break(machine, "an INT 15h that it has no use for", ax);
}

static void tick(struct machine *machine)
{
    const struct pc *const pc = machine->context;
    uint8_t *const ticks = machine->memory + BDA_TICKS;

    if (pc->habits->ticks_polls != 0 && pc->polls % pc->habits->ticks_polls == 0 && ++ticks[0] == 0)
        ticks[1]++;
}

static void keyboard_call(struct machine *machine)
{
    static const int outputs[] = { UC_X86_REG_EAX };
    struct pc *const pc = machine->context;
    const struct pc_habits *const habits = pc->habits;
    const bool peek = machine_get(machine, UC_X86_REG_AH) == INT16_PEEK;
    bool there = pc->keys_taken < habits->keys_before;

    if (peek) {
        pc->polls++;
        tick(machine);
        there = there || (habits->key_polls != 0 && pc->polls >= habits->key_polls);
    } else if (!there)
        machine_break(machine, "waits for a key that nobody needs to press (Q40)", 0);
    else
        pc->keys_taken++;
    machine_set(machine, UC_X86_REG_AX, KEY_ENTER);
    be_careless(machine, outputs, 1);
    machine_flags(machine, ZERO_FLAG, peek && !there ? ZERO_FLAG : 0);
}

static void shut_down(struct machine *machine)
{
    uc_x86_mmr table;
    struct pc *const pc = machine->context;

    uc_reg_read(machine->engine, UC_X86_REG_IDTR, &table);
    pc->shut_down = table.limit == 0;
    if (table.limit != 0)
        machine_break(machine, "a breakpoint with interrupt vectors", 0);
    machine_end(machine);
}

void pc_interrupt(struct machine *machine, unsigned number)
{
    static const int outputs[] = { UC_X86_REG_EAX };
    struct pc *const pc = machine->context;

    switch (number) {
    case INT_VIDEO:
        teletype(machine);
        break;
    case INT_MEMORY_SIZE:
        machine_set(machine, UC_X86_REG_AX, KIB_LOW);
        be_careless(machine, outputs, 1);
        break;
    case INT_SYSTEM:
        system_call(machine);
        break;
    case INT_KEYBOARD:
        keyboard_call(machine);
        break;
    case INT_NO_BOOT:
        pc->no_boot = true;
        if (!pc->habits->no_boot_returns)
            machine_end(machine);
        be_careless(machine, NULL, 0);
        break;
    case VECTOR_INT3:
        shut_down(machine);
        break;
    default:
        if (pc->disk != NULL)
            pc->disk(machine, number);
        else
            machine_break(machine, "an interrupt that it has no use for", number);
    }
}

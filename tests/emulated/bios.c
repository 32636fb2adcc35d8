/* SPDX-License-Identifier: MIT
 *
 * The interrupts of stage 1's BIOS. What the habits call rubbish comes from the
 * run's own seed.
 * Spec: IBM PC/AT Technical Reference, INT 10h, 13h, 16h, 18h; EDD 3.0.
 */
#include "tests/emulated/bios.h"

#include <string.h>

#include "boot/low_memory.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/edd.h"
#include "tests/emulated/bios_read.h"

#define RUBBISH_BELOW_STACK 64 /* a BIOS uses the stack: what lies below sp is gone */
#define BDA_41              0x41
#define GEOMETRY_HIGH_BITS  0xC0 /* CL bits 6 and 7 are the cylinder's */
#define IVT_END             0x400

void bios_start(struct bios *bios, const struct habits *habits, const struct disk *disk)
{
    *bios = (struct bios){ .habits = habits, .disk = disk, .post = -1 };
    bios->random.state = habits->seed;
}

void bios_answer(struct machine *machine, bool carry, uint8_t status)
{
    machine_flags(machine, RFLAGS_CF, carry ? RFLAGS_CF : 0);
    machine_set(machine, UC_X86_REG_AH, status);
}

/* Fill all 32 bits of each of the registers in `names` with rubbish. */
static void poison(struct machine *machine, const int *names, unsigned count)
{
    struct bios *const bios = machine->context;

    if (bios->habits->poison & POISON_REGISTERS)
        for (unsigned i = 0; i < count; i++)
            machine_set(machine, names[i], (uint32_t)random_next(&bios->random));
}

static const int every[] = { UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EAX,
                             UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX };
#define EVERY       7
#define BUT_ABCD    3
#define BUT_GENERAL 2

static void say_edd(struct machine *machine, enum edd_sign sign)
{
    struct bios *const bios = machine->context;
    const uint32_t address = machine_get(machine, UC_X86_REG_DS) * 16 + BDA_41;

    if (machine_get(machine, UC_X86_REG_BX) != EDD_CHECK_IN)
        machine_break(machine, "asks for EDD without the magic number", 0);
    if (sign == EDD_MUTE)
        return;
    poison(machine, every, BUT_ABCD);
    if (sign == EDD_NO_WRITES && address < IVT_END)
        machine_break(machine, "lets a BIOS write into the interrupt vectors", address);
    if (sign == EDD_NO_WRITES)
        machine->memory[address]++;
    if (sign == EDD_NO || sign == EDD_NO_WRITES) {
        bios_answer(machine, true, INT13_E_BAD_COMMAND);
        return;
    }
    if (sign != EDD_CARRY_KEPT)
        machine_flags(machine, RFLAGS_CF, 0);
    machine_set(machine, UC_X86_REG_AH, EDD_VERSION_3_0);
    if (sign != EDD_NO_MAGIC)
        machine_set(machine, UC_X86_REG_BX, EDD_CHECK_OUT);
    if (sign != EDD_CX_KEPT)
        machine_set(machine, UC_X86_REG_CX,
                    sign == EDD_NO_PACKETS ? EDD_INTERFACE_EDD
                                           : EDD_INTERFACE_ACCESS | EDD_INTERFACE_EDD);
    if (sign == EDD_YES_DL_LOST)
        machine_set(machine, UC_X86_REG_DL, ~(uint32_t)bios->habits->drive_real & 0xFF);
}

static void say_geometry(struct machine *machine, const struct geometry *geometry)
{
    struct bios *const bios = machine->context;

    if (machine_linear(machine, UC_X86_REG_ES, UC_X86_REG_DI) != 0)
        machine_break(machine, "asks for the geometry without es:di = 0:0", 0);
    poison(machine, every, BUT_ABCD);
    if (bios->habits->poison & POISON_REGISTERS)
        machine_set(machine, UC_X86_REG_ES, 0xF000); /* a floppy's parameters lie there */
    bios_answer(machine, geometry->fails, geometry->status);
    if (geometry->fails && geometry->track == 0)
        return; /* nothing but the error; others answer all the same */
    machine_set(machine, UC_X86_REG_CX, 0xFF00u | GEOMETRY_HIGH_BITS | geometry->track);
    machine_set(machine, UC_X86_REG_DH, geometry->highest_head);
    machine_set(machine, UC_X86_REG_DL, 1);
}

static void reset_disk(struct machine *machine)
{
    struct bios *const bios = machine->context;

    bios->resets++;
    bios->wedged = false;
    poison(machine, every, EVERY);
    bios_answer(machine, random_below(&bios->random, 2) != 0, INT13_OK);
}

static void disk(struct machine *machine)
{
    static const struct geometry absent = { .fails = true, .status = ABSENT_STATUS };
    static const struct geometry decoy = { .track = DECOY_TRACK, .highest_head = DECOY_HEADS - 1 };
    struct bios *const bios = machine->context;
    const struct habits *const habits = bios->habits;
    const uint32_t drive = machine_get(machine, UC_X86_REG_DL);
    const bool real = drive == habits->drive_real;

    bios->calls++;
    if (!real && drive != habits->drive_named && drive != 0x80)
        machine_break(machine, "asks a drive that nobody named", drive);
    if (!real && habits->others == OTHERS_HANG) {
        bios->hangs = true;
        machine_end(machine);
        return;
    }
    switch (machine_get(machine, UC_X86_REG_AH)) {
    case INT13_RESET:
        reset_disk(machine);
        break;
    case INT13_EDD_CHECK:
        say_edd(machine, real ? habits->edd : habits->others == OTHERS_DECOY ? EDD_YES : EDD_NO);
        break;
    case INT13_GEOMETRY:
        say_geometry(machine, real                             ? &habits->geometry
                              : habits->others == OTHERS_DECOY ? &decoy
                                                               : &absent);
        break;
    case INT13_EDD_READ:
    case INT13_READ_CHS:
        bios_read(machine, real);
        poison(machine, every, BUT_ABCD);
        poison(machine, every + BUT_ABCD + 1, EVERY - BUT_ABCD - 1);
        break;
    default:
        machine_break(machine, "a disk function that it has no use for",
                      machine_get(machine, UC_X86_REG_AH));
    }
}

static void print(struct machine *machine)
{
    struct bios *const bios = machine->context;

    if (machine_get(machine, UC_X86_REG_AH) != INT10_TELETYPE ||
        machine_get(machine, UC_X86_REG_BH) != bios->habits->page ||
        machine_get(machine, UC_X86_REG_BL) != TELETYPE_COLOUR ||
        bios->printed_count == PRINTED_MAX) {
        machine_break(machine, "not a teletype call for the page that is shown",
                      machine_get(machine, UC_X86_REG_EAX));
        return;
    }
    bios->printed[bios->printed_count++] = (char)machine_get(machine, UC_X86_REG_AL);
    poison(machine, every, EVERY);
}

static void key(struct machine *machine)
{
    struct bios *const bios = machine->context;

    if (machine_get(machine, UC_X86_REG_AH) != INT16_READ)
        machine_break(machine, "not a request for a key", 0);
    bios->keys++;
    bios->waiting = bios->habits->key == KEY_NEVER;
    if (bios->waiting)
        machine_end(machine);
    poison(machine, every, EVERY);
}

/* What every interrupt of a careless BIOS does, whichever it is. */
static void be_careless(struct machine *machine)
{
    struct bios *const bios = machine->context;
    const uint8_t habit = bios->habits->poison;
    const uint32_t sp = machine_linear(machine, UC_X86_REG_SS, UC_X86_REG_SP);
    const uc_x86_mmr table = { .base = (uint32_t)bios->random.state, .limit = 0x7F };

    memset(machine->memory + sp - RUBBISH_BELOW_STACK, (int)(bios->random.state & 0xFF),
           RUBBISH_BELOW_STACK);
    machine_flags(machine, habit & POISON_IF_OFF ? RFLAGS_IF : 0,
                  (habit & POISON_IF_ON ? RFLAGS_IF : 0) | (habit & POISON_DF ? RFLAGS_DF : 0));
    if (habit & POISON_GDT)
        uc_reg_write(machine->engine, UC_X86_REG_GDTR, &table);
}

/* A BIOS waits for its own interrupts and moves strings upward. */
static void check_flags(struct machine *machine)
{
    const struct bios *const bios = machine->context;
    const uint32_t flags = machine_get(machine, UC_X86_REG_EFLAGS);

    if (!(flags & RFLAGS_IF) && !(bios->habits->poison & POISON_IF_OFF))
        machine_break(machine, "calls the BIOS with interrupts off", flags);
    if ((flags & RFLAGS_DF) && !(bios->habits->poison & POISON_DF))
        machine_break(machine, "calls the BIOS with DF on", flags);
}

void bios_interrupt(struct machine *machine, unsigned number)
{
    struct bios *const bios = machine->context;

    check_flags(machine);
    switch (number) {
    case INT_VIDEO:
        print(machine);
        break;
    case INT13:
        disk(machine);
        break;
    case INT_KEYBOARD:
        key(machine);
        break;
    case INT_NO_BOOT:
        bios->no_boot = true;
        break;
    default:
        machine_break(machine, "an interrupt that it has no use for", number);
    }
    if (machine->broken == NULL)
        be_careless(machine);
}

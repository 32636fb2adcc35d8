/* SPDX-License-Identifier: MIT
 *
 * What must come of the road, told from the habits of the PC alone: how A20 was
 * opened or that it stays off, what the CPU lacks, and what the memory answers hold.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/low_memory.h"
#include "boot/status.h"
#include "boot/steps.h"
#include "hw/cpu.h"
#include "hw/paging.h"
#include "hw/uart16550.h"
#include "tests/emulated/stage2_cases.h"

#define ROAD_STEPS     6 /* from STAGE1 to LONG_MODE */
#define LARGE_PAGE     0x200000u
#define TABLES         6
#define KIB_LOW        639
#define BOOT_WAITS     20000000 /* port reads of a boot at most: some seconds */
#define KEYS_FORGOTTEN 32       /* at most */
#define TEXT_BYTES     128
#define UART_PATIENCE  30000 /* looks: two seconds and some */
#define IDENTITY       ((TABLES - 2) * TABLE_ENTRIES)

/* The way that opens A20, 0: none. */
static unsigned a20_method(const struct pc_habits *habits)
{
    const enum keyboard keyboard = habits->keyboard;

    if (habits->a20_on)
        return BOOT_A20_WAS_ON;
    if (habits->gate == GATE_WORKS || habits->gate == GATE_DENIES)
        return BOOT_A20_BIOS;
    if (habits->fast == FAST_WORKS || habits->fast == FAST_RESET_BIT)
        return BOOT_A20_PORT_92;
    if (keyboard == KEYBOARD_WORKS || keyboard == KEYBOARD_SLOW || keyboard == KEYBOARD_FULL ||
        keyboard == KEYBOARD_LEAVES || keyboard == KEYBOARD_STOPS_LATE)
        return BOOT_A20_KEYBOARD;
    return 0;
}

static unsigned expected_error(const struct pc_habits *habits)
{
    if (habits->cpu == CPU_NO_CPUID)
        return BOOT_E_NO_CPUID;
    if (habits->cpu == CPU_BASIC || habits->cpu == CPU_REPEATS || habits->cpu == CPU_NO_LONG_MODE)
        return BOOT_E_NO_LONG_MODE;
    return a20_method(habits) == 0 ? BOOT_E_A20 : BOOT_OK;
}

bool judge_printed(const struct rig *rig, const char *text)
{
    return strstr(rig->pc.screen, text) != NULL;
}

/* The same bytes wherever there is somebody to read them. */
static void judge_console(struct rig *rig)
{
    const struct pc *const pc = &rig->pc;
    const bool serial = rig->habits->uart == UART_WORKS || rig->habits->uart == UART_SLOW;
    static const uint8_t wanted[] = {
        UART_DIVISOR_115200, 0, 0, UART_FCR_ENABLE, UART_LCR_8N1, UART_MCR_DTR | UART_MCR_RTS
    };

    rig_claim(rig, strcmp(pc->serial, serial ? pc->screen : "") == 0, "COM1 got the same bytes");
    if (serial)
        rig_claim(rig, memcmp(pc->uart, wanted, sizeof(wanted)) == 0, "COM1 is at 115200 8N1");
    if (rig->habits->uart == UART_NEVER)
        rig_claim(rig, pc->uart_looks <= UART_PATIENCE, "a dead serial port is waited for once");
    rig_claim(rig, strcmp(pc->debug, rig->habits->e9 ? pc->screen : "") == 0,
              "port E9h got the same bytes");
}

/* Each answer as it was given, up to where the walk ended. */
static void judge_answers(struct rig *rig)
{
    static const uint8_t ends[E820S] = {
        [E820_TWENTY] = BOOT_E820_END_ZERO,
        [E820_TWENTY_FOUR] = BOOT_E820_END_ZERO,
        [E820_TWENTY_ONLY] = BOOT_E820_END_ZERO,
        [E820_CARRY] = BOOT_E820_END_CARRY,
        [E820_LOSES_SIGNATURE] = BOOT_E820_END_SIGNATURE,
        [E820_CHANGES_ONLY] = BOOT_E820_END_ZERO,
        [E820_CIRCLE] = BOOT_E820_END_REPEAT,
        [E820_ENDLESS] = BOOT_E820_END_FULL,
        [E820_HIGH_BITS] = BOOT_E820_END_ZERO,
        [E820_ODD] = BOOT_E820_END_ZERO,
        [E820_MANY] = BOOT_E820_END_FULL,
        [E820_TWICE] = BOOT_E820_END_ZERO,
        [E820_NONE] = BOOT_E820_END_UNSUPPORTED,
        [E820_MUTE] = BOOT_E820_END_UNSUPPORTED,
    };
    const struct memory_answers *const answers = rig_answers(rig);
    const enum e820 kind = rig->habits->e820;
    const unsigned given = rig->pc.answer_count - (kind == E820_CIRCLE);

    rig_claim(rig, answers->e820_end == ends[kind], "the walk ends as this list does");
    if (!rig_claim(rig, answers->e820_count == given, "every answer is kept"))
        return;
    for (unsigned i = 0; i < given; i++) {
        struct boot_e820_answer kept = answers->e820[i];
        struct boot_e820_answer told = rig->pc.answers[i];
        kept.flags &= RFLAGS_CF;
        told.flags &= RFLAGS_CF;
        if (!rig_claim(rig, memcmp(&kept, &told, sizeof(kept)) == 0, "answers kept word for word"))
            return;
        if (!rig_claim(rig, told.returned_bytes > 20 || kept.attributes == 1,
                       "attributes that nobody wrote say enabled"))
            return;
    }
}

static void judge_other_answers(struct rig *rig)
{
    const struct memory_answers *const answers = rig_answers(rig);
    const bool by_cx = rig->habits->e801_by_cx;

    rig_claim(rig, (answers->e801_ax == 0) == by_cx && (answers->e801_bx == 0) == by_cx,
              "E801h: ax and bx are kept");
    rig_claim(rig, answers->e801_cx != 0 && answers->e801_dx != 0, "E801h: cx and dx are kept");
    rig_claim(rig, (answers->int88_flags & RFLAGS_CF) != 0, "88h: its carry is kept");
    rig_claim(rig, answers->int88_ax != 0, "88h is kept");
    rig_claim(rig, answers->int12_ax == KIB_LOW, "INT 12h is kept");
    rig_claim(rig, answers->ebda_segment == 0x9F00, "the EBDA's place is kept");
}

/* The first 4 GiB, each address to itself. */
static bool is_identity(const struct rig *rig)
{
    const uint8_t *const tables = rig->machine.memory + LOW_PAGE_TABLES;
    const uint64_t table_bits = PTE_P | PTE_RW;

    if (load_le64(tables) != LOW_PAGE_TABLES + PAGE_BYTES + table_bits)
        return false;
    for (unsigned i = 0; i < TABLES - 2; i++)
        if (load_le64(tables + PAGE_BYTES + 8 * i) !=
            LOW_PAGE_TABLES + (2 + i) * PAGE_BYTES + table_bits)
            return false;
    for (uint64_t i = 0; i < IDENTITY; i++)
        if (load_le64(tables + 2 * PAGE_BYTES + 8 * i) != i * LARGE_PAGE + (table_bits | PTE_PS))
            return false;
    return true;
}

/* The records of the road's steps, in order, with their arguments. */
static bool is_traced(const struct rig *rig)
{
    const struct exchange *const exchange = rig_exchange(rig);

    for (unsigned i = 0; i < ROAD_STEPS; i++) {
        const struct boot_trace_record *const record = &exchange->trace[i];
        uint32_t argument = 0;
        if (record->step == BOOT_STEP_A20)
            argument = exchange->a20_method;
        if (record->step == BOOT_STEP_MEMORY_ASK)
            argument = rig_answers(rig)->e820_count;
        if (record->step != BOOT_STEP_STAGE1 + i || record->argument != argument)
            return false;
    }
    return true;
}

static void judge_arrival(struct rig *rig)
{
    const struct exchange *const exchange = rig_exchange(rig);
    struct machine *const machine = &rig->machine;
    const struct pc_habits *const habits = rig->habits;
    const uint32_t efer = rig_dword(rig, "long_efer");
    uc_x86_mmr gdt;

    uc_reg_read(machine->engine, UC_X86_REG_GDTR, &gdt);
    rig_claim(rig, exchange->drive == RIG_DRIVE, "the drive is handed on");
    rig_claim(rig, exchange->a20_method == a20_method(habits), "A20 was opened by the right way");
    rig_claim(rig, exchange->cpu_has_tsc == (habits->cpu != CPU_NO_TSC), "TSC as CPUID says");
    rig_claim(rig, exchange->cpu_has_nx == (habits->cpu != CPU_NO_NX), "NX as CPUID says");
    rig_claim(rig, (efer & EFER_LME) && ((efer & EFER_NXE) != 0) == (habits->cpu != CPU_NO_NX),
              "EFER gets LME, and NXE where there is NX");
    rig_claim(rig, exchange->trace_count == ROAD_STEPS && is_traced(rig),
              "each step has its record");
    rig_claim(rig, (exchange->trace[1].tsc != 0) == (habits->cpu != CPU_NO_TSC),
              "a time in each record, where there is a counter");
    rig_claim(rig, !(machine_get(machine, UC_X86_REG_EFLAGS) & RFLAGS_IF), "interrupts are off");
    rig_claim(rig, machine_get(machine, UC_X86_REG_CR3) == LOW_PAGE_TABLES, "CR3 is loaded");
    rig_claim(rig, (machine_get(machine, UC_X86_REG_CR4) & CR4_PAE) != 0, "PAE is on");
    rig_claim(rig, gdt.base == rig_dword(rig, "gdt_register") >> 16, "the GDT is ours (Q62)");
    rig_claim(rig, is_identity(rig), "the page tables map each address to itself");
    rig_claim(rig, rig->pc.waits < BOOT_WAITS, "no wait is long (Q56)");
    rig_claim(rig, rig->pc.waiting == 0 || exchange->a20_method != BOOT_A20_KEYBOARD,
              "no byte is left in the keyboard controller (Q61)");
    judge_answers(rig);
    judge_other_answers(rig);
}

static void judge_stop(struct rig *rig, unsigned error)
{
    const struct pc *const pc = &rig->pc;
    const struct pc_habits *const habits = rig->habits;
    char line[TEXT_BYTES];

    snprintf(line, sizeof(line), "\r\ncoldstart: error E%02X: ", error);
    rig_claim(rig, judge_printed(rig, line), "the error is printed");
    rig_claim(rig, pc->post == (int)error, "the POST code is written");
    rig_claim(rig, pc->no_boot, "INT 18h is called");
    rig_claim(rig,
              pc->keys_taken ==
                  (habits->keys_before < KEYS_FORGOTTEN ? habits->keys_before : KEYS_FORGOTTEN),
              "keys typed before are forgotten");
    rig_claim(rig, habits->key_polls == 0 || pc->polls <= habits->key_polls + KEYS_FORGOTTEN,
              "a key ends the wait");
    if (rig->habits->no_boot_returns)
        rig_claim(rig, pc->reset || pc->shut_down, "the machine is reset in the end");
}

void judge_road(struct rig *rig, const struct pc_habits *habits)
{
    const unsigned error = expected_error(habits);

    if (!rig_road(rig, habits))
        return;
    judge_console(rig);
    if (!rig_claim(rig, rig->arrived == (error == BOOT_OK),
                   error == BOOT_OK ? "it boots" : "it stops"))
        return;
    if (error == BOOT_OK)
        judge_arrival(rig);
    else
        judge_stop(rig, error);
}

/* SPDX-License-Identifier: MIT
 *
 * Runs of stage 2. What it writes and where it executes is watched as it happens.
 */
#include "tests/emulated/stage2_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "boot/stage2_header.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "tests/emulated/files.h"

#define RETURN_ADDRESS  (LOW_STAGE1 + LOW_STAGE1_BYTES) /* a service's; nothing lies there */
#define FRESH           0xCC
#define BLOCKS_LIMIT    20000000
#define BLOCKS_NO_CLOCK 150000000 /* thirty seconds are counted where the clock stands */
#define FAILURES_SHOWN  5
#define FAILURES_ENOUGH 10 /* no further runs then */
#define ROM             0xF0000u
#define ROM_SEGMENT     0xF000
#define ROM_STUB_BYTES  4 /* INT n, IRET */
#define VECTORS         256
#define VECTOR_BYTES    4
#define FAR_JUMP        0xEA /* offset, selector; 32-bit code */

static struct rig *rig_of(struct machine *machine)
{
    return (struct rig *)((char *)machine - offsetof(struct rig, machine));
}

static bool enter(struct machine *machine, uint32_t address)
{
    struct rig *const rig = rig_of(machine);

    pc_hold_id_flag(machine);
    if (address < COVERAGE_REACH && rig->coverage.length[address] != 0)
        return true;
    if (address == rig->long_mode) {
        if (rig->trips > 0) {
            rig->trips--;
            return true;
        }
        rig->arrived = true;
        return false;
    }
    if (address == RETURN_ADDRESS) {
        rig->returned = true;
        return false;
    }
    if (address >= ROM)
        return true;
    machine_break(machine, "executes what is not its own", address);
    return false;
}

/* Exchange area to stack, and the page tables. Code and texts are only read. */
static bool may_write(uint32_t first, uint32_t last)
{
    return (first >= LOW_EXCHANGE && last < LOW_REAL_STACK_TOP) ||
           (first >= LOW_PAGE_TABLES && last < LOW_PAGE_TABLES + LOW_PAGE_TABLES_BYTES);
}

static const struct machine_parts parts = {
    .interrupt = pc_interrupt,
    .port_read = pc_port_read,
    .port_write = pc_port_write,
    .read = pc_read,
    .enter = enter,
    .may_write = may_write,
    .cpuid = pc_cpuid,
};

/* INT n and IRET for each n, and a vector to it, for code that goes by the vectors. */
static void put_rom(uint8_t *memory)
{
    const uint8_t stub[ROM_STUB_BYTES] = { 0xCD, 0, 0xCF, 0 };

    for (unsigned n = 0; n < VECTORS; n++) {
        uint8_t *const at = memory + ROM + n * ROM_STUB_BYTES;
        memcpy(at, stub, sizeof(stub));
        at[1] = (uint8_t)n;
        const uint16_t vector[] = { (uint16_t)(n * ROM_STUB_BYTES), ROM_SEGMENT };
        memcpy(memory + n * VECTOR_BYTES, vector, sizeof(vector));
    }
}

/* Where long mode would begin: a jump to the way down. */
static void put_way_down(struct rig *rig)
{
    uint8_t *const at = rig->machine.memory + rig->long_mode;
    const uint32_t down = coverage_find(&rig->coverage, "compatibility_mode");
    const uint16_t selector =
        load_le16(rig->machine.memory + coverage_find(&rig->coverage, "compatibility_pointer") +
                  sizeof(down));

    at[0] = FAR_JUMP;
    memcpy(at + 1, &down, sizeof(down));
    memcpy(at + 1 + sizeof(down), &selector, sizeof(selector));
}

void rig_open(struct rig *rig)
{
    struct coverage *const coverage = &rig->coverage;

    memset(rig, 0, sizeof(*rig));
    machine_open(&rig->machine, &parts);
    rig->machine.context = &rig->pc;
    rig->machine.stack_first = LOW_REAL_STACK;
    rig->machine.stack_top = LOW_REAL_STACK_TOP;
    rig->machine.coverage = coverage;
    files_read("stage2.bin", rig->machine.memory + LOW_STAGE2, LOW_STAGE2_BYTES);
    if (!coverage_read_symbols(coverage, files_path("stage2.sym")) ||
        !coverage_read_disassembly(coverage, files_path("stage2.lst"),
                                   " .real:", rig->machine.memory, LOW_STAGE2 + STAGE2_ENTRY_OFFSET,
                                   COVERAGE_REACH)) {
        fprintf(stderr, "stage 2's listing or symbols cannot be read\n");
        exit(EXIT_FAILURE);
    }
    coverage_find_branches(coverage, rig->machine.memory);
    rig->long_mode = coverage_find(coverage, "protected_mode");
    put_rom(rig->machine.memory);
    put_way_down(rig);
}

void rig_close(struct rig *rig)
{
    machine_close(&rig->machine);
}

static void set_memory(struct rig *rig, const struct pc_habits *habits)
{
    uint8_t *const memory = rig->machine.memory;

    memset(memory + LOW_EXCHANGE, FRESH, LOW_STAGE1 - LOW_EXCHANGE);
    memset(memory + LOW_PAGE_TABLES, FRESH, LOW_PAGE_TABLES_BYTES);
    memset(memory + BDA_TICKS, 0, sizeof(uint32_t));
    memory[BDA_ACTIVE_PAGE] = habits->page;
    memory[BDA_EBDA_SEGMENT] = 0x00;
    memory[BDA_EBDA_SEGMENT + 1] = 0x9F;
}

static void begin(struct rig *rig, const struct pc_habits *habits)
{
    struct machine *const machine = &rig->machine;
    static const int rubbish[] = { UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX,
                                   UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EBP };

    rig->habits = habits;
    rig->arrived = false;
    rig->returned = false;
    machine->blocks = 0;
    machine->blocks_limit = habits->ticks_polls == 0 ? BLOCKS_NO_CLOCK : BLOCKS_LIMIT;
    machine->broken = NULL;
    machine_reset(machine);
    pc_start(&rig->pc, habits);
    for (unsigned i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
        machine_set(machine, rubbish[i], 0xA5A50000u + i * 0x1111u);
    machine_set(machine, UC_X86_REG_DS, 0);
    machine_set(machine, UC_X86_REG_ES, 0);
    machine_set(machine, UC_X86_REG_SS, 0);
    machine_set(machine, UC_X86_REG_SP, LOW_REAL_STACK_TOP);
    machine_set(machine, UC_X86_REG_EFLAGS, RFLAGS_FIXED | RFLAGS_IF);
}

static bool finish(struct rig *rig, bool ran)
{
    const struct machine *const machine = &rig->machine;

    rig->runs++;
    if (rig->arrived && rig->pc.waits > rig->most_waits)
        rig->most_waits = rig->pc.waits;
    if (rig->pc.asked > rig->most_asked)
        rig->most_asked = rig->pc.asked;
    if (!ran || machine->broken != NULL)
        return rig_claim(rig, false, ran ? machine->broken : "the CPU goes on");
    return true;
}

bool rig_road(struct rig *rig, const struct pc_habits *habits)
{
    if (rig->failed >= FAILURES_ENOUGH)
        return false;
    set_memory(rig, habits);
    begin(rig, habits);
    machine_set(&rig->machine, UC_X86_REG_DL, RIG_DRIVE);
    rig->trips = 0;
    return finish(rig, machine_run(&rig->machine, 0, LOW_STAGE2 + STAGE2_ENTRY_OFFSET));
}

struct exchange *rig_prepare(struct rig *rig, const struct pc_habits *habits)
{
    struct exchange *const exchange = rig_exchange(rig);

    set_memory(rig, habits);
    begin(rig, habits);
    memset(exchange, 0, sizeof(*exchange));
    exchange->console = CONSOLE_SCREEN | CONSOLE_SERIAL | CONSOLE_E9;
    return exchange;
}

bool rig_call(struct rig *rig, const char *name)
{
    const uint16_t address = RETURN_ADDRESS;

    memcpy(rig->machine.memory + LOW_REAL_STACK_TOP - sizeof(address), &address, sizeof(address));
    machine_set(&rig->machine, UC_X86_REG_SP, LOW_REAL_STACK_TOP - sizeof(address));
    const bool ran = machine_run(&rig->machine, 0, (uint16_t)coverage_find(&rig->coverage, name));
    return finish(rig, ran) && rig_claim(rig, rig->returned, "the service returns");
}

bool rig_interrupt(struct rig *rig, const char *name, uint16_t cs, uint16_t back)
{
    const uint16_t frame[] = { (uint16_t)(RETURN_ADDRESS - back * 16), cs, RFLAGS_FIXED };

    memcpy(rig->machine.memory + LOW_REAL_STACK_TOP - sizeof(frame), frame, sizeof(frame));
    machine_set(&rig->machine, UC_X86_REG_SP, LOW_REAL_STACK_TOP - sizeof(frame));
    const bool ran = machine_run(&rig->machine, 0, (uint16_t)coverage_find(&rig->coverage, name));
    return finish(rig, ran) &&
           rig_claim(rig, rig->returned && machine_get(&rig->machine, UC_X86_REG_CS) == back,
                     "the handler returns to the right segment");
}

bool rig_trip(struct rig *rig, const char *service)
{
    uint8_t *const memory = rig->machine.memory;
    const uint32_t address = coverage_find(&rig->coverage, service);

    memcpy(memory + coverage_find(&rig->coverage, "service"), &address, sizeof(address));
    rig->trips = 1;
    rig->arrived = false;
    return finish(rig, machine_resume(&rig->machine)) &&
           rig_claim(rig, rig->arrived, "the trip leads back up");
}

bool rig_claim(struct rig *rig, bool holds, const char *what)
{
    if (holds)
        return true;
    rig->failed++;
    if (rig->failed <= FAILURES_SHOWN) {
        printf("FAILED: %s (%X); printed:\n", what, (unsigned)rig->machine.broken_at);
        files_show(rig->pc.screen, rig->pc.screen_count);
        pc_habits_print(rig->habits);
    }
    return false;
}

struct exchange *rig_exchange(const struct rig *rig)
{
    return (struct exchange *)(rig->machine.memory + LOW_EXCHANGE);
}

const struct memory_answers *rig_answers(const struct rig *rig)
{
    return (const struct memory_answers *)(rig->machine.memory + LOW_ANSWERS);
}

uint32_t rig_dword(const struct rig *rig, const char *name)
{
    return load_le32(rig->machine.memory + coverage_find(&rig->coverage, name));
}

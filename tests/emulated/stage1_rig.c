/* SPDX-License-Identifier: MIT
 *
 * Puts stage 1 at 7C00h as a BIOS does, runs it, and compares what it did with the
 * prediction. What it wrote and where it executed is watched as it happens.
 */
#include "tests/emulated/stage1_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/low_memory.h"
#include "boot/stage2_header.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/pc_ports.h"
#include "tests/emulated/files.h"
#include "tools/seal/seal.h"

#define STAGE1_END      (LOW_STAGE1 + MBR_CODE_END)
#define STAGE2_ENTRY    (LOW_STAGE2 + STAGE2_ENTRY_OFFSET)
#define BIOS_DATA_END   0x500
#define FRESH           0xCC   /* memory before stage 1 */
#define BLOCKS_LIMIT    200000 /* twelve copies of the longest stage 2, and some */
#define HALTS           3      /* interrupts that end a HLT before we believe that it is for ever */
#define FAILURES_SHOWN  5
#define FAILURES_ENOUGH 50 /* no further runs then */
#define BPB_SCRIBBLED   (MBR_CODE_OFFSET - MBR_BPB_OFFSET)
#define ENTRY_SEGMENT_1 0x07C0
#define ERROR_DIGITS    4

static struct rig *rig_of(struct machine *machine)
{
    return (struct rig *)((char *)machine - offsetof(struct rig, machine));
}

static bool enter(struct machine *machine, uint32_t address)
{
    if (address >= LOW_STAGE1 && address < STAGE1_END)
        return true;
    if (address == STAGE2_ENTRY)
        rig_of(machine)->arrived = true;
    else
        machine_break(machine, "executes what is not its own", address);
    return false;
}

/* Its variables and its stack; the sectors it reads are written by the BIOS. */
static bool may_write(uint32_t first, uint32_t last)
{
    const uint32_t state = LOW_STAGE1 + MBR_BPB_OFFSET;
    const bool in_state = first >= state && last < state + sizeof(struct stage1_state);

    return in_state || (first >= LOW_REAL_STACK && last < LOW_STAGE1);
}

static void port_write(struct machine *machine, unsigned port, uint8_t value)
{
    if (port != PORT_POST)
        machine_break(machine, "writes a port that it has no use for", port);
    ((struct bios *)machine->context)->post = value;
}

static const struct machine_parts parts = {
    .interrupt = bios_interrupt,
    .port_write = port_write,
    .enter = enter,
    .may_write = may_write,
};

static void read_coverage(struct rig *rig)
{
    struct coverage *const coverage = &rig->coverage;

    if (!coverage_read_symbols(coverage, files_path("stage1.sym")) ||
        !coverage_read_nasm(coverage, files_path("stage1.lst"), LOW_STAGE1,
                            coverage_find(coverage, "stage1_entry"),
                            coverage_find(coverage, "stage1_free")) ||
        !coverage_read_nasm(coverage, files_path("stage1.lst"), LOW_STAGE1, LOW_STAGE1,
                            LOW_STAGE1 + 1)) {
        fprintf(stderr, "stage 1's listing or symbols cannot be read\n");
        exit(EXIT_FAILURE);
    }
    coverage_find_branches(coverage, rig->machine.memory);
}

void rig_open(struct rig *rig)
{
    memset(rig, 0, sizeof(*rig));
    machine_open(&rig->machine, &parts);
    rig->machine.context = &rig->bios;
    rig->machine.stack_first = LOW_REAL_STACK;
    rig->machine.stack_top = LOW_STAGE1;
    rig->machine.blocks_limit = BLOCKS_LIMIT;
    if (files_read("stage1.bin", rig->sector, SECTOR_BYTES) != SECTOR_BYTES)
        exit(EXIT_FAILURE);
    memcpy(rig->machine.memory + LOW_STAGE1, rig->sector, SECTOR_BYTES);
    read_coverage(rig);
    rig->machine.coverage = &rig->coverage;
}

void rig_close(struct rig *rig)
{
    machine_close(&rig->machine);
}

static void use(struct rig *rig, unsigned sectors)
{
    struct stage1_parameters *const parameters =
        (struct stage1_parameters *)(rig->sector + STAGE1_PARAMETERS_OFFSET);

    parameters->sectors = (uint16_t)sectors;
    rig->disk = (struct disk){
        .bytes = rig->stage2,
        .sectors = sectors,
        .lba = { parameters->copy_lba[COPY_A], parameters->copy_lba[COPY_B] },
    };
}

void rig_use_shipped(struct rig *rig)
{
    const size_t bytes = files_read("stage2.bin", rig->stage2, sizeof(rig->stage2));

    files_read("stage1.bin", rig->sector, SECTOR_BYTES);
    use(rig, (unsigned)(bytes / SECTOR_BYTES));
}

void rig_use_short(struct rig *rig, unsigned sectors)
{
    struct random random = { sectors };
    const uint32_t magic[] = { STAGE2_MAGIC_0, STAGE2_MAGIC_1 };

    memset(rig->stage2, 0, sizeof(struct stage2_header));
    memcpy(rig->stage2, magic, sizeof(magic));
    for (size_t i = sizeof(struct stage2_header); i < sectors * SECTOR_BYTES; i++)
        rig->stage2[i] = (uint8_t)random_next(&random);
    if (seal_stage2(rig->stage2, sectors * SECTOR_BYTES, rig->sector) != SEAL_OK)
        exit(EXIT_FAILURE);
    use(rig, sectors);
}

/* The registers at stage 1's first instruction. */
static void set_entry(struct rig *rig, const struct habits *habits)
{
    static const int names[] = {
        UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_ESI,
        UC_X86_REG_EDI, UC_X86_REG_EBP, UC_X86_REG_ESP, UC_X86_REG_DS,  UC_X86_REG_ES,
        UC_X86_REG_SS,  UC_X86_REG_FS,  UC_X86_REG_GS,
    };
    struct machine *const machine = &rig->machine;
    struct random random = { ~habits->seed };
    const uint16_t mask = 0xFFFF;

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const uint32_t value = habits->entry_dirty ? (uint32_t)random_next(&random) : 0;
        machine_set(machine, names[i], i < 8 ? value : value & mask);
    }
    machine_set(machine, UC_X86_REG_DL, habits->drive_named);
    machine_set(machine, UC_X86_REG_EFLAGS, RFLAGS_FIXED | habits->entry_flags);
}

static void set_memory(struct rig *rig, const struct habits *habits)
{
    uint8_t *const memory = rig->machine.memory;
    struct random random = { habits->seed };

    memset(memory, FRESH, BIOS_DATA_END);
    memory[BDA_ACTIVE_PAGE] = habits->page;
    memset(memory + LOW_REAL_STACK, FRESH, LOW_STAGE1 - LOW_REAL_STACK);
    memset(memory + LOW_STAGE2, FRESH, (rig->disk.sectors + 1) * SECTOR_BYTES);
    memcpy(memory + LOW_STAGE1, rig->sector, SECTOR_BYTES);
    if (habits->bpb_scribbled)
        for (unsigned i = 0; i < BPB_SCRIBBLED; i++)
            memory[LOW_STAGE1 + MBR_BPB_OFFSET + i] = (uint8_t)random_next(&random);
}

/* From the first instruction to where nothing more happens. False: the CPU gave up. */
static bool run_to_end(struct rig *rig, const struct habits *habits)
{
    struct machine *const machine = &rig->machine;
    const uint16_t cs = habits->entry_07c0 ? ENTRY_SEGMENT_1 : 0;

    if (!machine_run(machine, cs, (uint16_t)(LOW_STAGE1 - cs * 16)))
        return false;
    for (rig->halts = 0; rig->bios.no_boot && machine->broken == NULL && rig->halts < HALTS;
         rig->halts++)
        if (!machine_resume(machine))
            return false;
    return true;
}

/* The state that boot/stage2_header.h and stage2/real/start.asm promise; NULL: all is well. */
static const char *judge_arrival(struct rig *rig, const struct prediction *expected)
{
    struct machine *const machine = &rig->machine;
    const struct stage1_state *const state =
        (const struct stage1_state *)(machine->memory + LOW_STAGE1 + MBR_BPB_OFFSET);
    const uint32_t flags = machine_get(machine, UC_X86_REG_EFLAGS);
    const bool edd = expected->method == BY_EDD;
    const struct geometry *const geometry = &rig->bios.habits->geometry;

    if (machine_get(machine, UC_X86_REG_CS) | machine_get(machine, UC_X86_REG_DS) |
        machine_get(machine, UC_X86_REG_ES) | machine_get(machine, UC_X86_REG_SS))
        return "jumps with a segment that is not 0";
    if (machine_get(machine, UC_X86_REG_SP) != LOW_REAL_STACK_TOP)
        return "jumps with another sp";
    if ((flags & RFLAGS_DF) || !(flags & RFLAGS_IF))
        return "jumps with DF on or IF off";
    if (memcmp(machine->memory + LOW_STAGE2, rig->stage2, rig->disk.sectors * SECTOR_BYTES) != 0)
        return "jumps to what is not stage 2";
    if (expected->outcome != OUTCOME_BOOTS)
        return "boots, though nothing could be read";
    if (machine_get(machine, UC_X86_REG_DL) != expected->drive)
        return "jumps with another drive";
    if (state->call_sectors != (edd ? STAGE1_EDD_SECTORS : STAGE1_CHS_SECTORS))
        return "tells stage 2 the wrong method";
    if (state->copy_lba != rig->disk.lba[expected->copy])
        return "tells stage 2 the wrong copy";
    if (state->retries != expected->retries)
        return "tells stage 2 a wrong number of retries";
    if (!edd &&
        (state->sectors_per_track != geometry->track ||
         state->heads !=
             (geometry->highest_head == UINT8_MAX ? UINT8_MAX : geometry->highest_head + 1)))
        return "tells stage 2 another geometry";
    return NULL;
}

static const char *judge_stop(struct rig *rig, const struct prediction *expected)
{
    const struct bios *const bios = &rig->bios;
    char digits[ERROR_DIGITS + 1];

    snprintf(digits, sizeof(digits), "%04X", (unsigned)expected->error);
    if (bios->hangs != (expected->outcome == OUTCOME_HANGS))
        return bios->hangs ? "hangs where another way could boot" : "goes on behind a hang";
    if (bios->hangs)
        return NULL;
    if (expected->outcome == OUTCOME_BOOTS)
        return "stops, though a copy could be read";
    if (bios->printed_count != ERROR_DIGITS || memcmp(bios->printed, digits, ERROR_DIGITS) != 0)
        return "prints another error";
    if (bios->post != (uint8_t)expected->error)
        return "writes another POST code";
    if (bios->keys != 1)
        return "does not ask for a key";
    if (bios->habits->key == KEY_NEVER)
        return bios->waiting ? NULL : "does not wait for a key";
    return bios->no_boot && rig->halts == HALTS ? NULL : "does not leave by INT 18h and HLT";
}

static bool report(struct rig *rig, const struct habits *habits, const char *what, uint32_t at)
{
    rig->failed++;
    if (rig->failed <= FAILURES_SHOWN) {
        printf("FAILED: %s (%X), %u sectors, printed ", what, (unsigned)at, rig->disk.sectors);
        files_show(rig->bios.printed, rig->bios.printed_count);
        habits_print(habits);
    }
    return false;
}

void rig_run_in_turn(struct rig *rig, const struct habits *habits)
{
    if (++rig->passed_over >= rig->stride) {
        rig->passed_over = 0;
        rig_run(rig, habits);
    }
}

bool rig_run(struct rig *rig, const struct habits *habits)
{
    const struct prediction expected = oracle(habits, rig->disk.sectors);
    struct machine *const machine = &rig->machine;

    if (rig->failed >= FAILURES_ENOUGH)
        return false;
    bios_start(&rig->bios, habits, &rig->disk);
    set_memory(rig, habits);
    set_entry(rig, habits);
    machine->blocks = 0;
    machine->broken = NULL;
    rig->arrived = false;
    const bool ran = run_to_end(rig, habits);

    rig->runs++;
    rig->outcomes[expected.outcome]++;
    if (rig->disk.sectors == 1 && rig->bios.calls > rig->most_calls)
        rig->most_calls = rig->bios.calls;
    if (rig->bios.calls > oracle_calls_most(rig->disk.sectors))
        machine_break(machine, "calls INT 13h too often", rig->bios.calls);
    if (!ran || machine->broken != NULL)
        return report(rig, habits, ran ? machine->broken : "the CPU gives up", machine->broken_at);
    const char *const wrong =
        rig->arrived ? judge_arrival(rig, &expected) : judge_stop(rig, &expected);
    return wrong == NULL || report(rig, habits, wrong, machine_get(machine, UC_X86_REG_IP));
}

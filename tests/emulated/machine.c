/* SPDX-License-Identifier: MIT
 *
 * The PC in the emulator library. Spec: the library's header, unicorn/unicorn.h.
 */
#include "tests/emulated/machine.h"

#include <stdio.h>
#include <stdlib.h>

#include "hw/paging.h"
#include "hw/pc_ports.h"
#include "tests/emulated/coverage.h"

#define NEVER_REACHED 0xFFFFFFFFu /* an address no code of ours gets to */

static void must(uc_err error)
{
    if (error != UC_ERR_OK) {
        fprintf(stderr, "emulator library: %s\n", uc_strerror(error));
        exit(EXIT_FAILURE);
    }
}

static void on_block(uc_engine *engine, uint64_t address, uint32_t bytes, void *data)
{
    struct machine *machine = data;

    (void)engine;
    if (++machine->blocks > machine->blocks_limit) {
        machine_break(machine, "it never ends", (uint32_t)address);
        return;
    }
    if (machine->parts->enter != NULL && !machine->parts->enter(machine, (uint32_t)address)) {
        machine_end(machine);
        return;
    }
    if (machine->coverage != NULL)
        coverage_block(machine->coverage, (uint32_t)address, bytes);
}

static void on_write(uc_engine *engine, uc_mem_type type, uint64_t address, int bytes,
                     int64_t value, void *data)
{
    struct machine *machine = data;
    const uint32_t first = (uint32_t)address;
    const uint32_t last = first + (uint32_t)bytes - 1;

    (void)engine;
    (void)type;
    (void)value;
    if (first >= machine->stack_first && first < machine->stack_top && first < machine->deepest)
        machine->deepest = first;
    if (machine->parts->may_write != NULL && !machine->parts->may_write(first, last))
        machine_break(machine, "writes outside its own map", first);
}

static void on_read(uc_engine *engine, uc_mem_type type, uint64_t address, int bytes, int64_t value,
                    void *data)
{
    struct machine *machine = data;

    (void)engine;
    (void)type;
    (void)value;
    machine->parts->read(machine, (uint32_t)address, (unsigned)bytes);
}

static void on_interrupt(uc_engine *engine, uint32_t number, void *data)
{
    struct machine *machine = data;
    const uint32_t sp = machine_linear(machine, UC_X86_REG_SS, UC_X86_REG_SP);
    const uint32_t frame = sp - INTERRUPT_FRAME;

    (void)engine;
    if (frame >= machine->stack_first && frame < machine->deepest)
        machine->deepest = frame;
    machine->parts->interrupt(machine, number);
}

static uint32_t on_port_read(uc_engine *engine, uint32_t port, int bytes, void *data)
{
    struct machine *machine = data;

    (void)engine;
    if (bytes != 1)
        machine_break(machine, "reads a port wider than a byte", port);
    return machine->parts->port_read == NULL ? PORT_ABSENT
                                             : machine->parts->port_read(machine, port);
}

static void on_port_write(uc_engine *engine, uint32_t port, int bytes, uint32_t value, void *data)
{
    struct machine *machine = data;

    (void)engine;
    if (bytes != 1)
        machine_break(machine, "writes a port wider than a byte", port);
    if (machine->parts->port_write != NULL)
        machine->parts->port_write(machine, port, (uint8_t)value);
}

static int on_cpuid(uc_engine *engine, void *data)
{
    struct machine *machine = data;

    (void)engine;
    machine->parts->cpuid(machine, machine_get(machine, UC_X86_REG_EAX));
    return 1; /* answered: the library's CPU does not */
}

void machine_open(struct machine *machine, const struct machine_parts *parts)
{
    uc_hook hook;

    *machine = (struct machine){ .parts = parts, .deepest = UINT32_MAX };
    machine->memory = aligned_alloc(PAGE_BYTES, MACHINE_BYTES);
    if (machine->memory == NULL)
        exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < MACHINE_BYTES; i++)
        machine->memory[i] = 0;
    must(uc_open(UC_ARCH_X86, UC_MODE_16, &machine->engine));
    must(uc_mem_map_ptr(machine->engine, 0, MACHINE_BYTES, UC_PROT_ALL, machine->memory));
    must(uc_hook_add(machine->engine, &hook, UC_HOOK_BLOCK, (void *)on_block, machine, 1, 0));
    must(uc_hook_add(machine->engine, &hook, UC_HOOK_MEM_WRITE, (void *)on_write, machine, 1, 0));
    must(uc_hook_add(machine->engine, &hook, UC_HOOK_INTR, (void *)on_interrupt, machine, 1, 0));
    must(uc_hook_add(machine->engine, &hook, UC_HOOK_INSN, (void *)on_port_read, machine, 1, 0,
                     UC_X86_INS_IN));
    must(uc_hook_add(machine->engine, &hook, UC_HOOK_INSN, (void *)on_port_write, machine, 1, 0,
                     UC_X86_INS_OUT));
    if (parts->read != NULL)
        must(uc_hook_add(machine->engine, &hook, UC_HOOK_MEM_READ, (void *)on_read, machine,
                         MACHINE_MIB, MACHINE_BYTES - 1));
    if (parts->cpuid != NULL)
        must(uc_hook_add(machine->engine, &hook, UC_HOOK_INSN, (void *)on_cpuid, machine, 1, 0,
                         UC_X86_INS_CPUID));
    must(uc_context_alloc(machine->engine, &machine->fresh));
    must(uc_context_save(machine->engine, machine->fresh));
}

void machine_close(struct machine *machine)
{
    uc_context_free(machine->fresh);
    uc_close(machine->engine);
    free(machine->memory);
}

void machine_reset(struct machine *machine)
{
    must(uc_context_restore(machine->engine, machine->fresh));
}

bool machine_run(struct machine *machine, uint16_t cs, uint16_t ip)
{
    machine_set(machine, UC_X86_REG_CS, cs);
    machine_set(machine, UC_X86_REG_EIP, ip);
    return machine_resume(machine);
}

bool machine_resume(struct machine *machine)
{
    /* The library takes cs * 16 off again, also in protected mode. */
    const uint32_t begin = machine_linear(machine, UC_X86_REG_CS, UC_X86_REG_EIP);

    if (machine->coverage != NULL)
        coverage_begin(machine->coverage);
    return uc_emu_start(machine->engine, begin, NEVER_REACHED, 0, 0) == UC_ERR_OK;
}

void machine_end(struct machine *machine)
{
    must(uc_emu_stop(machine->engine));
}

void machine_break(struct machine *machine, const char *rule, uint32_t at)
{
    if (machine->broken == NULL) {
        machine->broken = rule;
        machine->broken_at = at;
    }
    machine_end(machine);
}

uint32_t machine_get(struct machine *machine, int name)
{
    uint64_t value = 0;

    must(uc_reg_read(machine->engine, name, &value));
    return (uint32_t)value;
}

void machine_set(struct machine *machine, int name, uint32_t value)
{
    const uint64_t wide = value;

    must(uc_reg_write(machine->engine, name, &wide));
}

void machine_flags(struct machine *machine, uint32_t clear, uint32_t set)
{
    const uint32_t flags = machine_get(machine, UC_X86_REG_EFLAGS);

    machine_set(machine, UC_X86_REG_EFLAGS, (flags & ~clear) | set);
}

uint32_t machine_linear(struct machine *machine, int segment, int offset)
{
    return machine_get(machine, segment) * 16 + machine_get(machine, offset);
}

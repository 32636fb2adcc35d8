/* SPDX-License-Identifier: MIT
 *
 * A PC without firmware, in an emulator library: a CPU in real mode, one megabyte
 * and the 64 KiB above it, and four holes that a test fills: interrupts, port
 * reads, port writes, and every block of instructions that is entered. Knows
 * nothing of stage 1 and stage 2.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

#define MACHINE_MIB   0x100000u
#define MACHINE_BYTES 0x110000u

/* Bytes that an INT pushes: FLAGS, CS, IP. */
#define INTERRUPT_FRAME 6

struct coverage;
struct machine;

/* What a test plays. Any may be NULL: then it does not happen, and ports read FFh. */
struct machine_parts {
    void (*interrupt)(struct machine *machine, unsigned number);
    uint8_t (*port_read)(struct machine *machine, unsigned port);
    void (*port_write)(struct machine *machine, unsigned port, uint8_t value);
    void (*read)(struct machine *machine, uint32_t address, unsigned bytes);
    /* Before a block of instructions runs; false ends the run there. */
    bool (*enter)(struct machine *machine, uint32_t address);
    bool (*may_write)(uint32_t first, uint32_t last);
    /* CPUID: fill in eax, ebx, ecx, edx from eax; without it the library's CPU answers. */
    void (*cpuid)(struct machine *machine, uint32_t leaf);
};

struct machine {
    uc_engine *engine;
    uc_context *fresh; /* all registers as after power-on */
    uint8_t *memory;
    const struct machine_parts *parts;
    struct coverage *coverage;
    void *context;         /* the test's own */
    uint32_t stack_first;  /* the stack, for its depth: first byte ... */
    uint32_t stack_top;    /* ... and the byte behind its last */
    uint32_t deepest;      /* lowest address written in it, ever */
    uint64_t blocks;       /* entered in this run */
    uint64_t blocks_limit; /* more than these is an endless loop */
    const char *broken;    /* what this run did that it may not; NULL: nothing */
    uint32_t broken_at;    /* an address that goes with it */
};

/* Make one, all memory zero. Ends the program where the library cannot. */
void machine_open(struct machine *machine, const struct machine_parts *parts);
void machine_close(struct machine *machine);

/* All registers as they were when it was made; memory stays. */
void machine_reset(struct machine *machine);

/* Run from cs:ip until the test ends it, or a hlt. False: the CPU gave up. */
bool machine_run(struct machine *machine, uint16_t cs, uint16_t ip);

/* Go on where the run ended. False: the CPU gave up. */
bool machine_resume(struct machine *machine);

/* End the run from inside one of the parts. */
void machine_end(struct machine *machine);

/* End the run because a rule is broken; the first one is kept. */
void machine_break(struct machine *machine, const char *rule, uint32_t at);

/* Registers by the library's names, UC_X86_REG_*, zero-extended. */
uint32_t machine_get(struct machine *machine, int name);
void machine_set(struct machine *machine, int name, uint32_t value);

/* Change bits of EFLAGS. */
void machine_flags(struct machine *machine, uint32_t clear, uint32_t set);

/* The linear address of segment:offset, both registers. */
uint32_t machine_linear(struct machine *machine, int segment, int offset);

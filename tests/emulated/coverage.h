/* SPDX-License-Identifier: MIT
 *
 * Which instructions of a binary have run, and which way each conditional branch
 * went. The instructions are those of the binary's own listing; those that the
 * emulator sees in the memory below 64 KiB are held against it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COVERAGE_REACH   0x10000u
#define COVERAGE_SYMBOLS 512
#define COVERAGE_NAME    64

struct coverage_symbol {
    uint32_t address;
    char name[COVERAGE_NAME];
};

struct coverage {
    uint8_t length[COVERAGE_REACH]; /* bytes of the instruction that begins here; 0: none */
    bool branch[COVERAGE_REACH];    /* it is a conditional branch */
    bool run[COVERAGE_REACH];
    bool taken[COVERAGE_REACH];
    bool passed[COVERAGE_REACH];
    uint32_t block_bytes[COVERAGE_REACH]; /* of the block that begins here, once seen */
    uint16_t block_last[COVERAGE_REACH];  /* its last instruction */
    uint32_t before;                      /* the block before this one; COVERAGE_REACH: none */
    uint32_t off_beat;                    /* in a block, but begins no instruction; 0: none */
    struct coverage_symbol symbols[COVERAGE_SYMBOLS]; /* by address */
    size_t symbol_count;
};

struct coverage_sum {
    unsigned instructions, run, branches, both_ways;
};

/* Read "address name" lines. False: no such file, or not in that form. */
bool coverage_read_symbols(struct coverage *coverage, const char *path);

/* The address of a name. Ends the program when there is none. */
uint32_t coverage_find(const struct coverage *coverage, const char *name);

/* The last name at or below an address. */
const struct coverage_symbol *coverage_name(const struct coverage *coverage, uint32_t address);

/* The instructions of first..end-1, from an assembler's listing whose offsets begin at `origin`. */
bool coverage_read_nasm(struct coverage *coverage, const char *path, uint32_t origin,
                        uint32_t first, uint32_t end);

/* The instructions of one section, first..end-1; `section` as its heading has it: " .real:". */
bool coverage_read_disassembly(struct coverage *coverage, const char *path, const char *section,
                               const uint8_t *memory, uint32_t first, uint32_t end);

/* Which of the instructions are conditional branches; `memory` holds them at their addresses. */
void coverage_find_branches(struct coverage *coverage, const uint8_t *memory);

/* A run begins: the next block has no block before it. */
void coverage_begin(struct coverage *coverage);

/* A block of instructions is entered. */
void coverage_block(struct coverage *coverage, uint32_t address, uint32_t bytes);

struct coverage_sum coverage_count(const struct coverage *coverage);

/* One line for each instruction that has not run, and for each branch that went one way only. */
void coverage_list(const struct coverage *coverage);

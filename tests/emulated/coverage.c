/* SPDX-License-Identifier: MIT
 *
 * Marks instructions as run, block by block: a block of the emulator has one way
 * in and one way out, so all of it runs. A block that begins right behind a
 * branch, or somewhere else, tells which way the branch went.
 */
#include "tests/emulated/coverage.h"

#include <stdio.h>
#include <string.h>

/* Opcodes. Spec: Intel SDM, volume 2, appendix A. */
#define OPCODE_JCC       0x70
#define OPCODE_JCC_MASK  0xF0
#define OPCODE_LOOPNE    0xE0 /* and LOOPE, LOOP, JCXZ */
#define OPCODE_LOOP_MASK 0xFC
#define OPCODE_TWO_BYTES 0x0F
#define OPCODE_JCC_NEAR  0x80 /* behind OPCODE_TWO_BYTES */

static bool is_branch(const uint8_t *bytes)
{
    return (bytes[0] & OPCODE_JCC_MASK) == OPCODE_JCC ||
           (bytes[0] & OPCODE_LOOP_MASK) == OPCODE_LOOPNE ||
           (bytes[0] == OPCODE_TWO_BYTES && (bytes[1] & OPCODE_JCC_MASK) == OPCODE_JCC_NEAR);
}

void coverage_find_branches(struct coverage *coverage, const uint8_t *memory)
{
    for (uint32_t at = 0; at < COVERAGE_REACH; at++)
        coverage->branch[at] = coverage->length[at] != 0 && is_branch(memory + at);
}

void coverage_begin(struct coverage *coverage)
{
    coverage->before = COVERAGE_REACH;
}

/* Mark all instructions of a block that is new. */
static void mark(struct coverage *coverage, uint32_t address, uint32_t bytes)
{
    uint32_t at = address;

    while (at < address + bytes && at < COVERAGE_REACH) {
        if (coverage->length[at] == 0) {
            coverage->off_beat = at;
            break;
        }
        coverage->run[at] = true;
        coverage->block_last[address] = (uint16_t)at;
        at += coverage->length[at];
    }
    coverage->block_bytes[address] = bytes;
}

void coverage_block(struct coverage *coverage, uint32_t address, uint32_t bytes)
{
    if (coverage->before != COVERAGE_REACH) {
        const uint32_t last = coverage->block_last[coverage->before];
        if (coverage->branch[last] && address == last + coverage->length[last])
            coverage->passed[last] = true;
        else if (coverage->branch[last])
            coverage->taken[last] = true;
    }
    coverage->before = address < COVERAGE_REACH ? address : COVERAGE_REACH;
    if (address < COVERAGE_REACH && coverage->length[address] == 0)
        coverage->before = COVERAGE_REACH; /* not of this binary */
    else if (address < COVERAGE_REACH && coverage->block_bytes[address] != bytes)
        mark(coverage, address, bytes);
}

struct coverage_sum coverage_count(const struct coverage *coverage)
{
    struct coverage_sum sum = { 0 };

    for (uint32_t at = 0; at < COVERAGE_REACH; at++) {
        if (coverage->length[at] == 0)
            continue;
        sum.instructions++;
        sum.run += coverage->run[at];
        sum.branches += coverage->branch[at];
        sum.both_ways += coverage->taken[at] && coverage->passed[at];
    }
    return sum;
}

void coverage_list(const struct coverage *coverage)
{
    for (uint32_t at = 0; at < COVERAGE_REACH; at++) {
        if (coverage->length[at] == 0)
            continue;
        const struct coverage_symbol *name = coverage_name(coverage, at);
        const char *what = NULL;
        if (!coverage->run[at])
            what = "never run";
        else if (coverage->branch[at] && !coverage->taken[at])
            what = "never taken";
        else if (coverage->branch[at] && !coverage->passed[at])
            what = "always taken";
        if (what != NULL)
            printf("%04X %s+%X: %s\n", (unsigned)at, name->name, (unsigned)(at - name->address),
                   what);
    }
}

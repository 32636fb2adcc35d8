/* SPDX-License-Identifier: MIT
 *
 * The stacks there are: the main one (the loader's, until the kernel has its
 * own), one for each exception that must not trust the interrupted stack, and
 * those made at run time. Each has an unmapped page below.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/range.h"

/* The TSS's IST numbers, from 1; 0 in a gate means: stay on the stack. */
enum stack_ist {
    STACK_IST_NONE = 0,
    STACK_IST_DOUBLE_FAULT = 1,
    STACK_IST_NMI = 2,
    STACK_IST_MACHINE_CHECK = 3,
    STACK_IST_LAST = STACK_IST_MACHINE_CHECK,
};

struct stack_area {
    const char *name;
    struct virt_range range;
};

/* A stack made at run time; its owner keeps this as long as it is in the list. */
struct stack_entry {
    struct stack_area area;
    struct stack_entry *next;
};

/* Make the main stack known, in place of the one before. */
void stacks_set_main(const char *name, struct virt_range range);

void stacks_add(struct stack_entry *entry);
void stacks_remove(struct stack_entry *entry);

/* How many stacks there are, and each of them: the main one, the IST's by number, the others. */
unsigned stacks_count(void);
struct stack_area stacks_area(unsigned index);

/* What the TSS needs: the address behind the last byte of an IST stack. */
uint64_t stacks_ist_top(enum stack_ist ist);

/* Which stack contains the address; false when none does. */
bool stacks_find(uint64_t address, struct stack_area *area);

/* Whose guard page contains the address; false when none does. */
bool stacks_find_guard(uint64_t address, struct stack_area *area);

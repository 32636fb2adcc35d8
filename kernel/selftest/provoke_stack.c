/* SPDX-License-Identifier: MIT
 *
 * Stacks that overflow, and what happens when there is none.
 */
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/selftest/provoke.h"

#define ROOM_BYTES   16
#define SMASH_BYTES  24 /* the canary and what the function has saved above it */
#define SMASH_LETTER 'A'

static void overflow_level(volatile unsigned *level);
/* Called through a pointer that the compiler cannot follow: it would refuse to recurse for ever. */
static void (*volatile overflow_next)(volatile unsigned *level) = overflow_level;

static void overflow_level(volatile unsigned *level)
{
    volatile unsigned next = *level + 1;
    overflow_next(&next);
    *level = next;
}

DISASTER(stack_overflow, "stack-overflow", "recurse into the guard page: #DF")
{
    volatile unsigned level = 0;
    overflow_level(&level);
}

/* The same on the stack that a double fault starts on: the handler starts on its top again. */
DISASTER(ist_overflow, "ist-overflow", "the same on the double-fault stack: #DF")
{
    __asm__ volatile("movq %0, %%rsp\n\tsubq $64, %%rsp\n\tmovq %%rsp, %%rdi\n\tcall *%1"
                     :
                     : "r"(stacks_ist_top(STACK_IST_DOUBLE_FAULT)), "r"((uint64_t)overflow_level)
                     : "memory", "rdi");
}

/* An exception while the stack is nowhere cannot be delivered. */
DISASTER(double_fault, "double-fault", "an exception without a stack: #DF")
{
    __asm__ volatile("movq %%rsp, %%rbx\n\tmovq %0, %%rsp\n\tud2\n\tmovq %%rbx, %%rsp"
                     :
                     : "r"((uint64_t)PROVOKE_UNMAPPED)
                     : "rbx", "memory");
}

/* Text without an end: over the array, the canary and what was saved. */
DISASTER(stack_smash, "stack-smash", "write beyond an array on the stack: a smashed stack")
{
    char room[ROOM_BYTES];
    char *first = room;
    __asm__ volatile("rep stosb"
                     : "+D"(first)
                     : "a"(SMASH_LETTER), "c"(ROOM_BYTES + SMASH_BYTES)
                     : "memory");
}

/* SPDX-License-Identifier: MIT
 *
 * What the CPU itself refuses: instructions, selectors, vectors. In assembly
 * where the compiler would see through it.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/selftest/provoke.h"

#define BAD_SELECTOR 0x40 /* the ninth entry: our GDT ends before */
#define SPURIOUS     0x77

DISASTER(divide, "divide", "divide by zero: #DE")
{
    __asm__ volatile("xorl %%edx, %%edx\n\tmovl $1, %%eax\n\tdivl %%edx" : : : "eax", "edx", "cc");
}

DISASTER(single_step, "single-step", "set the trap flag: #DB, goes on")
{
    __asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq\n\tnop"
                     :
                     : "i"(RFLAGS_TF)
                     : "cc", "memory");
}

DISASTER(breakpoint, "breakpoint", "int3: #BP, goes on")
{
    __asm__ volatile("int3");
}

DISASTER(invalid_opcode, "invalid-opcode", "ud2: #UD")
{
    __asm__ volatile("ud2");
}

DISASTER(no_coprocessor, "no-coprocessor", "x87 with CR0.TS set: #NM")
{
    cr0_write(cr0_read() | CR0_TS);
    __asm__ volatile("fninit");
}

DISASTER(bad_selector, "bad-selector", "load a selector beyond the GDT: #GP")
{
    __asm__ volatile("movl %0, %%es" : : "r"(BAD_SELECTOR) : "memory");
}

DISASTER(segment_not_present, "segment-not-present", "load an absent segment: #NP")
{
    __asm__ volatile("movl %0, %%es" : : "r"(SELECTOR_ABSENT) : "memory");
}

DISASTER(stack_segment, "stack-segment", "load an absent stack segment: #SS")
{
    __asm__ volatile("movl %0, %%ss" : : "r"(SELECTOR_ABSENT) : "memory");
}

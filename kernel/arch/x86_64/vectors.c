/* SPDX-License-Identifier: MIT
 *
 * Fills the IDT with the stubs of vectors.asm. The three exceptions that can
 * strike when the stack is bad get a stack of their own.
 */
#include "kernel/arch/x86_64/vectors.h"

#include "hw/cpu.h"
#include "hw/descriptors.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/stacks.h"

#define STUB_BYTES 16 /* as in vectors.asm */

extern const char vector_stubs[];

static struct gate_descriptor idt[VECTORS_ALL] ALIGNED(16);

static enum stack_ist vector_stack(unsigned vector)
{
    switch (vector) {
    case VECTOR_DF:
        return STACK_IST_DOUBLE_FAULT;
    case VECTOR_NMI:
        return STACK_IST_NMI;
    case VECTOR_MC:
        return STACK_IST_MACHINE_CHECK;
    default:
        return STACK_IST_NONE;
    }
}

static struct gate_descriptor gate_to(uint64_t handler, enum stack_ist ist)
{
    return (struct gate_descriptor){
        .offset_0 = (uint16_t)handler,
        .selector = SELECTOR_CODE,
        .ist = (uint8_t)ist,
        .type = DESCRIPTOR_PRESENT | GATE_INTERRUPT,
        .offset_16 = (uint16_t)(handler >> 16),
        .offset_32 = (uint32_t)(handler >> 32),
    };
}

uint64_t vector_handler(unsigned vector)
{
    const struct gate_descriptor *gate = &idt[vector];
    return gate->offset_0 | (uint64_t)gate->offset_16 << 16 | (uint64_t)gate->offset_32 << 32;
}

void vectors_begin(void)
{
    for (unsigned vector = 0; vector < VECTORS_ALL; vector++) {
        const uint64_t stub = (uint64_t)vector_stubs + (uint64_t)vector * STUB_BYTES;
        idt[vector] = gate_to(stub, vector_stack(vector));
    }
    const struct table_register table = { .limit = sizeof(idt) - 1, .base = (uint64_t)idt };
    idt_load(&table);
}

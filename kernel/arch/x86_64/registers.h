/* SPDX-License-Identifier: MIT
 *
 * The privileged instructions as C functions, one each. No policy here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "hw/descriptors.h"

struct cpuid_result {
    uint32_t eax, ebx, ecx, edx;
};

struct cpuid_result cpuid_read(uint32_t leaf, uint32_t subleaf);

uint64_t tsc_read(void);

/* One try; false: the generator had nothing ready. Needs a CPU that has RDRAND. */
bool random_read(uint64_t *value);

uint64_t cr0_read(void);
uint64_t cr3_read(void);
uint64_t cr4_read(void);
void cr0_write(uint64_t value);
void cr3_write(uint64_t value); /* also forgets all of the TLB that is not global */
void cr4_write(uint64_t value);

/* Debug registers: DR0 holds an address, DR6 says what struck, DR7 what may. */
void dr0_write(uint64_t value);
uint64_t dr6_read(void);
uint64_t dr7_read(void);
void dr6_write(uint64_t value);
void dr7_write(uint64_t value);

uint64_t msr_read(uint32_t index);
void msr_write(uint32_t index, uint64_t value);

/* Load the GDT and make every segment register use it; data selectors become 0 but SS. */
void gdt_load(const struct table_register *table, uint16_t code, uint16_t data);
void idt_load(const struct table_register *table);
void task_load(uint16_t selector);

/* Forget what the TLB holds for one page. */
void tlb_forget(uint64_t virt);

/* Let the kernel touch user pages, and no longer. Need a CPU that has SMAP. */
void user_access_allow(void);
void user_access_forbid(void);

/* A hint that this is a loop that waits. */
void cpu_pause(void);

/* Interrupts off, and stop for good. */
NORETURN void cpu_halt(void);

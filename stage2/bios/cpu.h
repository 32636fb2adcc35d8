/* SPDX-License-Identifier: MIT
 *
 * The few instructions stage 2 needs that C has no words for. Trivial inline
 * functions only. Spec: Intel SDM volume 2.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hw/cpu.h"

struct cpuid_answer {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_answer cpuid(uint32_t leaf)
{
    struct cpuid_answer answer;
    __asm__("cpuid"
            : "=a"(answer.eax), "=b"(answer.ebx), "=c"(answer.ecx), "=d"(answer.edx)
            : "a"(leaf), "c"(0));
    return answer;
}

/* EDX of the extended feature leaf; 0 where there is none. */
static inline uint32_t cpu_extended_edx(void)
{
    return cpuid(CPUID_EXTENDED).eax >= CPUID_EXTENDED_1 ? cpuid(CPUID_EXTENDED_1).edx : 0;
}

/* Needs a CPU with a time-stamp counter (exchange.cpu_has_tsc). */
static inline uint64_t cpu_read_tsc(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* One try; false: the generator had nothing ready. Needs CPUID_1_ECX_RDRAND. */
static inline bool cpu_read_random(uint64_t *value)
{
    bool ready;
    __asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(ready));
    return ready;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint64_t cpu_read_cr0(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr0(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

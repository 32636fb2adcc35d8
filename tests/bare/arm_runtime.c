/* SPDX-License-Identifier: MIT
 *
 * What an ARM compiler calls by itself, each under the name that ARM gives it.
 * Debian has no library of these for Cortex-M, so here they are: the memory
 * functions are the core's under other names, and 64-bit division is arm_divide.
 * Spec: ARM, Run-time ABI for the Arm Architecture, sections 4.2 and 4.3.4.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "kernel/core/string.h"
#include "tests/bare/arm_divide.h"

#define SAME_AS(name) __attribute__((alias(name)))

void __aeabi_memcpy(void *to, const void *from, size_t bytes);
void __aeabi_memcpy4(void *to, const void *from, size_t bytes) SAME_AS("__aeabi_memcpy");
void __aeabi_memcpy8(void *to, const void *from, size_t bytes) SAME_AS("__aeabi_memcpy");
void __aeabi_memmove(void *to, const void *from, size_t bytes);
void __aeabi_memmove4(void *to, const void *from, size_t bytes) SAME_AS("__aeabi_memmove");
void __aeabi_memmove8(void *to, const void *from, size_t bytes) SAME_AS("__aeabi_memmove");
void __aeabi_memset(void *to, size_t bytes, int value);
void __aeabi_memset4(void *to, size_t bytes, int value) SAME_AS("__aeabi_memset");
void __aeabi_memset8(void *to, size_t bytes, int value) SAME_AS("__aeabi_memset");
void __aeabi_memclr(void *to, size_t bytes);
void __aeabi_memclr4(void *to, size_t bytes) SAME_AS("__aeabi_memclr");
void __aeabi_memclr8(void *to, size_t bytes) SAME_AS("__aeabi_memclr");
void __aeabi_uldivmod(void);

void __aeabi_memcpy(void *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
}

void __aeabi_memmove(void *to, const void *from, size_t bytes)
{
    memmove(to, from, bytes);
}

void __aeabi_memset(void *to, size_t bytes, int value)
{
    memset(to, value, bytes);
}

void __aeabi_memclr(void *to, size_t bytes)
{
    memset(to, 0, bytes);
}

/*
 * In: numerator in r0 and r1, denominator in r2 and r3. Out: quotient in r0 and
 * r1, remainder in r2 and r3, which no C function can return. The stack holds
 * arm_divide's fifth word, a pointer, and behind it what that points to.
 */
__attribute__((naked)) void __aeabi_uldivmod(void)
{
    __asm__("push {r4, lr}\n\t"
            "sub sp, #16\n\t"
            "add r4, sp, #8\n\t"
            "str r4, [sp]\n\t"
            "bl arm_divide\n\t"
            "ldrd r2, r3, [sp, #8]\n\t"
            "add sp, #16\n\t"
            "pop {r4, pc}");
}

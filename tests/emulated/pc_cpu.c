/* SPDX-License-Identifier: MIT
 *
 * The CPUs that stage 2 meets. The emulator library's own CPU stays the same; what
 * it says of itself is said here. Also the habits in words.
 * Spec: Intel SDM, volume 2A "CPUID".
 */
#include <stdio.h>

#include "hw/cpu.h"
#include "tests/emulated/pc.h"

#define LAST_BASIC_LEAF 0x0D
#define SIGNATURE       0x000306C4
#define VENDOR_EBX      0x756E6547 /* GenuineIntel */
#define VENDOR_EDX      0x49656E69
#define VENDOR_ECX      0x6C65746E

static void answer(struct machine *machine, uint32_t eax, uint32_t ebx, uint32_t ecx, uint32_t edx)
{
    machine_set(machine, UC_X86_REG_EAX, eax);
    machine_set(machine, UC_X86_REG_EBX, ebx);
    machine_set(machine, UC_X86_REG_ECX, ecx);
    machine_set(machine, UC_X86_REG_EDX, edx);
}

static void extended(struct machine *machine, uint32_t leaf, enum cpu cpu)
{
    uint32_t features = CPUID_X1_EDX_NX | CPUID_X1_EDX_LM;

    if (cpu == CPU_NO_LONG_MODE)
        features = 0;
    if (cpu == CPU_NO_NX)
        features = CPUID_X1_EDX_LM;
    if (cpu == CPU_REPEATS)
        answer(machine, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
    else if (leaf == CPUID_EXTENDED)
        answer(machine, cpu == CPU_BASIC ? 0 : CPUID_ADDRESS_SIZES, 0, 0, 0);
    else
        answer(machine, 0, 0, 0, cpu == CPU_BASIC ? UINT32_MAX : features);
}

void pc_cpuid(struct machine *machine, uint32_t leaf)
{
    const struct pc *const pc = machine->context;
    const enum cpu cpu = pc->habits->cpu;

    if (cpu == CPU_NO_CPUID)
        machine_break(machine, "CPUID on a CPU that has none", leaf);
    else if (leaf == CPUID_VENDOR)
        answer(machine, LAST_BASIC_LEAF, VENDOR_EBX, VENDOR_ECX, VENDOR_EDX);
    else if (leaf == CPUID_FEATURES)
        answer(machine, SIGNATURE, 0, 0, cpu == CPU_NO_TSC ? 0 : CPUID_1_EDX_TSC);
    else if (leaf >= CPUID_EXTENDED)
        extended(machine, leaf, cpu);
    else
        machine_break(machine, "asks for a leaf that it has no use for", leaf);
}

/* At the beginning of each block: bit 21 cannot be set on a 386 or an old 486. */
void pc_hold_id_flag(struct machine *machine)
{
    const struct pc *const pc = machine->context;

    if (pc->habits->cpu == CPU_NO_CPUID && (machine_get(machine, UC_X86_REG_EFLAGS) & RFLAGS_ID))
        machine_flags(machine, RFLAGS_ID, 0);
}

struct pc_habits pc_habits_plain(void)
{
    return (struct pc_habits){
        .a20_on = true,
        .e9 = true,
        .key_polls = 5,
        .ticks_polls = 3,
        .no_boot_returns = true,
        .seed = 1,
    };
}

void pc_habits_print(const struct pc_habits *habits)
{
    printf(
        "  a20 %d gate %d fast %d keyboard %d settle %u; uart %d e9 %d cpu %d e820 %d by cx %d\n",
        habits->a20_on, habits->gate, habits->fast, habits->keyboard, habits->settle, habits->uart,
        habits->e9, habits->cpu, habits->e820, habits->e801_by_cx);
    printf("  careless %02X page %u keys before %u at poll %u, tick %u, INT 18h returns %d, "
           "closes a20 %d seed %llu\n",
           habits->careless, habits->page, habits->keys_before, habits->key_polls,
           habits->ticks_polls, habits->no_boot_returns, habits->closes_a20,
           (unsigned long long)habits->seed);
}

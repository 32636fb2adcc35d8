/* SPDX-License-Identifier: MIT
 *
 * Promises about the registers at the entry point.
 *
 * Spec: include/boot/boot_info.h, "On entry at e_entry".
 */
#include "probe.h"

#define RFLAGS_TF          (1ull << 8)
#define RFLAGS_IF          (1ull << 9)
#define RFLAGS_DF          (1ull << 10)
#define RFLAGS_AC          (1ull << 18)
#define CR0_PE             (1ull << 0)
#define CR0_WP             (1ull << 16)
#define CR0_PG             (1ull << 31)
#define CR3_ADDRESS        0x000FFFFFFFFFF000ull
#define CR4_PAE            (1ull << 5)
#define EFER_LMA           (1ull << 10)
#define EFER_NXE           (1ull << 11)
#define CPUID_EXTENDED     0x80000001u
#define CPUID_EDX_NX       (1u << 20)
#define STACK_ALIGNMENT    16
#define STACK_AFTER_CALL   8
#define STACK_USED_AT_MOST 256

static bool cpu_has_nx(void)
{
    uint32_t a = CPUID_EXTENDED, b, c = 0, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (d & CPUID_EDX_NX) != 0;
}

static bool rdi_in_direct_map(const struct probe *probe)
{
    return probe->state.rdi >= BOOT_DIRECT_MAP_BASE && probe->state.rdi <= BOOT_DIRECT_MAP_LAST;
}

static bool stack_aligned(const struct probe *probe)
{
    return probe->state.rsp % STACK_ALIGNMENT == STACK_AFTER_CALL;
}

static bool interrupts_off(const struct probe *probe)
{
    return !(probe->state.rflags & RFLAGS_IF);
}

static bool trap_and_alignment_off(const struct probe *probe)
{
    return !(probe->state.rflags & (RFLAGS_TF | RFLAGS_AC));
}

static bool others_zero(const struct probe *probe)
{
    return probe->state.others == 0;
}

static bool return_address_zero(const struct probe *probe)
{
    return probe->state.return_address == 0;
}

static bool direction_up(const struct probe *probe)
{
    return !(probe->state.rflags & RFLAGS_DF);
}

static bool long_mode(const struct probe *probe)
{
    return (probe->state.efer & EFER_LMA) && (probe->state.cr4 & CR4_PAE) &&
           (probe->state.cr0 & CR0_PE) && (probe->state.cr0 & CR0_PG);
}

static bool write_protect(const struct probe *probe)
{
    return (probe->state.cr0 & CR0_WP) != 0;
}

static bool no_execute_on(const struct probe *probe)
{
    return !cpu_has_nx() || (probe->state.efer & EFER_NXE);
}

static bool cr3_as_told(const struct probe *probe)
{
    return (probe->state.cr3 & CR3_ADDRESS) == probe->info->page_table_phys;
}

static bool stack_size(const struct probe *probe)
{
    return probe->info->stack_last - probe->info->stack_first + 1 == BOOT_STACK_BYTES;
}

static bool stack_at_top(const struct probe *probe)
{
    return probe->state.rsp <= probe->info->stack_last &&
           probe->state.rsp > probe->info->stack_last - STACK_USED_AT_MOST;
}

static bool entered_at_entry(const struct probe *probe)
{
    return probe->state.rip == probe->info->kernel_entry;
}

static bool segments_zero(const struct probe *probe)
{
    uint16_t ss, ds, es, fs, gs;
    (void)probe;
    __asm__ volatile("mov %%ss, %0\n\tmov %%ds, %1\n\tmov %%es, %2\n\tmov %%fs, %3\n\tmov %%gs, %4"
                     : "=r"(ss), "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
    return (ss | ds | es | fs | gs) == 0;
}

/* The same gate that hardware would take; without a handler the machine resets here. */
static bool nmi_passed_over(const struct probe *probe)
{
    (void)probe;
    __asm__ volatile("int $2" : : : "memory");
    return true;
}

const struct probe_check entry_checks[] = {
    { "RDI points into the direct map", rdi_in_direct_map },
    { "RSP is 16-byte aligned minus 8", stack_aligned },
    { "interrupts are off", interrupts_off },
    { "the direction flag is clear", direction_up },
    { "the trap and alignment flags are clear", trap_and_alignment_off },
    { "the other general registers are 0", others_zero },
    { "a return address of 0 lies at RSP", return_address_zero },
    { "the CPU is in long mode", long_mode },
    { "CR0.WP is set", write_protect },
    { "EFER.NXE is set when the CPU has NX", no_execute_on },
    { "CR3 is page_table_phys", cr3_as_told },
    { "the stack has BOOT_STACK_BYTES", stack_size },
    { "RSP is at the top of the stack", stack_at_top },
    { "the entry is kernel_entry", entered_at_entry },
    { "the segment registers but CS are 0", segments_zero },
    { "a non-maskable interrupt is passed over", nmi_passed_over },
    { NULL, NULL },
};

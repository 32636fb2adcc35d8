/* SPDX-License-Identifier: MIT
 *
 * The vectors for which C has no cause: some have a real one in assembly or in
 * a register, the others are entered by INT or, where the CPU pushes an error
 * code, by a frame made by hand. Each says which, and why.
 */
#include "hw/cpu.h"
#include "hw/descriptors.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/vectors.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/raise.h"

#define SPURIOUS      0x77
#define RESERVED      15   /* the manual's one reserved vector among the old ones */
#define CP_FAR_RET    0x02 /* #CP: a far return did not find its address on the shadow stack */
#define VC_CPUID      0x72 /* #VC: SVM's exit code of CPUID */
#define SX_REDIRECTED 0x01 /* #SX: an INIT was redirected */

/* A fault in front of the instruction. */
DISASTER(hardware_breakpoint, "hardware-breakpoint", "run into DR0: #DB, goes on")
{
    dr0_write((uint64_t)raise_trace_point);
    dr7_write(DR7_FIXED | DR7_L0);
    raise_trace_point();
    dr7_write(DR7_FIXED);
}

/* A trap behind the store. */
DISASTER(watchpoint, "watchpoint", "write what DR0 watches: #DB, goes on")
{
    static volatile uint64_t watched ALIGNED(8);
    dr0_write((uint64_t)&watched);
    dr7_write(DR7_FIXED | DR7_L0 | DR7_LEN0_8 | DR7_RW_WRITE << DR7_RW_SHIFT);
    watched++;
    dr7_write(DR7_FIXED);
}

DISASTER(nmi, "nmi", "interrupt 2, on its own stack, goes on")
{
    raise_interrupt(VECTOR_NMI);
}

/* INTO raised it; 64-bit mode has no such instruction. */
DISASTER(overflow, "overflow", "interrupt 4, as INTO would: #OF")
{
    raise_interrupt(VECTOR_OF);
}

/* BOUND raised it; 64-bit mode has no such instruction. */
DISASTER(bound, "bound", "interrupt 5, as BOUND would: #BR")
{
    raise_interrupt(VECTOR_BR);
}

/* The interrupt wants the second IST stack, and the TSS ends before it. */
DISASTER(invalid_tss, "invalid-tss", "an IST stack beyond the TSS's limit: #TS")
{
    segments_shorten_tss(offsetof(struct task_state, ist));
    raise_interrupt(VECTOR_NMI);
}

DISASTER(reserved, "reserved", "interrupt 15, which nothing raises")
{
    raise_interrupt(RESERVED);
}

DISASTER(x87, "x87", "divide by zero in x87, unmasked: #MF")
{
    raise_x87();
}

/* Only ring 3 is checked for alignment, and nothing of ours runs there yet. */
DISASTER(alignment, "alignment", "a frame made by hand, as in ring 3: #AC")
{
    raise_deliver(vector_handler(VECTOR_AC), 0);
}

DISASTER(machine_check, "machine-check", "interrupt 18, on its own stack: #MC")
{
    raise_interrupt(VECTOR_MC);
}

/* QEMU's TCG divides without raising; there the vector is entered by INT. */
DISASTER(simd, "simd", "divide zero by zero in SSE, unmasked: #XM")
{
    cr4_write(cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT);
    raise_simd();
    raise_interrupt(VECTOR_XM);
}

/* A hypervisor's page-table protection would raise it, under a VMCS of its own. */
DISASTER(virtualization, "virtualization", "interrupt 20, as a hypervisor would: #VE")
{
    raise_interrupt(VECTOR_VE);
}

/* Needs shadow stacks, which neither emulator has. */
DISASTER(control_protection, "control-protection", "a frame made by hand, as CET would: #CP")
{
    raise_deliver(vector_handler(VECTOR_CP), CP_FAR_RET);
}

/* Only in an SEV-SNP guest. */
DISASTER(hypervisor_injection, "hypervisor-injection", "interrupt 28, as SEV-SNP would: #HV")
{
    raise_interrupt(VECTOR_HV);
}

/* Only in an SEV-ES guest. */
DISASTER(vmm_communication, "vmm-communication", "a frame made by hand, as SEV-ES would: #VC")
{
    raise_deliver(vector_handler(VECTOR_VC), VC_CPUID);
}

/* Only where SVM redirects INIT. */
DISASTER(security, "security", "a frame made by hand, as SVM would: #SX")
{
    raise_deliver(vector_handler(VECTOR_SX), SX_REDIRECTED);
}

DISASTER(spurious, "spurious", "an interrupt that no device has, goes on")
{
    raise_interrupt(SPURIOUS);
}

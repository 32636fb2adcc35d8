/* SPDX-License-Identifier: MIT
 *
 * Tests that fault on purpose: each protection is provoked, and must strike
 * with the right vector, error code and address. Also that exceptions which
 * are not errors come back.
 */
#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/spoil.h"

#define PHYSICAL_BITS_ALL 52

/* Provoke by name inside an attempt, and check that it faults with this vector. */
static struct attempt provoke_expecting(const char *name, unsigned vector)
{
    struct attempt attempt;
    void (*action)(void *) = provoke_find(name);
    memset(&attempt, 0, sizeof(attempt));
    if (!CLAIM(action != NULL))
        return attempt;
    CLAIM(!attempt_run(&attempt, action, NULL));
    CLAIM_EQUAL(attempt.frame.vector, vector);
    return attempt;
}

SELFTEST(fault_divide, "fault.divide")
{
    provoke_expecting("divide", VECTOR_DE);
}

SELFTEST(fault_single_step, "fault.single-step")
{
    provoke_expecting("single-step", VECTOR_DB);
}

SELFTEST(fault_breakpoint, "fault.breakpoint")
{
    provoke_expecting("breakpoint", VECTOR_BP);
}

SELFTEST(fault_breakpoint_returns, "fault.breakpoint-returns")
{
    uint64_t kept = (uint64_t)kernel_base;
    __asm__ volatile("int3" : "+r"(kept));
    CLAIM_EQUAL(kept, (uint64_t)kernel_base);
}

SELFTEST(fault_invalid_opcode, "fault.invalid-opcode")
{
    provoke_expecting("invalid-opcode", VECTOR_UD);
}

SELFTEST(fault_no_coprocessor, "fault.no-coprocessor")
{
    const uint64_t cr0 = cr0_read();
    provoke_expecting("no-coprocessor", VECTOR_NM);
    cr0_write(cr0);
}

SELFTEST(fault_bad_selector, "fault.bad-selector")
{
    const struct attempt attempt = provoke_expecting("bad-selector", VECTOR_GP);
    CLAIM(attempt.frame.error != 0);
}

SELFTEST(fault_segment_not_present, "fault.segment-not-present")
{
    const struct attempt attempt = provoke_expecting("segment-not-present", VECTOR_NP);
    CLAIM_EQUAL(attempt.frame.error, SELECTOR_ABSENT);
}

SELFTEST(fault_stack_segment, "fault.stack-segment")
{
    const struct attempt attempt = provoke_expecting("stack-segment", VECTOR_SS);
    CLAIM_EQUAL(attempt.frame.error, SELECTOR_ABSENT);
}

SELFTEST(fault_general_protection, "fault.general-protection")
{
    const struct attempt attempt = provoke_expecting("general-protection", VECTOR_GP);
    CLAIM_EQUAL(attempt.frame.error, 0);
}

SELFTEST(fault_unmapped, "fault.page-fault")
{
    const struct attempt attempt = provoke_expecting("page-fault", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_W);
    CLAIM_EQUAL(attempt.frame.cr2, PROVOKE_UNMAPPED);
}

SELFTEST(fault_null, "fault.null")
{
    const struct attempt attempt = provoke_expecting("null", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, 0);
    CLAIM(attempt.frame.cr2 < PAGE_BYTES);
}

SELFTEST(fault_write_text, "fault.write-text")
{
    const struct attempt attempt = provoke_expecting("write-text", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_W);
    CLAIM_EQUAL(attempt.frame.cr2, (uint64_t)kernel_text_first);
}

SELFTEST(fault_write_rodata, "fault.write-rodata")
{
    const struct attempt attempt = provoke_expecting("write-rodata", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_W);
}

SELFTEST(fault_execute_data, "fault.execute-data")
{
    if (!cpu_no_execute_is_on()) {
        CLAIM_SKIP("this CPU has no NX");
        return;
    }
    const struct attempt attempt = provoke_expecting("execute-data", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_I);
    CLAIM_EQUAL(attempt.frame.cr2, attempt.frame.rip);
}

SELFTEST(fault_null_call, "fault.null-call")
{
    const struct attempt attempt = provoke_expecting("null-call", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.rip, 0);
    CLAIM_EQUAL(attempt.frame.cr2, 0);
}

SELFTEST(fault_null_field, "fault.null-field")
{
    const struct attempt attempt = provoke_expecting("null-field", VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_W);
    CLAIM(attempt.frame.cr2 > 0 && attempt.frame.cr2 < PAGE_BYTES);
}

SELFTEST(fault_guard_page, "fault.guard-page")
{
    const struct attempt attempt = provoke_expecting("guard-page", VECTOR_PF);
    struct stack_area area;
    CLAIM(stacks_find_guard(attempt.frame.cr2, &area));
    CLAIM(string_equals(area.name, "NMI stack"));
}

SELFTEST(fault_elsewhere, "fault.beyond-ram-and-ring-3")
{
    CLAIM_EQUAL(provoke_expecting("beyond-ram", VECTOR_PF).frame.error, PF_ERROR_W);
    CLAIM_EQUAL(provoke_expecting("ring-3-address", VECTOR_PF).frame.error, PF_ERROR_W);
}

SELFTEST(fault_freed_pointer, "fault.freed-pointer")
{
    const struct attempt attempt = provoke_expecting("freed-pointer", VECTOR_GP);
    CLAIM_EQUAL(attempt.frame.error, 0);
}

SELFTEST(fault_smap, "fault.smap")
{
    if (!cpu_has("SMAP")) {
        CLAIM_SKIP("this CPU has no SMAP");
        return;
    }
    const struct attempt attempt = provoke_expecting("smap", VECTOR_PF);
    spoil_mend();
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P);
}

SELFTEST(fault_smep, "fault.smep")
{
    if (!cpu_has("SMEP")) {
        CLAIM_SKIP("this CPU has no SMEP");
        return;
    }
    const struct attempt attempt = provoke_expecting("smep", VECTOR_PF);
    spoil_mend();
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_I);
}

SELFTEST(fault_reserved_bit, "fault.reserved-bit")
{
    if (cpu_physical_bits() == PHYSICAL_BITS_ALL) {
        CLAIM_SKIP("this CPU's addresses have no reserved bit");
        return;
    }
    const struct attempt attempt = provoke_expecting("reserved-bit", VECTOR_PF);
    spoil_mend();
    /* The manual has P set with it; QEMU leaves it clear. */
    CLAIM_EQUAL(attempt.frame.error | PF_ERROR_P, PF_ERROR_P | PF_ERROR_RSVD);
}

/* Which stack a handler ran on. */
static bool handled_on(const struct attempt *attempt, enum stack_ist ist)
{
    struct stack_area area;
    return stacks_find(attempt->handler_rsp, &area) &&
           area.range.first == stacks_area((unsigned)ist).range.first;
}

SELFTEST(fault_stack_overflow, "fault.stack-overflow")
{
    const struct attempt attempt = provoke_expecting("stack-overflow", VECTOR_DF);
    struct stack_area area;
    CLAIM(handled_on(&attempt, STACK_IST_DOUBLE_FAULT));
    CLAIM(stacks_find_guard(attempt.frame.cr2, &area));
    CLAIM(string_equals(area.name, "kernel stack"));
}

SELFTEST(fault_ist_overflow, "fault.ist-overflow")
{
    const struct attempt attempt = provoke_expecting("ist-overflow", VECTOR_DF);
    struct stack_area area;
    CLAIM(stacks_find_guard(attempt.frame.cr2, &area));
    CLAIM(string_equals(area.name, "double-fault stack"));
}

SELFTEST(fault_nmi_stack, "fault.nmi-stack")
{
    const struct attempt attempt = provoke_expecting("nmi", VECTOR_NMI);
    CLAIM(handled_on(&attempt, STACK_IST_NMI));
}

SELFTEST(fault_machine_check_stack, "fault.machine-check-stack")
{
    const struct attempt attempt = provoke_expecting("machine-check", VECTOR_MC);
    CLAIM(handled_on(&attempt, STACK_IST_MACHINE_CHECK));
}

SELFTEST(fault_spurious, "fault.spurious-interrupt")
{
    const uint64_t before = exception_spurious_count();
    provoke_find("spurious")(NULL);
    CLAIM_EQUAL(exception_spurious_count(), before + 1);
}

/* Every register must survive an exception that returns. */
SELFTEST(fault_registers_survive, "fault.registers-survive")
{
    uint64_t sum;
    __asm__ volatile("movq $1, %%rax\n\t"
                     "movq $2, %%rbx\n\t"
                     "movq $4, %%rcx\n\t"
                     "movq $8, %%rdx\n\t"
                     "movq $16, %%rsi\n\t"
                     "movq $32, %%rdi\n\t"
                     "movq $64, %%r8\n\t"
                     "movq $128, %%r9\n\t"
                     "movq $256, %%r10\n\t"
                     "movq $512, %%r11\n\t"
                     "movq $1024, %%r12\n\t"
                     "movq $2048, %%r13\n\t"
                     "movq $4096, %%r14\n\t"
                     "movq $8192, %%r15\n\t"
                     "int3\n\t"
                     "addq %%rbx, %%rax\n\t"
                     "addq %%rcx, %%rax\n\t"
                     "addq %%rdx, %%rax\n\t"
                     "addq %%rsi, %%rax\n\t"
                     "addq %%rdi, %%rax\n\t"
                     "addq %%r8, %%rax\n\t"
                     "addq %%r9, %%rax\n\t"
                     "addq %%r10, %%rax\n\t"
                     "addq %%r11, %%rax\n\t"
                     "addq %%r12, %%rax\n\t"
                     "addq %%r13, %%rax\n\t"
                     "addq %%r14, %%rax\n\t"
                     "addq %%r15, %%rax\n\t"
                     : "=a"(sum)
                     :
                     : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
                       "r14", "r15", "memory", "cc");
    CLAIM_EQUAL(sum, 16383);
}

/* SPDX-License-Identifier: MIT
 *
 * Short visits to ring 3, for what only happens there: alignment checks, and
 * that ring 3 can touch nothing of ours. The code is a few bytes in a page that
 * is opened for it; it ends by an exception in any case.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/raise.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/spoil.h"

/* Each ends with HLT, which ring 3 must not. */
static const uint8_t halts[] = { 0xF4 };
static const uint8_t reads_misaligned[] = { 0x8B, 0x05, 1, 0, 0, 0, 0xF4 };  /* mov eax, [rip+1] */
static const uint8_t stores_gdt[] = { 0x0F, 0x01, 0x05, 64, 0, 0, 0, 0xF4 }; /* sgdt [rip+64] */
static const uint8_t reads_rdi[] = { 0x8A, 0x07, 0xF4 };                     /* mov al, [rdi] */
static const uint8_t writes_rdi[] = { 0x88, 0x07, 0xF4 };                    /* mov [rdi], al */
static const uint8_t calls_rdi[] = { 0xFF, 0xE7 };                           /* jmp rdi */

struct visit {
    uint64_t rflags;
    uint64_t rdi;
};

static void enter(void *argument)
{
    const struct visit *visit = argument;
    raise_ring_3((uint64_t)spoiled_page, visit->rflags, visit->rdi);
}

/* Run the code in ring 3 and tell how it ended. */
static struct attempt visit_ring_3(const uint8_t *code, size_t bytes, uint64_t rflags, uint64_t rdi)
{
    struct visit visit = { .rflags = RFLAGS_FIXED | rflags, .rdi = rdi };
    struct attempt attempt;
    memset(&attempt, 0, sizeof(attempt));
    memcpy(spoiled_page, code, bytes);
    spoil_page(PTE_US, PTE_XD, SPOIL_ALL_LEVELS);
    CLAIM(!attempt_run(&attempt, enter, &visit));
    spoil_mend();
    CLAIM_EQUAL(attempt.frame.cs, SELECTOR_USER_CODE);
    CLAIM_EQUAL(attempt.frame.ss, SELECTOR_USER_DATA);
    return attempt;
}

SELFTEST(ring_3_privileged, "ring-3.privileged-instruction")
{
    const struct attempt attempt = visit_ring_3(halts, sizeof(halts), 0, 0);
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_GP);
    CLAIM_EQUAL(attempt.frame.rip, (uint64_t)spoiled_page);
}

SELFTEST(ring_3_alignment, "ring-3.alignment-check")
{
    const uint64_t cr0 = cr0_read();
    cr0_write(cr0 | CR0_AM);
    const struct attempt attempt =
        visit_ring_3(reads_misaligned, sizeof(reads_misaligned), RFLAGS_AC, 0);
    cr0_write(cr0);
    if (attempt.frame.vector == VECTOR_GP) {
        CLAIM_SKIP("this emulator checks no alignment");
        return;
    }
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_AC);
    CLAIM_EQUAL(attempt.frame.error, 0);
}

SELFTEST(ring_3_umip, "ring-3.umip")
{
    if (!cpu_has("UMIP")) {
        CLAIM_SKIP("this CPU has no UMIP");
        return;
    }
    const struct attempt attempt = visit_ring_3(stores_gdt, sizeof(stores_gdt), 0, 0);
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_GP);
    CLAIM_EQUAL(attempt.frame.rip, (uint64_t)spoiled_page);
}

SELFTEST(ring_3_reads_kernel, "ring-3.reads-nothing-of-ours")
{
    const uint64_t secret = (uint64_t)kernel_data_first;
    const struct attempt attempt = visit_ring_3(reads_rdi, sizeof(reads_rdi), 0, secret);
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_U);
    CLAIM_EQUAL(attempt.frame.cr2, secret);
}

SELFTEST(ring_3_writes_kernel, "ring-3.writes-nothing-of-ours")
{
    const uint64_t code = (uint64_t)kernel_text_first;
    const struct attempt attempt = visit_ring_3(writes_rdi, sizeof(writes_rdi), 0, code);
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.error, PF_ERROR_P | PF_ERROR_U | PF_ERROR_W);
}

SELFTEST(ring_3_runs_kernel, "ring-3.runs-nothing-of-ours")
{
    const uint64_t code = (uint64_t)kernel_text_first;
    const struct attempt attempt = visit_ring_3(calls_rdi, sizeof(calls_rdi), 0, code);
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_PF);
    CLAIM_EQUAL(attempt.frame.rip, code);
    CLAIM_EQUAL(attempt.frame.error & PF_ERROR_U, PF_ERROR_U);
}

/* What comes from ring 3 is handled on the stack that the TSS names. */
SELFTEST(ring_3_stack, "ring-3.interrupted-on-our-stack")
{
    const struct attempt attempt = visit_ring_3(halts, sizeof(halts), 0, 0);
    const uint64_t here = (uint64_t)__builtin_frame_address(0);
    CLAIM(attempt.handler_rsp < here && here - attempt.handler_rsp < PAGE_BYTES);
    CLAIM_EQUAL(attempt.frame.rsp, 0);
}

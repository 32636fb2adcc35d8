/* SPDX-License-Identifier: MIT
 *
 * All 32 exceptions and all other vectors: each is provoked and must reach its
 * handler under its own number, with the words that its report would have.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/core/string.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/raise.h"
#include "kernel/selftest/selftest.h"

#define TEXT_BYTES 160

/* What raises a vector: a disaster of this name, or INT where nothing has been given it. */
struct exception_row {
    unsigned vector;
    const char *disaster;
    const char *words; /* how its report begins */
};

static const struct exception_row rows[VECTORS_EXCEPTION] = {
    { VECTOR_DE, "divide", "divide error (#DE)" },
    { VECTOR_DB, "single-step", "debug exception (#DB)" },
    { VECTOR_NMI, "nmi", "non-maskable interrupt (NMI)" },
    { VECTOR_BP, "breakpoint", "breakpoint (#BP)" },
    { VECTOR_OF, "overflow", "overflow (#OF)" },
    { VECTOR_BR, "bound", "BOUND range exceeded (#BR)" },
    { VECTOR_UD, "invalid-opcode", "invalid opcode (#UD)" },
    { VECTOR_NM, "no-coprocessor", "no math coprocessor (#NM)" },
    { VECTOR_DF, "double-fault", "double fault (#DF), error code 0x0" },
    { 9, NULL, "reserved exception, vector 9" },
    { VECTOR_TS, "invalid-tss", "invalid TSS (#TS): entry 3 of the GDT (error code 0x18)" },
    { VECTOR_NP, "segment-not-present",
      "segment not present (#NP): entry 5 of the GDT (error code 0x28)" },
    { VECTOR_SS, "stack-segment",
      "stack-segment fault (#SS): entry 5 of the GDT (error code 0x28)" },
    { VECTOR_GP, "bad-selector", "general protection (#GP): entry 8 of the GDT (error code 0x40)" },
    { VECTOR_PF, "page-fault", "page fault (#PF), error code 0x2" },
    { 15, "reserved", "reserved exception, vector 15" },
    { VECTOR_MF, "x87", "x87 floating-point error (#MF)" },
    { VECTOR_AC, "alignment", "alignment check (#AC), error code 0x0" },
    { VECTOR_MC, "machine-check", "machine check (#MC)" },
    { VECTOR_XM, "simd", "SIMD floating-point error (#XM)" },
    { VECTOR_VE, "virtualization", "virtualization exception (#VE)" },
    { VECTOR_CP, "control-protection", "control protection (#CP), error code 0x2" },
    { 22, NULL, "reserved exception, vector 22" },
    { 23, NULL, "reserved exception, vector 23" },
    { 24, NULL, "reserved exception, vector 24" },
    { 25, NULL, "reserved exception, vector 25" },
    { 26, NULL, "reserved exception, vector 26" },
    { 27, NULL, "reserved exception, vector 27" },
    { VECTOR_HV, "hypervisor-injection", "hypervisor injection (#HV)" },
    { VECTOR_VC, "vmm-communication", "VMM communication (#VC), error code 0x72" },
    { VECTOR_SX, "security", "security exception (#SX), error code 0x1" },
    { 31, NULL, "reserved exception, vector 31" },
};

static void interrupt(void *vector)
{
    raise_interrupt(*(const unsigned *)vector);
}

/* What disasters change of the machine on their way to the exception. */
struct machine {
    uint64_t cr0;
    uint64_t cr4;
};

static struct machine machine_note(void)
{
    return (struct machine){ cr0_read(), cr4_read() };
}

static void machine_mend(struct machine before)
{
    cr0_write(before.cr0);
    cr4_write(before.cr4);
    dr7_write(DR7_FIXED);
    dr6_write(DR6_CLEAR);
    segments_begin();
}

static struct attempt raise_row(const struct exception_row *row)
{
    unsigned vector = row->vector;
    const struct machine before = machine_note();
    struct attempt attempt;
    memset(&attempt, 0, sizeof(attempt));
    void (*action)(void *) = row->disaster == NULL ? interrupt : provoke_find(row->disaster);
    if (CLAIM(action != NULL))
        CLAIM(!attempt_run(&attempt, action, &vector));
    machine_mend(before);
    return attempt;
}

SELFTEST(exception_every_one, "exception.every-one")
{
    for (unsigned i = 0; i < VECTORS_EXCEPTION; i++) {
        const struct attempt attempt = raise_row(&rows[i]);
        CLAIM_EQUAL(rows[i].vector, i);
        CLAIM_EQUAL(attempt.frame.vector, i);
    }
}

SELFTEST(exception_in_words, "exception.every-one-in-words")
{
    char text[TEXT_BYTES];
    for (unsigned i = 0; i < VECTORS_EXCEPTION; i++) {
        const struct attempt attempt = raise_row(&rows[i]);
        exception_describe(text, sizeof(text), (unsigned)attempt.frame.vector, attempt.frame.error);
        if (!CLAIM(string_equals(text, rows[i].words)))
            CLAIM_EQUAL(i, VECTORS_EXCEPTION); /* says which */
    }
}

/* Which vectors push an error code stands in vectors.asm too: the words must know the same ones. */
SELFTEST(exception_error_codes, "exception.error-codes")
{
    unsigned with_error = 0;
    for (unsigned i = 0; i < VECTORS_EXCEPTION; i++)
        with_error += exception_has_error(i) ? 1 : 0;
    CLAIM_EQUAL(with_error, 10);
    CLAIM(!exception_has_error(VECTORS_EXCEPTION));
}

SELFTEST(exception_other_vectors, "exception.vectors-32-to-255")
{
    for (unsigned vector = VECTORS_EXCEPTION; vector < VECTORS_ALL; vector++) {
        struct attempt attempt;
        CLAIM(!attempt_run(&attempt, interrupt, &vector));
        CLAIM_EQUAL(attempt.frame.vector, vector);
        CLAIM_EQUAL(attempt.frame.error, 0);
    }
}

SELFTEST(exception_spurious, "exception.spurious-are-counted")
{
    const uint64_t before = exception_spurious_count();
    for (unsigned vector = VECTORS_EXCEPTION; vector < VECTORS_ALL; vector++)
        raise_interrupt(vector);
    CLAIM_EQUAL(exception_spurious_count(), before + VECTORS_ALL - VECTORS_EXCEPTION);
}

static bool debug_says(uint64_t dr6, uint64_t dr7, const char *expected)
{
    char text[TEXT_BYTES];
    exception_debug_cause(text, sizeof(text), dr6, dr7);
    return string_equals(text, expected);
}

SELFTEST(exception_debug_words, "exception.debug-causes")
{
    const uint64_t dr2 = DR6_B0 << 2;
    const unsigned dr2_kind = DR7_RW_SHIFT + 2 * DR7_RW_BITS;
    CLAIM(debug_says(DR6_BS, 0, "a single step"));
    CLAIM(debug_says(DR6_BD, 0, "a guarded debug register was touched"));
    CLAIM(debug_says(0, 0, "by an instruction"));
    CLAIM(debug_says(DR6_B0, DR7_RW_EXECUTE, "the breakpoint in DR0"));
    CLAIM(debug_says(dr2, DR7_RW_WRITE << dr2_kind, "data watched by DR2 was written"));
    CLAIM(debug_says(dr2, DR7_RW_IO << dr2_kind, "a port watched by DR2 was touched"));
    CLAIM(debug_says(dr2, DR7_RW_ACCESS << dr2_kind, "data watched by DR2 was touched"));
}

/* Provoke a #DB by DR0; returns DR6 as the CPU left it, 0 where nothing struck. */
static uint64_t strike(const char *disaster, struct attempt *attempt)
{
    dr6_write(DR6_CLEAR);
    const bool came_back = attempt_run(attempt, provoke_find(disaster), NULL);
    const uint64_t dr6 = dr6_read();
    dr7_write(DR7_FIXED);
    dr6_write(DR6_CLEAR);
    return came_back ? 0 : dr6;
}

SELFTEST(exception_breakpoint, "exception.hardware-breakpoint")
{
    struct attempt attempt;
    const uint64_t dr6 = strike("hardware-breakpoint", &attempt);
    if (dr6 == 0) {
        CLAIM_SKIP("this emulator has no hardware breakpoints");
        return;
    }
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_DB);
    CLAIM_EQUAL(attempt.frame.rip, (uint64_t)raise_trace_point);
    CLAIM(dr6 & DR6_B0);
}

SELFTEST(exception_watchpoint, "exception.watchpoint")
{
    struct attempt attempt;
    const uint64_t dr6 = strike("watchpoint", &attempt);
    if (dr6 == 0) {
        CLAIM_SKIP("this emulator has no watchpoints");
        return;
    }
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_DB);
    CLAIM(dr6 & DR6_B0);
    CLAIM(!(dr6 & DR6_BS));
}

static void run_simd(void *unused)
{
    (void)unused;
    cr4_write(cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT);
    raise_simd();
}

SELFTEST(exception_simd, "exception.simd-by-its-cause")
{
    const struct machine before = machine_note();
    struct attempt attempt;
    const bool came_back = attempt_run(&attempt, run_simd, NULL);
    machine_mend(before);
    if (came_back) {
        CLAIM_SKIP("this emulator's SSE raises no exception");
        return;
    }
    CLAIM_EQUAL(attempt.frame.vector, VECTOR_XM);
}

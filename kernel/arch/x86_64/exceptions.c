/* SPDX-License-Identifier: MIT
 *
 * What happens at each vector. Breakpoints and single steps are reported and
 * passed over, so is an NMI without a hardware error; every other exception is
 * the end. Interrupts are off: a device's vector is spurious.
 */
#include <stdbool.h>

#include "hw/cpu.h"
#include "hw/pc_ports.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/arch/x86_64/fault_report.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/format.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"

#define SPURIOUS_LINES    8 /* further ones are only counted */
#define DESCRIPTION_BYTES 96

static uint64_t spurious_count;

uint64_t exception_spurious_count(void)
{
    return spurious_count;
}

/* One line: what it was and where; execution goes on. */
static void note(const struct exception_frame *frame, const char *remark)
{
    const unsigned vector = (unsigned)frame->vector;
    kprintf("coldstart: %s %s at", exception_name(vector), exception_mnemonic(vector));
    symbols_print(frame->rip);
    kprintf("%s, going on\n", remark);
}

static void spurious(const struct exception_frame *frame)
{
    spurious_count++;
    if (spurious_count > SPURIOUS_LINES)
        return;
    kprintf("coldstart: spurious interrupt, vector %llu at", (unsigned long long)frame->vector);
    symbols_print(frame->rip);
    kprintf("%s\n", spurious_count == SPURIOUS_LINES ? "; further ones are only counted" : "");
}

/* One step is enough to be told; a breakpoint must let its instruction run. */
static void debug(struct exception_frame *frame)
{
    char cause[DESCRIPTION_BYTES];
    const size_t key = format_string(cause, sizeof(cause), ": ");
    exception_debug_cause(cause + key, sizeof(cause) - key, dr6_read(), dr7_read());
    dr6_write(DR6_CLEAR);
    frame->rflags &= ~(uint64_t)RFLAGS_TF;
    frame->rflags |= RFLAGS_RF;
    note(frame, cause);
}

static void nmi(const struct exception_frame *frame)
{
    const uint8_t status = port_read8(PORT_NMI_STATUS);
    if ((status & NMI_STATUS_PARITY) != 0)
        panic_at(frame, "non-maskable interrupt (NMI): memory parity or system error");
    if ((status & NMI_STATUS_IOCHK) != 0)
        panic_at(frame, "non-maskable interrupt (NMI): an expansion card reports an error");
    note(frame, ": no hardware error is reported");
}

void exception_dispatch(struct exception_frame *frame)
{
    if (attempt_take(frame))
        return;
    if (frame->vector >= VECTORS_EXCEPTION) {
        spurious(frame);
        return;
    }
    switch (frame->vector) {
    case VECTOR_DB:
        debug(frame);
        return;
    case VECTOR_BP:
        note(frame, "");
        return;
    case VECTOR_NMI:
        nmi(frame);
        return;
    case VECTOR_PF:
        fault_report_page(frame);
    case VECTOR_DF:
        fault_report_double(frame);
    default:
        fault_report(frame);
    }
}

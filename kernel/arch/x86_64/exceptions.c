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
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"

#define DESCRIPTION_BYTES 160

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
    kprintf("%s\n", remark);
}

static void spurious(const struct exception_frame *frame)
{
    spurious_count++;
    kprintf("coldstart: spurious interrupt, vector %llu at", (unsigned long long)frame->vector);
    symbols_print(frame->rip);
    kprintf("\n");
}

static void nmi(const struct exception_frame *frame)
{
    const uint8_t status = port_read8(PORT_NMI_STATUS);
    if ((status & NMI_STATUS_PARITY) != 0)
        panic_at(frame, "non-maskable interrupt (NMI): memory parity or system error");
    if ((status & NMI_STATUS_IOCHK) != 0)
        panic_at(frame, "non-maskable interrupt (NMI): an expansion card reports an error");
    note(frame, ", no hardware error is reported");
}

static NORETURN void page_fault(const struct exception_frame *frame)
{
    panic_at(frame, "page fault (#PF): %s 0x%llx\n  as  %s (error code 0x%llx)",
             exception_page_fault_access(frame->error), (unsigned long long)frame->cr2,
             exception_page_fault_reason(frame->error), (unsigned long long)frame->error);
}

static NORETURN void double_fault(const struct exception_frame *frame)
{
    struct stack_area stack;
    /* CR2 still holds what the push of the first exception ran into. */
    if (stacks_find_guard(frame->cr2, &stack))
        panic_at(frame, "double fault (#DF): the %s has overflowed", stack.name);
    panic_at(frame, "double fault (#DF): an exception could not be delivered");
}

static NORETURN void fatal(const struct exception_frame *frame)
{
    const unsigned vector = (unsigned)frame->vector;
    char text[DESCRIPTION_BYTES];
    if (exception_has_selector(vector)) {
        exception_describe_selector(text, sizeof(text), frame->error);
        panic_at(frame, "%s (%s): %s (error code 0x%llx)", exception_name(vector),
                 exception_mnemonic(vector), text, (unsigned long long)frame->error);
    }
    panic_at(frame, "%s (%s), vector %u", exception_name(vector), exception_mnemonic(vector),
             vector);
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
        frame->rflags &= ~(uint64_t)RFLAGS_TF; /* one step is enough to be told */
        note(frame, ", going on");
        return;
    case VECTOR_BP:
        note(frame, ", going on");
        return;
    case VECTOR_NMI:
        nmi(frame);
        return;
    case VECTOR_PF:
        page_fault(frame);
    case VECTOR_DF:
        double_fault(frame);
    default:
        fatal(frame);
    }
}

/* SPDX-License-Identifier: MIT
 *
 * The report of a panic. Each part may fault itself, so the depth is counted:
 * the second panic reports in one line, the third only halts.
 */
#include "kernel/arch/x86_64/panic.h"

#include <stdarg.h>

#include "hw/cpu.h"
#include "kernel/arch/x86_64/backtrace.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/page_walk_print.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"

static unsigned depth;
static const char *action_name = "halt";
static void (*action_run)(void);

void panic_set_action(const char *name, void (*action)(void))
{
    action_name = name;
    action_run = action;
}

static void print_registers(const struct exception_frame *frame)
{
    const struct {
        const char *name;
        uint64_t value;
    } all[] = {
        { "rax", frame->rax }, { "rbx", frame->rbx }, { "rcx", frame->rcx }, { "rdx", frame->rdx },
        { "rsi", frame->rsi }, { "rdi", frame->rdi }, { "rbp", frame->rbp }, { "rsp", frame->rsp },
        { "r8 ", frame->r8 },  { "r9 ", frame->r9 },  { "r10", frame->r10 }, { "r11", frame->r11 },
        { "r12", frame->r12 }, { "r13", frame->r13 }, { "r14", frame->r14 }, { "r15", frame->r15 },
        { "cr2", frame->cr2 }, { "cr3", cr3_read() },
    };
    const unsigned a_line = 3;
    kprintf("Registers:\n");
    for (unsigned i = 0; i < ARRAY_COUNT(all); i++)
        kprintf("  %s 0x%016llx%s", all[i].name, (unsigned long long)all[i].value,
                i % a_line == a_line - 1 ? "\n" : "");
    kprintf("  cs 0x%llx  ss 0x%llx  rflags 0x%llx  cr0 0x%llx  cr4 0x%llx\n",
            (unsigned long long)frame->cs, (unsigned long long)frame->ss,
            (unsigned long long)frame->rflags, (unsigned long long)cr0_read(),
            (unsigned long long)cr4_read());
}

static void print_place(const struct exception_frame *frame)
{
    struct stack_area stack;
    kprintf("  at  0x%llx", (unsigned long long)frame->rip);
    symbols_print(frame->rip);
    if (stacks_find_guard(frame->rsp, &stack) ||
        (frame->vector == VECTOR_DF && stacks_find_guard(frame->cr2, &stack)))
        kprintf("\n  on  the %s, which has overflowed", stack.name);
    else if (stacks_find(frame->rsp, &stack))
        kprintf("\n  on  the %s, with %llu bytes left", stack.name,
                (unsigned long long)(frame->rsp - stack.range.first));
    else
        kprintf("\n  on  no stack of ours");
    kprintf("\n");
}

static void print_walk(uint64_t virt)
{
    const struct page_tables tables = page_tables_current();
    page_walk_print(&tables, virt);
}

/* An action that panics itself is not tried again. */
static NORETURN void stop(void)
{
    void (*const action)(void) = action_run;
    kprintf("coldstart: after a panic: %s\n", action_name);
    action_name = "halt";
    action_run = NULL;
    if (action != NULL)
        action();
    cpu_halt();
}

static NORETURN PRINTF_LIKE(2, 0) void report(const struct exception_frame *frame,
                                              const char *format, va_list arguments)
{
    depth++;
    if (depth > 2)
        cpu_halt();
    kprintf("\ncoldstart: panic%s: ", depth > 1 ? " inside a panic" : "");
    kprintf_list(format, arguments);
    kprintf("\n");
    print_place(frame);
    if (depth == 1) {
        print_registers(frame);
        backtrace_print(frame->rip, frame->rbp, frame->rsp);
        if (frame->vector == VECTOR_PF)
            print_walk(frame->cr2);
    }
    stop();
}

/* The place is the caller's: what the frame pointer of this function points to. */
void panic(const char *format, ...)
{
    struct exception_frame frame;
    exception_frame_capture(&frame);
    const uint64_t *const link = __builtin_frame_address(0);
    frame.rbp = link[0];
    frame.rip = link[1] - 1; /* in the call, which may be its function's last instruction */
    frame.rsp = (uint64_t)(link + 2);
    va_list arguments;
    va_start(arguments, format);
    report(&frame, format, arguments);
}

void panic_at(const struct exception_frame *frame, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(frame, format, arguments);
}

/* SPDX-License-Identifier: MIT
 *
 * The walk along the frame pointers. Runs after stack overflows and on stacks
 * that may be damaged, so it is bounded twice: by the stacks and by a count.
 * Spec: System V AMD64 ABI, section 3.2.2, figure 3.3.
 */
#include "kernel/arch/x86_64/backtrace.h"

#include "kernel/arch/x86_64/stacks.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"

#define BACKTRACE_LINES 20    /* what is printed at most */
#define BACKTRACE_LINKS 16384 /* what is walked at most; more than any stack holds */

/* What a function's prologue leaves: [rbp] and [rbp + 8]. */
struct frame_link {
    uint64_t caller_rbp;
    uint64_t return_address;
};

/* The link at rbp, if all of it lies in a stack. */
static const struct frame_link *link_at(uint64_t rbp, struct stack_area *stack)
{
    if (rbp % sizeof(uint64_t) != 0 || !stacks_find(rbp, stack))
        return NULL;
    if (stack->range.last - rbp < sizeof(struct frame_link) - 1)
        return NULL;
    return (const struct frame_link *)rbp;
}

static bool is_code(uint64_t address)
{
    return address >= (uint64_t)kernel_text_first && address <= (uint64_t)kernel_text_end;
}

/* One step outwards; false at the end or where the chain is not believable. */
static bool step_out(uint64_t *rbp, uint64_t *return_address)
{
    struct stack_area stack;
    const struct frame_link *link = link_at(*rbp, &stack);
    if (link == NULL || !is_code(link->return_address))
        return false;
    /* Upwards in one stack; or once over to another, from an exception's own. */
    const uint64_t next = link->caller_rbp;
    const bool same_stack = next >= stack.range.first && next <= stack.range.last;
    *return_address = link->return_address;
    *rbp = same_stack && next <= *rbp ? 0 : next;
    return true;
}

unsigned backtrace_collect(uint64_t rbp, uint64_t *addresses, unsigned room)
{
    unsigned count = 0;
    while (count < room && step_out(&rbp, &addresses[count]))
        count++;
    return count;
}

static void print_line(unsigned number, uint64_t address, uint64_t within, unsigned times)
{
    kprintf("  %2u  0x%016llx", number, (unsigned long long)address);
    symbols_print(within);
    if (times > 1)
        kprintf("  (%u times)", times);
    kprintf("\n");
}

/* A return address may be the first byte behind its function: look one back. */
static void print_call(unsigned number, uint64_t address, unsigned times)
{
    print_line(number, address, address - 1, times);
}

/* After a call of what is no code, the return address is all that tells who called. */
static bool stray_call(uint64_t rip, uint64_t rsp, uint64_t *return_address)
{
    struct stack_area stack;
    const struct frame_link *link = link_at(rsp, &stack);
    if (is_code(rip) || link == NULL)
        return false;
    *return_address = link->caller_rbp; /* the first word: there is no link yet */
    return is_code(*return_address);
}

void backtrace_print(uint64_t rip, uint64_t rbp, uint64_t rsp)
{
    kprintf("Backtrace, innermost first:\n");
    print_line(0, rip, rip, 1);
    unsigned lines = 1;
    unsigned links = 0;
    uint64_t address = 0;
    if (stray_call(rip, rsp, &address))
        print_call(lines++, address, 1);
    bool more = step_out(&rbp, &address);
    while (more && links < BACKTRACE_LINKS && lines < BACKTRACE_LINES) {
        const uint64_t shown = address;
        unsigned times = 0;
        while (more && address == shown && links < BACKTRACE_LINKS) {
            times++;
            links++;
            more = step_out(&rbp, &address);
        }
        print_call(lines++, shown, times);
    }
    if (more)
        kprintf("   .. and further out\n");
    else if (rbp != 0 && !stacks_find(rbp, &(struct stack_area){ .name = NULL }))
        kprintf("   .. the next frame pointer, 0x%llx, is in no stack\n", (unsigned long long)rbp);
}

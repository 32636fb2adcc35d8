/* SPDX-License-Identifier: MIT
 *
 * The bookkeeping of attempts; attempt.asm saves and restores the registers.
 */
#include "kernel/arch/x86_64/attempt.h"

#include "hw/cpu.h"
#include "kernel/arch/x86_64/segments.h"

/* attempt.asm */
bool attempt_call(struct attempt *attempt, void (*body)(void *argument), void *argument);
void attempt_resume(void);

static struct attempt *innermost;

bool attempt_run(struct attempt *attempt, void (*body)(void *argument), void *argument)
{
    attempt->outer = innermost;
    attempt->faulted = false;
    innermost = attempt;
    const bool returned = attempt_call(attempt, body, argument);
    innermost = attempt->outer;
    return returned;
}

bool attempt_take(struct exception_frame *frame)
{
    struct attempt *attempt = innermost;
    if (attempt == NULL)
        return false;
    innermost = attempt->outer;
    attempt->faulted = true;
    attempt->frame = *frame;
    attempt->handler_rsp = (uint64_t)frame;
    /* Go on in attempt_call, in ring 0, on the stack as it was: also a #DF can be left so. */
    frame->rip = (uint64_t)attempt_resume;
    frame->cs = SELECTOR_CODE;
    frame->ss = SELECTOR_DATA;
    frame->rsp = attempt->resume_rsp;
    frame->rflags = RFLAGS_FIXED;
    return true;
}

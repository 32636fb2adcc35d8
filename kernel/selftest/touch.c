/* SPDX-License-Identifier: MIT
 *
 * Accesses in assembly, so that the compiler neither drops nor doubts them.
 */
#include "kernel/selftest/touch.h"

#include "hw/cpu.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/selftest/selftest.h"

struct access {
    enum touch how;
    uint64_t address;
};

static void perform(void *argument)
{
    const struct access *access = argument;
    switch (access->how) {
    case TOUCH_READ:
        __asm__ volatile("movb (%0), %%al" : : "r"(access->address) : "eax", "memory");
        return;
    case TOUCH_WRITE:
        __asm__ volatile("movb %1, (%0)" : : "r"(access->address), "i"(TOUCH_BYTE) : "memory");
        return;
    case TOUCH_RUN:
        __asm__ volatile("call *%0" : : "r"(access->address) : "memory");
        return;
    }
}

bool touch(enum touch how, uint64_t address, struct exception_frame *fault)
{
    struct access access = { how, address };
    struct attempt attempt;
    if (attempt_run(&attempt, perform, &access))
        return true;
    *fault = attempt.frame;
    return false;
}

void touch_claim(enum touch how, uint64_t address)
{
    struct exception_frame fault;
    CLAIM(touch(how, address, &fault));
}

void touch_claim_fault(enum touch how, uint64_t address, uint64_t error)
{
    struct exception_frame fault = { .vector = 0 };
    CLAIM(!touch(how, address, &fault));
    CLAIM_EQUAL(fault.vector, VECTOR_PF);
    CLAIM_EQUAL(fault.error, error);
    CLAIM_EQUAL(fault.cr2, address);
}

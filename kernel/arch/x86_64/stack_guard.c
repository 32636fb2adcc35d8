/* SPDX-License-Identifier: MIT
 *
 * The canary after the first, and the report of a smashed stack. Nothing here
 * may have an array: such a function would check itself.
 */
#include "kernel/arch/x86_64/stack_guard.h"

#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/log/symbols.h"

#define LOWEST_BYTE 0xFF /* stays 0 */
#define BYTE_BITS   8

/* stack_guard.asm's, under the name that the compiler gives it. */
extern uint64_t canary __asm__("__stack_chk_guard");

void stack_guard_stir(const uint8_t *seed, size_t bytes)
{
    uint64_t stirred = 0;
    for (size_t i = 0; i < bytes; i++)
        stirred = (stirred << BYTE_BITS | stirred >> (sizeof(stirred) - 1) * BYTE_BITS) ^ seed[i];
    canary ^= stirred & ~(uint64_t)LOWEST_BYTE;
}

uint64_t stack_guard_canary(void)
{
    return canary;
}

/*
 * Reported at the place of the check, in the function whose stack it is. If it is
 * the canary itself that changed, what looks for the name fails next: once only.
 */
void stack_guard_failed(void)
{
    static bool failed_before;
    struct exception_frame frame;
    struct symbol_place place = { .name = "a function without a name", .offset = 0 };
    exception_frame_capture(&frame);
    const uint64_t *const link = __builtin_frame_address(0);
    frame.rbp = link[0];
    frame.rip = link[1] - 1; /* in the call, which is its function's last instruction */
    frame.rsp = (uint64_t)(link + 2);
    if (!failed_before) {
        failed_before = true;
        symbols_find(frame.rip, &place);
    }
    panic_at(&frame, "the stack of %s is smashed: its canary has changed", place.name);
}

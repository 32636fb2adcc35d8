/* SPDX-License-Identifier: MIT
 *
 * The canary of this boot. That a smashed stack is found is tested in a boot of
 * its own: `provoke=stack-smash`.
 */
#include "kernel/arch/x86_64/stack_guard.h"
#include "kernel/selftest/selftest.h"

#define LOWEST_BYTE  0xFF
#define CANARY_BYTES 8
#define BYTE_BITS    8
#define SLOTS        64 /* below the frame pointer, where the canary is looked for */

SELFTEST(stack_guard_is_set, "stack-guard.canary")
{
    const uint64_t canary = stack_guard_canary();
    unsigned zeros = 0;
    for (unsigned i = 0; i < CANARY_BYTES; i++)
        zeros += (canary >> i * BYTE_BITS & LOWEST_BYTE) == 0 ? 1 : 0;
    CLAIM_EQUAL(canary & LOWEST_BYTE, 0);
    CLAIM(zeros <= CANARY_BYTES / 2);
}

/* A checked build has longer frames. */
SELFTEST(stack_guard_is_used, "stack-guard.lies-in-the-frame")
{
    volatile uint8_t room[CANARY_BYTES * 2];
    room[0] = 0;
    const uint64_t *const frame = __builtin_frame_address(0);
    bool found = false;
    for (const uint64_t *slot = frame - 1; slot > frame - SLOTS; slot--)
        found = found || *slot == stack_guard_canary();
    CLAIM(found);
}

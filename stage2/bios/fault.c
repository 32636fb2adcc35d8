/* SPDX-License-Identifier: MIT
 *
 * A CPU exception in the loader itself: our own broken promise, or a machine
 * whose memory or CPU does not keep its own. Ends the boot like any error.
 */
#include <stdbool.h>

#include "stage2/bios/fail.h"
#include "stage2/real/bios_call.h"

void loader_fault(const struct loader_fault_frame *frame)
{
    static bool faulted;
    /* A fault while reporting a fault: say nothing more, or it never ends. */
    if (faulted)
        real_give_up();
    faulted = true;
    fail(BOOT_E_LOADER_FAULT, "vector %lu, error %lXh, RIP %lXh, CR2 %lXh", frame->vector,
         frame->error, frame->rip, frame->cr2);
}

/* SPDX-License-Identifier: MIT
 *
 * See trace.h. The hand-off copies the list for the kernel.
 */
#include "stage2/bios/trace.h"

#include "stage2/bios/cpu.h"
#include "stage2/real/bios_call.h"

void trace_step(enum boot_step step, uint32_t argument)
{
    if (exchange.trace_count >= EXCHANGE_TRACE_MAX)
        return;
    exchange.trace[exchange.trace_count++] = (struct boot_trace_record){
        .step = step,
        .argument = argument,
        .tsc = exchange.cpu_has_tsc ? cpu_read_tsc() : 0,
    };
}

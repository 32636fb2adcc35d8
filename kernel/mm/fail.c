/* SPDX-License-Identifier: MIT
 *
 * See fail.h.
 */
#include "kernel/mm/fail.h"

struct fail_switch fail_switch;

void fail_at(uint64_t which)
{
    fail_switch.chosen = which;
    fail_switch.counted = 0;
}

uint64_t fail_chosen(void)
{
    return fail_switch.chosen;
}

bool fail_is_due(void)
{
    fail_switch.counted++;
    return fail_switch.counted == fail_switch.chosen;
}

uint64_t fail_counted(void)
{
    return fail_switch.counted;
}

/* SPDX-License-Identifier: MIT
 *
 * See fail.h.
 */
#include "kernel/mm/fail.h"

static uint64_t counted;
static uint64_t chosen;

void fail_at(uint64_t which)
{
    chosen = which;
    counted = 0;
}

bool fail_is_due(void)
{
    counted++;
    return counted == chosen;
}

uint64_t fail_counted(void)
{
    return counted;
}

/* SPDX-License-Identifier: MIT
 *
 * The virtual machine that has the RAM a record speaks of. Starts nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "tools/replay/record.h"

enum emulator {
    EMULATOR_QEMU,
    EMULATOR_BOCHS,
};

struct machine {
    const char *model;      /* QEMU's name of the machine; Bochs has one only */
    uint64_t memory_mib;    /* RAM in all */
    uint64_t below_4g_mib;  /* QEMU: RAM below 4 GiB, when there is some above; else 0 */
    uint64_t missing_first; /* set on failure: the RAM that the emulator cannot have */
    uint64_t missing_last;  /* ... up to here, inclusive */
};

/* Choose the machine; false: no machine of this emulator has all the RAM. */
MUST_CHECK bool machine_choose(const struct record *record, enum emulator emulator,
                               struct machine *machine);

/* SPDX-License-Identifier: MIT
 *
 * What this CPU is and can do, and the protections it is asked to keep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CPU_VENDOR_BYTES 13 /* 12 letters and a NUL */
#define CPU_BRAND_BYTES  49 /* 48 letters and a NUL */

struct cpu_identity {
    char vendor[CPU_VENDOR_BYTES];
    char brand[CPU_BRAND_BYTES]; /* without the blanks some start with */
    char hypervisor[CPU_VENDOR_BYTES];
    unsigned family, model, stepping;
    unsigned physical_bits, virtual_bits;
};

/* One feature by the manual's name, and whether this CPU has it. */
struct cpu_feature {
    const char *name;
    bool present;
};

void cpu_identify(struct cpu_identity *identity);

/* How many bits a physical address of this CPU has. */
unsigned cpu_physical_bits(void);

/* The features that matter to this kernel; NULL behind the last. */
const struct cpu_feature *cpu_feature_list(void);

/* False for a name that is not in the list. */
bool cpu_has(const char *feature);

/*
 * Switch on every protection the CPU has: WP, NX, SMEP, SMAP, UMIP, and #MC
 * instead of a shutdown. Call once, before the audit.
 */
void cpu_protect(void);

/* Whether page table entries may say no-execute, as EFER stands. */
bool cpu_no_execute_is_on(void);

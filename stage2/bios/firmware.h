/* SPDX-License-Identifier: MIT
 *
 * Where the firmware left its tables in this machine's memory.
 */
#pragma once

#include <stdint.h>

/* Physical address of the ACPI root pointer; 0: not found. */
uint64_t firmware_rsdp(void);

/* Physical address of the SMBIOS entry point; 0: not found. */
uint64_t firmware_smbios(void);

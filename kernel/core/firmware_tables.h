/* SPDX-License-Identifier: MIT
 *
 * Finds the ACPI root pointer and the SMBIOS entry point in bytes of firmware
 * memory, and believes only those whose checksums are right. Reads no table.
 * Spec: ACPI 6.4, section 5.2.5; SMBIOS 3.4 (DSP0134), section 5.2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both lie on 16-byte lines. *offset is set only when true is returned. */

bool firmware_find_rsdp(const uint8_t *bytes, size_t size, size_t *offset);

/* The 64-bit entry point ("_SM3_") if there is one, else the 32-bit one. */
bool firmware_find_smbios(const uint8_t *bytes, size_t size, size_t *offset);

/* SPDX-License-Identifier: MIT
 *
 * Soft-off by ACPI: reads the firmware's tables as far as that takes, and no
 * further. Nothing in a table is trusted, and memory that is not mapped is not
 * read.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/dev/acpi_s5.h"

struct acpi_soft_off {
    uint16_t pm1a_port, pm1b_port; /* control registers; b may be 0: there is none */
    uint16_t smi_port;             /* 0: ACPI is always on */
    uint8_t acpi_enable;           /* what to write there */
    struct acpi_sleep_type type;
};

/* Find out how; false: the tables are missing, damaged or not readable. */
bool acpi_soft_off_find(uint64_t rsdp_phys, struct acpi_soft_off *how);

/* Does the machine say that it has no such registers? False too where it says nothing. */
bool acpi_is_hardware_reduced(uint64_t rsdp_phys);

/* Do it. Returns only if the machine is still on. */
void acpi_soft_off_do(const struct acpi_soft_off *how);

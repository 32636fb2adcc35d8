/* SPDX-License-Identifier: MIT
 *
 * Finds the sleep type of soft-off in an ACPI machine's byte code, without an
 * interpreter: a pure function of bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values for SLP_TYPa and SLP_TYPb. */
struct acpi_sleep_type {
    uint8_t a;
    uint8_t b;
};

/*
 * Look for Name (\_S5, Package () { a, b, ... }) with literal numbers.
 * False: there is none that can be read; *type as before. Cost: one pass.
 */
bool acpi_s5_find(const uint8_t *aml, size_t bytes, struct acpi_sleep_type *type);

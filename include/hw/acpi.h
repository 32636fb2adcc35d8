/* SPDX-License-Identifier: MIT
 *
 * What of the ACPI tables it takes to switch a machine off: the root pointer,
 * the table header, the fixed table's fields and the AML opcodes around \_S5.
 * Offsets, not structures: every table is read as bytes with bounds.
 * Spec: ACPI 6.4, sections 5.2.5, 5.2.6, 5.2.9, 7.4.2, 20.2.
 */
#pragma once

/* Root System Description Pointer. */
#define RSDP_SIGNATURE       "RSD PTR "
#define RSDP_SIGNATURE_BYTES 8
#define RSDP_V1_BYTES        20
#define RSDP_REVISION        15 /* 0: ACPI 1.0, no XSDT */
#define RSDP_RSDT            16
#define RSDP_LENGTH          20
#define RSDP_XSDT            24
#define RSDP_V2_BYTES        36

/* The header of every other table. */
#define SDT_SIGNATURE_BYTES 4
#define SDT_LENGTH          4
#define SDT_HEADER_BYTES    36
#define SDT_BYTES_MAX       0x400000 /* ours: larger is a damaged length */

/* Fixed ACPI Description Table ("FACP"). */
#define FADT_DSDT         40
#define FADT_SMI_CMD      48
#define FADT_ACPI_ENABLE  52
#define FADT_PM1A_CNT     64
#define FADT_PM1B_CNT     68
#define FADT_FLAGS        112
#define FADT_V1_BYTES     116
#define FADT_X_DSDT       140
#define FADT_X_DSDT_BYTES 148
#define FADT_HW_REDUCED   0x00100000 /* flag: no PM1 registers, no soft-off by them */

/* PM1 control register. */
#define PM1_CNT_SCI_EN        0x0001
#define PM1_CNT_SLP_TYP       0x1C00
#define PM1_CNT_SLP_TYP_SHIFT 10
#define PM1_CNT_SLP_EN        0x2000
#define PM1_SLP_TYP_MAX       7

/* AML, as far as `Name (_S5, Package () { a, b, ... })` goes. */
#define AML_ZERO                   0x00
#define AML_ONE                    0x01
#define AML_NAME                   0x08
#define AML_BYTE_PREFIX            0x0A
#define AML_WORD_PREFIX            0x0B
#define AML_PACKAGE                0x12
#define AML_ROOT                   0x5C /* '\' */
#define AML_PKG_LENGTH_EXTRA_SHIFT 6    /* bits 7..6 of its first byte: bytes that follow */

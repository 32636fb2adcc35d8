/* SPDX-License-Identifier: MIT
 *
 * What INT 15h E820 answers mean: types and extended attributes. Plain defines.
 * The call itself is in bios.h, a raw answer in boot/boot_info.h.
 * Spec: ACPI 6.4, section 15, tables 15.1 to 15.4; ACPI 3.0b, table 14-5.
 */
#pragma once

/* Types; every other number is reserved memory. */
#define E820_TYPE_USABLE   1
#define E820_TYPE_RESERVED 2
#define E820_TYPE_ACPI     3 /* tables: RAM once they are read */
#define E820_TYPE_NVS      4
#define E820_TYPE_UNUSABLE 5 /* errors were found in it */

/* Extended attributes, there when E820_BYTES_EXTENDED came back. */
#define E820_ATTRIBUTE_ENABLED      0x1 /* clear: ignore the whole answer */
#define E820_ATTRIBUTE_NON_VOLATILE 0x2
#define E820_ATTRIBUTE_SLOW         0x4
#define E820_ATTRIBUTE_ERROR_LOG    0x8 /* the firmware logs errors in it */

/* SPDX-License-Identifier: MIT
 *
 * The two SMBIOS entry points, as far as finding and checking them goes.
 * Offsets, not structures: they are read as bytes with bounds.
 * Spec: SMBIOS 3.4 (DSP0134), sections 5.2.1 and 5.2.2.
 */
#pragma once

/* 64-bit entry point. */
#define SMBIOS3_ANCHOR       "_SM3_"
#define SMBIOS3_ANCHOR_BYTES 5
#define SMBIOS3_LENGTH       6 /* byte: length of the entry point */
#define SMBIOS3_BYTES        24

/* 32-bit entry point. */
#define SMBIOS_ANCHOR           "_SM_"
#define SMBIOS_ANCHOR_BYTES     4
#define SMBIOS_LENGTH           5 /* byte: length of the entry point */
#define SMBIOS_BYTES            31
#define SMBIOS_BYTES_MIN        30 /* version 2.1 says 1Eh where it means 1Fh */
#define SMBIOS_DMI              16 /* the intermediate entry point begins here */
#define SMBIOS_DMI_ANCHOR       "_DMI_"
#define SMBIOS_DMI_ANCHOR_BYTES 5
#define SMBIOS_DMI_BYTES        15

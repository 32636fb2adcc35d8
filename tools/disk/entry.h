/* SPDX-License-Identifier: MIT
 *
 * An entry of a partition table told where its partition lies, in both spellings.
 * Judges nothing and writes nothing to a disk.
 */
#pragma once

#include <stdint.h>

#include "hw/mbr.h"

/* The geometry that all of today's BIOSes and tools translate by. */
#define ENTRY_HEADS         255
#define ENTRY_TRACK_SECTORS 63

/* Set first and last sector, as LBA and as CHS; status and type stay. `sectors` is not 0. */
void entry_place(struct mbr_entry *entry, uint32_t first_lba, uint32_t sectors);

/* Set only the last CHS, to the end of the last cylinder that the partition reaches. */
void entry_end_on_cylinder(struct mbr_entry *entry);

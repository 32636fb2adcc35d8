/* SPDX-License-Identifier: MIT
 *
 * How a drive is to be read, and whether it is the one that was booted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/status.h"
#include "stage2/plan/disk.h"

/* Ask the BIOS how `drive` is reached (EDD or CHS). Reads no sector. */
void disk_probe(struct disk *disk, uint8_t drive);

/* Ask for the geometry; false, and nothing is changed, when there is no sane one. */
bool disk_probe_geometry(struct disk *disk);

/*
 * Find the drive whose sector 0 is the one in memory that was booted: the one
 * *disk was probed for, else the one that the BIOS named, else one of the hard
 * disks. Leaves its sector 0 at `sector`.
 *
 * BOOT_E_DISK_READ, BOOT_E_WRONG_DISK, BOOT_E_SECTOR_SIZE
 */
enum boot_status disk_confirm(struct disk *disk, uint8_t named, uint8_t *sector);

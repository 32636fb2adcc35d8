/* SPDX-License-Identifier: MIT
 *
 * The new sector 0 of a disk that keeps what is its own: stage 1's code between the disk's own
 * BIOS parameter block, signature and partition table.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/disk_layout.h"

/*
 * Does a sector carry a BIOS parameter block? It does if it begins with a jump (EB xx 90, or E9),
 * says 512 bytes a sector, and a disk's media byte, cluster size and geometry can be so. The
 * zeros that a block has in place of FAT's numbers on a partitioned disk are sane.
 */
bool sector0_has_bpb(const uint8_t sector[SECTOR_BYTES]);

/* Does it begin as one that tools/mkimage made: Coldstart's name, and a way to its code? */
bool sector0_is_coldstart(const uint8_t sector[SECTOR_BYTES]);

/*
 * `old` with the code of `stage1`. Kept of the old one: from the disk signature on everything; its
 * BPB, if it has one; of a Coldstart's everything in front of the code, for mkimage's options
 * --first-bytes and --no-bpb chose it.
 */
void sector0_compose(uint8_t made[SECTOR_BYTES], const uint8_t stage1[SECTOR_BYTES],
                     const uint8_t old[SECTOR_BYTES]);

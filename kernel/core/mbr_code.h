/* SPDX-License-Identifier: MIT
 *
 * The sums of stage 1's own bytes in sector 0, by which stage 2 knows the stage 1
 * it was sealed with. Reads no disk.
 */
#pragma once

#include <stdint.h>

#include "boot/disk_layout.h"
#include "kernel/core/fletcher64.h"

/* Sum up the boot code of a sector 0, without all before and behind it. */
struct fletcher64 mbr_code_sums(const uint8_t sector[SECTOR_BYTES]);

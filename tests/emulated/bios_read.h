/* SPDX-License-Identifier: MIT
 *
 * INT 13h AH=42h and AH=02h of stage 1's BIOS.
 */
#pragma once

#include "tests/emulated/bios.h"

/* Answer with CF and AH. */
void bios_answer(struct machine *machine, bool carry, uint8_t status);

/* One read, as the registers ask for it; from the disk, or from a decoy. */
void bios_read(struct machine *machine, bool real);

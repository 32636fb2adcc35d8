/* SPDX-License-Identifier: MIT
 *
 * What must be true of every memory map that the judge makes, whatever the BIOS
 * answered: asked point by point, without the judge's own sweep. Shared by the
 * unit test and the fuzz target.
 */
#pragma once

#include <stdint.h>

#include "stage2/real/answers.h"

/*
 * Judge the answers and every variation that must not matter. `capacity` is the
 * small table that one of the variations has to do with; `seed` shuffles.
 * NULL when all is well, else the sentence that is not true.
 */
const char *e820_oracle_check(const struct memory_answers *answers, uint32_t capacity,
                              uint64_t seed);

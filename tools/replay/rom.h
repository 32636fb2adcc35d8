/* SPDX-License-Identifier: MIT
 *
 * An option ROM made of code and table, in memory. Opens no file.
 * Spec: BIOS Boot Specification 1.01, section 3.1.1 (option ROM header).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "tools/replay/table.h"

#define ROM_CODE_MAX 0x1000
#define ROM_MAX      0x4000

/*
 * Put the table behind the code, pad, and make the bytes' sum 0. Returns the
 * ROM's length; 0: the code is not that of a replay ROM.
 */
MUST_CHECK size_t rom_build(const uint8_t *code, size_t code_bytes,
                            const struct replay_table *table, uint8_t rom[ROM_MAX]);

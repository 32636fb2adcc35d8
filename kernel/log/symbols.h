/* SPDX-License-Identifier: MIT
 *
 * Names for addresses: which function or object of the kernel an address lies
 * in. The table is made from the linked kernel by tools/ksyms and linked into
 * it at its very end, so that no address moves.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/core/symbol_table.h"

/* False: no symbol contains the address. */
bool symbols_find(uint64_t address, struct symbol_place *place);

/* The address of a symbol by its exact name, or 0. Cost: one pass over all names. */
uint64_t symbols_address(const char *name);

uint32_t symbols_count(void);

/* Print " name+offset" after an address; prints " ?" where there is no name. */
void symbols_print(uint64_t address);

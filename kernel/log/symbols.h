/* SPDX-License-Identifier: MIT
 *
 * Names for addresses: which function or object of the kernel an address lies
 * in. The table is made from the linked kernel by tools/ksyms and linked into
 * it at its very end, so that no address moves.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define SYMBOLS_MAGIC 0x4D59534B /* "KSYM" read as bytes */

/* The table: this header, `count` entries sorted by offset, then the names. */
struct symbols_header {
    uint32_t magic;       /* SYMBOLS_MAGIC */
    uint32_t count;       /* entries */
    uint32_t names;       /* offset of the first name, from the header */
    uint32_t names_bytes; /* all names with their NULs */
};
ASSERT_SIZE(struct symbols_header, 16);

struct symbols_entry {
    uint32_t offset; /* first byte, from the kernel's base */
    uint32_t bytes;  /* length */
    uint32_t name;   /* offset of the NUL-terminated name among the names */
};
ASSERT_SIZE(struct symbols_entry, 12);

/* An address in words: name + offset. */
struct symbol_place {
    const char *name;
    uint64_t offset; /* bytes behind the symbol's first */
};

/* False: no symbol contains the address. */
bool symbols_find(uint64_t address, struct symbol_place *place);

/* The address of a symbol by its exact name, or 0. Cost: one pass over all names. */
uint64_t symbols_address(const char *name);

uint32_t symbols_count(void);

/* Print " name+offset" after an address; prints " ?" where there is no name. */
void symbols_print(uint64_t address);

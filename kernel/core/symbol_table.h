/* SPDX-License-Identifier: MIT
 *
 * The kernel's own symbol table, as tools/ksyms makes it: which function or
 * object an offset lies in. It is looked at while something is wrong, so nothing
 * in it is believed beyond the bytes that were given.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define SYMBOL_TABLE_MAGIC 0x4D59534B /* "KSYM" read as bytes */

/* The table: this header, `count` entries sorted by offset, then the names. */
struct symbol_table_header {
    uint8_t magic[4];       /* SYMBOL_TABLE_MAGIC */
    uint8_t count[4];       /* entries */
    uint8_t names[4];       /* offset of the first name, from the header */
    uint8_t names_bytes[4]; /* all names, each with its NUL */
};
ASSERT_SIZE(struct symbol_table_header, 16);

struct symbol_table_entry {
    uint8_t offset[4]; /* first byte, from the base */
    uint8_t bytes[4];  /* length */
    uint8_t name[4];   /* offset of the NUL-terminated name among the names */
};
ASSERT_SIZE(struct symbol_table_entry, 12);

/* A table whose parts lie within its bytes. */
struct symbol_table {
    const struct symbol_table_entry *entries;
    uint32_t count;
    const char *names; /* the last byte of all is a NUL */
    uint32_t names_bytes;
};

/* An address in words: name + offset. */
struct symbol_place {
    const char *name;
    uint64_t offset; /* bytes behind the symbol's first */
};

/* False, and nothing written: these bytes are no such table. */
MUST_CHECK bool symbol_table_open(const uint8_t *bytes, size_t count, struct symbol_table *table);

/* The symbol that contains an offset from the base. Cost: logarithm of the entries. */
bool symbol_table_find(const struct symbol_table *table, uint64_t offset,
                       struct symbol_place *place);

/* The offset of a symbol by its exact name. Cost: one pass over all names. */
bool symbol_table_find_name(const struct symbol_table *table, const char *name, uint32_t *offset);

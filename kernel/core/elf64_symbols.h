/* SPDX-License-Identifier: MIT
 *
 * Looking names and addresses up in the symbol table of an ELF64 file that lies
 * in memory: a module, or a kernel image. Nothing in the file is trusted; the
 * table is in no order, so each question is one pass over it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "hw/elf64_sections.h"
#include "kernel/core/symbol_table.h"

enum elf64_symbols_status {
    ELF64_SYMBOLS_OK,
    ELF64_SYMBOLS_NOT_ELF64, /* no ELF64 header, or sections of another size */
    ELF64_SYMBOLS_NONE,      /* no section is a symbol table: the file is stripped */
    ELF64_SYMBOLS_OUTSIDE,   /* a table leaves the file, or the names have no last NUL */
};

/* A symbol table and its names, both within the file. */
struct elf64_symbols {
    const struct elf64_symbol *symbols;
    uint64_t count;
    const char *names; /* the last byte of all is a NUL */
    uint64_t names_bytes;
};

MUST_CHECK enum elf64_symbols_status elf64_symbols_open(const uint8_t *file, size_t bytes,
                                                        struct elf64_symbols *symbols);

/* The function or object that contains an address; the one that begins last, if several do. */
bool elf64_symbols_find(const struct elf64_symbols *symbols, uint64_t address,
                        struct symbol_place *place);

/* The address of a symbol of that exact name that the file defines; the first, if several are. */
bool elf64_symbols_find_name(const struct elf64_symbols *symbols, const char *name,
                             uint64_t *address);

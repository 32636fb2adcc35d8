/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a symbol table of tools/ksyms, and as an ELF64 file
 * with one. Whatever opens is asked by addresses and by names; AddressSanitizer
 * is at the edges, and what is found must contain what was asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/core/elf64_symbols.h"
#include "kernel/core/symbol_table.h"

#define ASKED_BYTES 8 /* of the input: one address to ask for */

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* Both ends of the name must be there to be read. */
static void use_place(const struct symbol_place *place, uint64_t asked)
{
    REQUIRE(place->name != NULL && strlen(place->name) + 1 != 0);
    REQUIRE(place->offset <= asked);
}

static void ask_table(const struct symbol_table *table, uint64_t asked)
{
    struct symbol_place place;
    uint32_t offset;
    if (symbol_table_find(table, asked, &place))
        use_place(&place, asked);
    for (uint32_t i = 0; i < table->count; i++) {
        const uint32_t first = load_le32(table->entries[i].offset);
        if (symbol_table_find(table, first, &place)) {
            use_place(&place, first);
            REQUIRE(symbol_table_find_name(table, place.name, &offset));
        }
    }
    (void)symbol_table_find_name(table, "no such name", &offset);
}

static void ask_elf(const struct elf64_symbols *symbols, uint64_t asked)
{
    struct symbol_place place;
    uint64_t address;
    if (elf64_symbols_find(symbols, asked, &place))
        use_place(&place, asked);
    for (uint64_t i = 0; i < symbols->count; i++) {
        const uint64_t first = load_le64(symbols->symbols[i].value);
        if (elf64_symbols_find(symbols, first, &place)) {
            use_place(&place, first);
            REQUIRE(elf64_symbols_find_name(symbols, place.name, &address));
        }
    }
    (void)elf64_symbols_find_name(symbols, "no such name", &address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct symbol_table table;
    struct elf64_symbols symbols;
    if (bytes < ASKED_BYTES)
        return 0;
    const uint64_t asked = load_le64(data);
    bytes -= ASKED_BYTES;
    uint8_t *const copy = malloc(bytes == 0 ? 1 : bytes); /* of just this length */
    REQUIRE(copy != NULL);
    memcpy(copy, data + ASKED_BYTES, bytes);
    if (symbol_table_open(copy, bytes, &table))
        ask_table(&table, asked);
    if (elf64_symbols_open(copy, bytes, &symbols) == ELF64_SYMBOLS_OK)
        ask_elf(&symbols, asked);
    free(copy);
    return 0;
}

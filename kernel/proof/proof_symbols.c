/* SPDX-License-Identifier: MIT
 *
 * Symbol lookup in whatever world this runs: a table as tools/ksyms makes it,
 * and an ELF64 file of one section header table, a symbol table and its names.
 */
#include "hw/elf64.h"
#include "kernel/core/elf64_symbols.h"
#include "kernel/core/string.h"
#include "kernel/core/symbol_table.h"
#include "kernel/proof/suites.h"

#define ENTRIES 3
#define SYMBOLS 6

/* first 10h..1Fh, second 20h..27h, third 40h..40h */
struct small_table {
    struct symbol_table_header header;
    struct symbol_table_entry entries[ENTRIES];
    char names[19];
};

#define TABLE_BYTES sizeof(struct small_table)

static const struct small_table small_table = {
    .header = { .magic = { 'K', 'S', 'Y', 'M' },
                .count = { ENTRIES },
                .names = { offsetof(struct small_table, names) },
                .names_bytes = { sizeof(small_table.names) } },
    .entries = { { .offset = { 0x10 }, .bytes = { 0x10 }, .name = { 0 } },
                 { .offset = { 0x20 }, .bytes = { 8 }, .name = { 6 } },
                 { .offset = { 0x40 }, .bytes = { 1 }, .name = { 13 } } },
    .names = "first\0second\0third",
};

/* A copy that may be damaged, at an odd address: the table need not be aligned. */
static struct small_table *damaged(struct claims *claims)
{
    return memcpy(claims->arena + 1, &small_table, TABLE_BYTES);
}

static bool opens(const struct small_table *table, size_t bytes)
{
    struct symbol_table opened;
    return symbol_table_open((const uint8_t *)table, bytes, &opened);
}

static void table_by_address(struct claims *claims)
{
    static const struct {
        uint64_t offset;
        const char *name; /* NULL: in no symbol */
        uint64_t inside;
    } cases[] = {
        { 0, NULL, 0 },         { 0xF, NULL, 0 },         { 0x10, "first", 0 },
        { 0x1F, "first", 0xF }, { 0x20, "second", 0 },    { 0x27, "second", 7 },
        { 0x28, NULL, 0 },      { 0x3F, NULL, 0 },        { 0x40, "third", 0 },
        { 0x41, NULL, 0 },      { 0x100000010, NULL, 0 }, { UINT64_MAX, NULL, 0 },
    };
    struct symbol_table table;
    CLAIM(symbol_table_open((const uint8_t *)damaged(claims), TABLE_BYTES, &table));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct symbol_place place = { .name = "", .offset = 0 };
        CLAIM_EQUAL(symbol_table_find(&table, cases[i].offset, &place), cases[i].name != NULL);
        CLAIM(string_equals(place.name, cases[i].name != NULL ? cases[i].name : ""));
        CLAIM_EQUAL(place.offset, cases[i].inside);
    }
}

static void table_by_name(struct claims *claims)
{
    struct symbol_table table;
    uint32_t offset = 7;
    CLAIM(symbol_table_open((const uint8_t *)&small_table, TABLE_BYTES, &table));
    CLAIM(!symbol_table_find_name(&table, "secon", &offset));
    CLAIM(!symbol_table_find_name(&table, "", &offset));
    CLAIM_EQUAL(offset, 7);
    CLAIM(symbol_table_find_name(&table, "second", &offset));
    CLAIM_EQUAL(offset, 0x20);
    CLAIM(symbol_table_find_name(&table, "third", &offset));
    CLAIM_EQUAL(offset, 0x40);
}

static void table_damage_is_refused(struct claims *claims)
{
    CLAIM(opens(&small_table, TABLE_BYTES));
    for (size_t bytes = 0; bytes < TABLE_BYTES; bytes++)
        CLAIM(!opens(&small_table, bytes)); /* cut anywhere */
    struct small_table *table = damaged(claims);
    table->header.magic[0]++;
    CLAIM(!opens(table, TABLE_BYTES));
    table = damaged(claims);
    table->header.count[0]++; /* so the names begin elsewhere */
    CLAIM(!opens(table, TABLE_BYTES));
    table = damaged(claims);
    memset(table->header.count, 0xFF, sizeof(table->header.count));
    CLAIM(!opens(table, TABLE_BYTES));
    table = damaged(claims);
    table->header.names_bytes[0]++;
    CLAIM(!opens(table, TABLE_BYTES));
    table = damaged(claims);
    table->names[sizeof(table->names) - 1] = 'x'; /* a name without an end */
    CLAIM(!opens(table, TABLE_BYTES));
}

static void table_names_stay_inside(struct claims *claims)
{
    struct small_table *const damaged_table = damaged(claims);
    struct symbol_table table;
    struct symbol_place place = { .name = "", .offset = 0 };
    memset(damaged_table->entries[1].name, 0xFF, sizeof(damaged_table->entries[1].name));
    CLAIM(symbol_table_open((const uint8_t *)damaged_table, TABLE_BYTES, &table));
    CLAIM(symbol_table_find(&table, 0x20, &place));
    CLAIM(string_equals(place.name, "?"));
}

/* A file whose symbols are of every kind there is a rule for. */
struct small_file {
    struct elf64_header header;
    struct elf64_section_header sections[3]; /* none, the symbols, their names */
    struct elf64_symbol symbols[SYMBOLS];
    char names[36];
};

#define FILE_BYTES sizeof(struct small_file)

static const struct small_file small_file = {
    .header = { .magic = { 0x7F, 'E', 'L', 'F' },
                .class = ELF_CLASS_64,
                .data = ELF_DATA_LITTLE,
                .section_offset = { offsetof(struct small_file, sections) },
                .section_entry_bytes = { sizeof(struct elf64_section_header) },
                .section_count = { ARRAY_COUNT(small_file.sections) } },
    .sections = { [1] = { .type = { ELF_SHT_SYMTAB },
                          .offset = { offsetof(struct small_file, symbols) & 0xFF,
                                      offsetof(struct small_file, symbols) >> 8 },
                          .bytes = { sizeof(small_file.symbols) },
                          .link = { 2 } },
                  [2] = { .offset = { offsetof(struct small_file, names) & 0xFF,
                                      offsetof(struct small_file, names) >> 8 },
                          .bytes = { sizeof(small_file.names) } } },
    .symbols = { [1] = { .name = { 1 },
                         .info = ELF_STT_FUNC,
                         .section = { 1 },
                         .value = { 0x40 },
                         .bytes = { 0x20 } },
                 [2] = { .name = { 7 },
                         .info = ELF_STT_OBJECT,
                         .section = { 1 },
                         .value = { 0x48 },
                         .bytes = { 8 } },
                 [3] = { .name = { 13 },
                         .info = 0,
                         .section = { 1 },
                         .value = { 0x80 },
                         .bytes = { 8 } },
                 [4] = { .name = { 19 },
                         .info = ELF_STT_FUNC,
                         .section = { 0 },
                         .value = { 0x90 },
                         .bytes = { 8 } },
                 [5] = { .name = { 27 },
                         .info = ELF_STT_FUNC,
                         .section = { 0xF1, 0xFF },
                         .value = { 0xA0 },
                         .bytes = { 8 } } },
    .names = "\0outer\0inner\0label\0outside\0absolute",
};

static struct small_file *damaged_file(struct claims *claims)
{
    return memcpy(claims->arena + 1, &small_file, FILE_BYTES);
}

static enum elf64_symbols_status file_opens(const struct small_file *file, size_t bytes)
{
    struct elf64_symbols opened;
    return elf64_symbols_open((const uint8_t *)file, bytes, &opened);
}

static void elf_by_address(struct claims *claims)
{
    static const struct {
        uint64_t address;
        const char *name;
        uint64_t inside;
    } cases[] = {
        { 0x3F, NULL, 0 },    { 0x40, "outer", 0 },    { 0x47, "outer", 7 }, { 0x48, "inner", 0 },
        { 0x4F, "inner", 7 }, { 0x50, "outer", 0x10 }, { 0x60, NULL, 0 },    { 0x80, NULL, 0 },
        { 0x90, NULL, 0 },    { 0xA0, NULL, 0 },
    };
    struct elf64_symbols symbols;
    CLAIM(elf64_symbols_open((const uint8_t *)damaged_file(claims), FILE_BYTES, &symbols) ==
          ELF64_SYMBOLS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct symbol_place place = { .name = "", .offset = 0 };
        CLAIM_EQUAL(elf64_symbols_find(&symbols, cases[i].address, &place), cases[i].name != NULL);
        CLAIM(string_equals(place.name, cases[i].name != NULL ? cases[i].name : ""));
        CLAIM_EQUAL(place.offset, cases[i].inside);
    }
}

static void elf_by_name(struct claims *claims)
{
    struct elf64_symbols symbols;
    uint64_t address = 7;
    CLAIM(elf64_symbols_open((const uint8_t *)&small_file, FILE_BYTES, &symbols) ==
          ELF64_SYMBOLS_OK);
    CLAIM(!elf64_symbols_find_name(&symbols, "absent", &address));
    CLAIM(!elf64_symbols_find_name(&symbols, "outside", &address));
    CLAIM(!elf64_symbols_find_name(&symbols, "absolute", &address));
    CLAIM(!elf64_symbols_find_name(&symbols, "", &address));
    CLAIM_EQUAL(address, 7);
    CLAIM(elf64_symbols_find_name(&symbols, "inner", &address));
    CLAIM_EQUAL(address, 0x48);
    CLAIM(elf64_symbols_find_name(&symbols, "label", &address)); /* of assembly: no type */
    CLAIM_EQUAL(address, 0x80);
}

static void elf_damage_is_refused(struct claims *claims)
{
    CLAIM(file_opens(&small_file, FILE_BYTES) == ELF64_SYMBOLS_OK);
    for (size_t bytes = 0; bytes < FILE_BYTES; bytes++)
        CLAIM(file_opens(&small_file, bytes) != ELF64_SYMBOLS_OK);
    struct small_file *file = damaged_file(claims);
    file->header.class = ELF_CLASS_32;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_NOT_ELF64);
    file = damaged_file(claims);
    file->header.section_entry_bytes[0]--;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_NOT_ELF64);
    file = damaged_file(claims);
    file->sections[1].type[0]++;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_NONE);
    file = damaged_file(claims);
    file->header.section_count[0] = 0;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_NONE);
}

static void elf_tables_stay_inside(struct claims *claims)
{
    struct small_file *file = damaged_file(claims);
    memset(file->header.section_offset, 0xFF, sizeof(file->header.section_offset));
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
    file = damaged_file(claims);
    file->sections[1].link[0] = ARRAY_COUNT(file->sections);
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
    file = damaged_file(claims);
    memset(file->sections[1].bytes, 0xFF, sizeof(file->sections[1].bytes));
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
    file = damaged_file(claims);
    file->sections[2].bytes[0]++;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
    file = damaged_file(claims);
    file->names[sizeof(file->names) - 1] = 'x';
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
    file = damaged_file(claims);
    file->sections[2].bytes[0] = 0;
    CLAIM(file_opens(file, FILE_BYTES) == ELF64_SYMBOLS_OUTSIDE);
}

static const struct proof_test tests[] = {
    { "symbols.table-by-address", table_by_address },
    { "symbols.table-by-name", table_by_name },
    { "symbols.table-damage-is-refused", table_damage_is_refused },
    { "symbols.table-names-stay-inside", table_names_stay_inside },
    { "symbols.elf-by-address", elf_by_address },
    { "symbols.elf-by-name", elf_by_name },
    { "symbols.elf-damage-is-refused", elf_damage_is_refused },
    { "symbols.elf-tables-stay-inside", elf_tables_stay_inside },
};
const struct proof_suite proof_symbols = { tests, ARRAY_COUNT(tests) };

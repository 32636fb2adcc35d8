/* SPDX-License-Identifier: MIT
 *
 * Symbol lookup: random tables against a search through all entries, and this
 * very program's own ELF file, whose addresses the compiler knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/core/elf64_symbols.h"
#include "kernel/core/symbol_table.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ENTRIES_MOST   40
#define NAME_BYTES     4 /* "s00" with its NUL */
#define OFFSET_MOST    300
#define ROUNDS         500
#define PROGRAM_MOST   0x1000000
#define OWN_FILE       "/proc/self/exe"
#define KNOWN_NAME     "a_function_to_be_found"
#define UNKNOWN_OFFSET 7777U

/* Two functions whose addresses are known here. */
int a_function_to_be_found(int number);
int another_function_to_be_found(int number);

int a_function_to_be_found(int number)
{
    return number + 1;
}

int another_function_to_be_found(int number)
{
    return number * number;
}

static void put32(uint8_t to[4], uint32_t value)
{
    memcpy(to, &value, sizeof(value));
}

struct table {
    uint8_t bytes[sizeof(struct symbol_table_header) +
                  ENTRIES_MOST * (sizeof(struct symbol_table_entry) + NAME_BYTES)];
    size_t count;
    uint32_t entries;
    uint32_t first[ENTRIES_MOST];
    uint32_t length[ENTRIES_MOST];
};

/* Entries in order that do not overlap, some of them without a gap between. */
static void make_table(struct table *table, struct random *random)
{
    struct symbol_table_header *const header = (void *)table->bytes;
    struct symbol_table_entry *const entry = (void *)(header + 1);
    uint32_t offset = (uint32_t)random_below(random, 4);
    table->entries = (uint32_t)random_below(random, ENTRIES_MOST + 1);
    char *const names = (char *)(entry + table->entries);
    for (uint32_t i = 0; i < table->entries; i++) {
        table->first[i] = offset;
        table->length[i] = 1 + (uint32_t)random_below(random, 5);
        put32(entry[i].offset, offset);
        put32(entry[i].bytes, table->length[i]);
        put32(entry[i].name, i * NAME_BYTES);
        snprintf(names + (size_t)i * NAME_BYTES, NAME_BYTES, "s%02u", i % 100);
        offset += table->length[i] + (uint32_t)random_below(random, 3);
    }
    put32(header->magic, SYMBOL_TABLE_MAGIC);
    put32(header->count, table->entries);
    put32(header->names, (uint32_t)((uint8_t *)names - table->bytes));
    put32(header->names_bytes, table->entries * NAME_BYTES);
    table->count = (size_t)((uint8_t *)names - table->bytes) + table->entries * NAME_BYTES;
}

static uint32_t model_find(const struct table *table, uint32_t offset)
{
    uint32_t i = 0;
    while (i < table->entries &&
           !(offset >= table->first[i] && offset - table->first[i] < table->length[i]))
        i++;
    return i;
}

static void tables_answer_as_a_search_of_all(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        static struct table made;
        struct symbol_table table;
        make_table(&made, &random);
        assert_true(symbol_table_open(made.bytes, made.count, &table));
        for (uint32_t offset = 0; offset < OFFSET_MOST; offset++) {
            char name[NAME_BYTES];
            struct symbol_place place;
            const uint32_t wanted = model_find(&made, offset);
            assert_int_equal(symbol_table_find(&table, offset, &place), wanted < made.entries);
            if (wanted == made.entries)
                continue;
            snprintf(name, sizeof(name), "s%02u", wanted % 100);
            assert_string_equal(place.name, name);
            assert_int_equal(place.offset, offset - made.first[wanted]);
            uint32_t by_name = UNKNOWN_OFFSET;
            assert_true(symbol_table_find_name(&table, name, &by_name));
            assert_int_equal(by_name, made.first[wanted]);
        }
    }
}

static uint8_t *read_own_file(size_t *bytes)
{
    uint8_t *const file = malloc(PROGRAM_MOST);
    FILE *const stream = fopen(OWN_FILE, "rb");
    assert_non_null(file);
    assert_non_null(stream);
    *bytes = fread(file, 1, PROGRAM_MOST, stream);
    fclose(stream);
    assert_in_range(*bytes, 1, PROGRAM_MOST - 1);
    return file;
}

static void this_programs_functions_are_found(void **state)
{
    (void)state;
    size_t bytes;
    uint8_t *const file = read_own_file(&bytes);
    struct elf64_symbols symbols;
    assert_int_equal(elf64_symbols_open(file, bytes, &symbols), ELF64_SYMBOLS_OK);
    uint64_t one = 0, other = 0;
    assert_true(elf64_symbols_find_name(&symbols, KNOWN_NAME, &one));
    assert_true(elf64_symbols_find_name(&symbols, "another_function_to_be_found", &other));
    /* The program may have been slid, but as a whole. */
    assert_int_equal(other - one,
                     (uint64_t)another_function_to_be_found - (uint64_t)a_function_to_be_found);
    struct symbol_place place;
    assert_true(elf64_symbols_find(&symbols, one + 1, &place));
    assert_string_equal(place.name, KNOWN_NAME);
    assert_int_equal(place.offset, 1);
    assert_false(elf64_symbols_find(&symbols, UINT64_MAX, &place));
    assert_false(elf64_symbols_find_name(&symbols, "no_such_function", &one));
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_answer_as_a_search_of_all),
        cmocka_unit_test(this_programs_functions_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

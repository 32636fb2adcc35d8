/* SPDX-License-Identifier: MIT
 *
 * Makes the kernel's symbol table (kernel/core/symbol_table.h) from a linked
 * kernel: functions and objects, sorted by address. The same kernel gives the
 * same bytes.
 *
 *   ksyms --empty OUTPUT     a table without entries, for the first link
 *   ksyms KERNEL OUTPUT      the table of that kernel
 *   ksyms --check KERNEL TABLE    fails unless TABLE is what KERNEL gives
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/elf64.h"
#include "hw/elf64_sections.h"
#include "kernel/core/symbol_table.h"

#define BASE_NAME      "kernel_base"
#define FILE_BYTES_MAX 0x10000000

struct blob {
    uint8_t *bytes;
    size_t count;
};

struct symbol {
    const char *name;
    uint64_t value;
    uint64_t bytes;
};

/* The symbol table of a kernel, still in its file. */
struct source {
    const uint8_t *symbols;
    size_t symbol_count;
    const char *names;
    size_t names_bytes;
};

static _Noreturn void fail(const char *what, const char *which)
{
    fprintf(stderr, "ksyms: %s: %s\n", which, what);
    exit(EXIT_FAILURE);
}

static struct blob read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail("cannot be opened", path);
    struct blob blob = { .bytes = NULL, .count = 0 };
    size_t room = 0;
    size_t got;
    do {
        if (blob.count == room) {
            room = room == 0 ? 0x10000 : 2 * room;
            blob.bytes = room > FILE_BYTES_MAX ? NULL : realloc(blob.bytes, room);
            if (blob.bytes == NULL)
                fail("is too large", path);
        }
        got = fread(blob.bytes + blob.count, 1, room - blob.count, file);
        blob.count += got;
    } while (got > 0);
    fclose(file);
    return blob;
}

static void write_file(const char *path, struct blob blob)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(blob.bytes, 1, blob.count, file) != blob.count || fclose(file) != 0)
        fail("cannot be written", path);
}

/* The bytes offset..offset+count of the file, or the end. */
static const uint8_t *file_part(struct blob file, uint64_t offset, uint64_t count, const char *path)
{
    if (offset > file.count || count > file.count - offset)
        fail("ends before its contents do", path);
    return file.bytes + offset;
}

static const struct elf64_section_header *section_at(struct blob file, uint64_t index,
                                                     const char *path)
{
    const struct elf64_header *header = (const void *)file_part(file, 0, sizeof(*header), path);
    if (index >= load_le16(header->section_count))
        fail("has no such section", path);
    const uint64_t offset = load_le64(header->section_offset);
    return (const void *)file_part(file, offset + index * sizeof(struct elf64_section_header),
                                   sizeof(struct elf64_section_header), path);
}

static struct source find_symbols(struct blob file, const char *path)
{
    const struct elf64_header *header = (const void *)file_part(file, 0, sizeof(*header), path);
    if (load_le32(header->magic) != ELF_MAGIC || header->class != ELF_CLASS_64)
        fail("is not an ELF64 file", path);
    for (uint64_t i = 0; i < load_le16(header->section_count); i++) {
        const struct elf64_section_header *section = section_at(file, i, path);
        if (load_le32(section->type) != ELF_SHT_SYMTAB)
            continue;
        const struct elf64_section_header *names = section_at(file, load_le32(section->link), path);
        const uint64_t bytes = load_le64(section->bytes);
        const uint64_t names_bytes = load_le64(names->bytes);
        return (struct source){
            .symbols = file_part(file, load_le64(section->offset), bytes, path),
            .symbol_count = bytes / sizeof(struct elf64_symbol),
            .names = (const char *)file_part(file, load_le64(names->offset), names_bytes, path),
            .names_bytes = names_bytes,
        };
    }
    fail("has no symbol table", path);
}

static struct symbol symbol_at(const struct source *source, size_t index, const char *path)
{
    const struct elf64_symbol *raw = (const void *)(source->symbols + index * sizeof(*raw));
    const uint32_t name = load_le32(raw->name);
    if (name >= source->names_bytes ||
        memchr(source->names + name, '\0', source->names_bytes - name) == NULL)
        fail("has a symbol without a name", path);
    return (struct symbol){ .name = source->names + name,
                            .value = load_le64(raw->value),
                            .bytes = load_le64(raw->bytes) };
}

static bool is_wanted(const struct source *source, size_t index)
{
    const struct elf64_symbol *raw = (const void *)(source->symbols + index * sizeof(*raw));
    const unsigned type = ELF_ST_TYPE(raw->info);
    const uint16_t section = load_le16(raw->section);
    return (type == ELF_STT_FUNC || type == ELF_STT_OBJECT) && load_le64(raw->bytes) > 0 &&
           section != ELF_SHN_UNDEF && section < ELF_SHN_RESERVED;
}

/* By address, then by name: the order must not depend on the linker's. */
static int compare_symbols(const void *left, const void *right)
{
    const struct symbol *a = left;
    const struct symbol *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return strcmp(a->name, b->name);
}

static uint64_t find_base(const struct source *source, const char *path)
{
    for (size_t i = 0; i < source->symbol_count; i++) {
        const struct symbol symbol = symbol_at(source, i, path);
        if (strcmp(symbol.name, BASE_NAME) == 0)
            return symbol.value;
    }
    fail("has no symbol " BASE_NAME, path);
}

static void store_le32(uint8_t *to, uint64_t value, const char *path)
{
    if (value > UINT32_MAX)
        fail("has a symbol too far from its base", path);
    for (unsigned i = 0; i < sizeof(uint32_t); i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static struct blob make_table(const struct symbol *symbols, size_t count, uint64_t base,
                              const char *path)
{
    size_t names_bytes = 0;
    for (size_t i = 0; i < count; i++)
        names_bytes += strlen(symbols[i].name) + 1;
    const size_t names =
        sizeof(struct symbol_table_header) + count * sizeof(struct symbol_table_entry);
    struct blob table = { .bytes = calloc(1, names + names_bytes), .count = names + names_bytes };
    if (table.bytes == NULL)
        fail("does not fit into memory", path);
    struct symbol_table_header *header = (void *)table.bytes;
    store_le32(header->magic, SYMBOL_TABLE_MAGIC, path);
    store_le32(header->count, count, path);
    store_le32(header->names, names, path);
    store_le32(header->names_bytes, names_bytes, path);
    struct symbol_table_entry *entry = (void *)(header + 1);
    size_t name = 0;
    for (size_t i = 0; i < count; i++) {
        store_le32(entry[i].offset, symbols[i].value - base, path);
        store_le32(entry[i].bytes, symbols[i].bytes, path);
        store_le32(entry[i].name, name, path);
        strcpy((char *)table.bytes + names + name, symbols[i].name);
        name += strlen(symbols[i].name) + 1;
    }
    return table;
}

static struct blob table_of(const char *path)
{
    const struct blob file = read_file(path);
    const struct source source = find_symbols(file, path);
    struct symbol *symbols = calloc(source.symbol_count, sizeof(*symbols));
    size_t count = 0;
    for (size_t i = 0; symbols != NULL && i < source.symbol_count; i++) {
        if (is_wanted(&source, i))
            symbols[count++] = symbol_at(&source, i, path);
    }
    if (count == 0)
        fail("has no functions", path);
    qsort(symbols, count, sizeof(*symbols), compare_symbols);
    return make_table(symbols, count, find_base(&source, path), path);
}

static void check(const char *kernel, const char *path)
{
    const struct blob table = read_file(path);
    const struct blob wanted = table_of(kernel);
    if (table.count != wanted.count || memcmp(table.bytes, wanted.bytes, table.count) != 0)
        fail("is not the symbol table of this kernel: an address has moved", path);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--empty") == 0)
        write_file(argv[2], make_table(NULL, 0, 0, argv[2]));
    else if (argc == 4 && strcmp(argv[1], "--check") == 0)
        check(argv[2], argv[3]);
    else if (argc == 3)
        write_file(argv[2], table_of(argv[1]));
    else
        fail("usage: ksyms [--empty | [--check] KERNEL] FILE", "arguments");
    return EXIT_SUCCESS;
}

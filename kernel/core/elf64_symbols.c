/* SPDX-License-Identifier: MIT
 *
 * Finds the first symbol table by the section headers, checks that it and its
 * names lie in the file, and answers from them.
 * Spec: System V ABI (gABI 4.3 draft), chapter 4, "Sections", "Symbol Table".
 */
#include "kernel/core/elf64_symbols.h"

#include "base/bytes.h"
#include "base/checked.h"
#include "hw/elf64.h"
#include "kernel/core/string.h"

/* A file, as far as it goes. */
struct file {
    const uint8_t *bytes;
    uint64_t count;
};

/* `bytes` of the file from an offset on, or NULL if they are not all in it. */
static const uint8_t *file_part(const struct file *file, uint64_t offset, uint64_t bytes)
{
    if (offset > file->count || bytes > file->count - offset)
        return NULL;
    return file->bytes + offset;
}

/* One section's header, or NULL. */
static const struct elf64_section_header *
section_at(const struct file *file, const struct elf64_header *header, uint32_t index)
{
    const uint64_t table = load_le64(header->section_offset);
    uint64_t offset;
    if (index >= load_le16(header->section_count) ||
        !checked_add64(table, (uint64_t)index * sizeof(struct elf64_section_header), &offset))
        return NULL;
    return (const struct elf64_section_header *)file_part(file, offset,
                                                          sizeof(struct elf64_section_header));
}

/* What a symbol table section and the section of its names lead to. */
static enum elf64_symbols_status open_section(const struct file *file,
                                              const struct elf64_section_header *section,
                                              const struct elf64_section_header *names,
                                              struct elf64_symbols *symbols)
{
    const uint64_t bytes = load_le64(section->bytes);
    const uint64_t names_bytes = load_le64(names->bytes);
    const uint8_t *const table = file_part(file, load_le64(section->offset), bytes);
    const uint8_t *const texts = file_part(file, load_le64(names->offset), names_bytes);
    if (table == NULL || texts == NULL || names_bytes == 0 || texts[names_bytes - 1] != '\0')
        return ELF64_SYMBOLS_OUTSIDE;
    *symbols = (struct elf64_symbols){
        .symbols = (const struct elf64_symbol *)table,
        .count = bytes / sizeof(struct elf64_symbol),
        .names = (const char *)texts,
        .names_bytes = names_bytes,
    };
    return ELF64_SYMBOLS_OK;
}

enum elf64_symbols_status elf64_symbols_open(const uint8_t *file, size_t bytes,
                                             struct elf64_symbols *symbols)
{
    const struct file whole = { .bytes = file, .count = bytes };
    const struct elf64_header *const header = (const struct elf64_header *)file;
    if (bytes < sizeof(*header) || load_le32(header->magic) != ELF_MAGIC ||
        header->class != ELF_CLASS_64 || header->data != ELF_DATA_LITTLE)
        return ELF64_SYMBOLS_NOT_ELF64;
    const uint32_t sections = load_le16(header->section_count);
    if (sections != 0 &&
        load_le16(header->section_entry_bytes) != sizeof(struct elf64_section_header))
        return ELF64_SYMBOLS_NOT_ELF64;
    for (uint32_t index = 0; index < sections; index++) {
        const struct elf64_section_header *const section = section_at(&whole, header, index);
        if (section == NULL)
            return ELF64_SYMBOLS_OUTSIDE;
        if (load_le32(section->type) != ELF_SHT_SYMTAB)
            continue;
        const struct elf64_section_header *const names =
            section_at(&whole, header, load_le32(section->link));
        return names == NULL ? ELF64_SYMBOLS_OUTSIDE
                             : open_section(&whole, section, names, symbols);
    }
    return ELF64_SYMBOLS_NONE;
}

static const char *symbol_name(const struct elf64_symbols *symbols,
                               const struct elf64_symbol *symbol)
{
    const uint32_t name = load_le32(symbol->name);
    return name < symbols->names_bytes ? symbols->names + name : "?";
}

/* Is it in one of the file's own sections? */
static bool is_defined(const struct elf64_symbol *symbol)
{
    const uint16_t section = load_le16(symbol->section);
    return section != ELF_SHN_UNDEF && section < ELF_SHN_RESERVED;
}

static bool is_function_or_object(const struct elf64_symbol *symbol)
{
    const unsigned type = ELF_ST_TYPE(symbol->info);
    return is_defined(symbol) && (type == ELF_STT_FUNC || type == ELF_STT_OBJECT);
}

bool elf64_symbols_find(const struct elf64_symbols *symbols, uint64_t address,
                        struct symbol_place *place)
{
    const struct elf64_symbol *found = NULL;
    for (uint64_t i = 0; i < symbols->count; i++) {
        const struct elf64_symbol *const symbol = &symbols->symbols[i];
        const uint64_t first = load_le64(symbol->value);
        if (is_function_or_object(symbol) && address >= first &&
            address - first < load_le64(symbol->bytes) &&
            (found == NULL || first > load_le64(found->value)))
            found = symbol;
    }
    if (found == NULL)
        return false;
    *place = (struct symbol_place){ .name = symbol_name(symbols, found),
                                    .offset = address - load_le64(found->value) };
    return true;
}

bool elf64_symbols_find_name(const struct elf64_symbols *symbols, const char *name,
                             uint64_t *address)
{
    for (uint64_t i = 0; i < symbols->count; i++) {
        const struct elf64_symbol *const symbol = &symbols->symbols[i];
        if (is_defined(symbol) && string_equals(symbol_name(symbols, symbol), name)) {
            *address = load_le64(symbol->value);
            return true;
        }
    }
    return false;
}

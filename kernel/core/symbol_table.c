/* SPDX-License-Identifier: MIT
 *
 * Opening checks where the parts lie and that the names end in a NUL; after that
 * every name that begins inside also ends inside. A table out of order gives
 * wrong names, nothing worse.
 */
#include "kernel/core/symbol_table.h"

#include "base/bytes.h"
#include "kernel/core/string.h"

bool symbol_table_open(const uint8_t *bytes, size_t count, struct symbol_table *table)
{
    const struct symbol_table_header *const header = (const struct symbol_table_header *)bytes;
    if (count < sizeof(*header) || load_le32(header->magic) != SYMBOL_TABLE_MAGIC)
        return false;
    const uint32_t entries = load_le32(header->count);
    const uint64_t names = sizeof(*header) + (uint64_t)entries * sizeof(struct symbol_table_entry);
    const uint32_t names_bytes = load_le32(header->names_bytes);
    if (load_le32(header->names) != names || names > count || names_bytes > count - names)
        return false;
    if (names_bytes != 0 && bytes[names + names_bytes - 1] != '\0')
        return false;
    *table = (struct symbol_table){
        .entries = (const struct symbol_table_entry *)(bytes + sizeof(*header)),
        .count = entries,
        .names = (const char *)bytes + names,
        .names_bytes = names_bytes,
    };
    return true;
}

static const char *entry_name(const struct symbol_table *table,
                              const struct symbol_table_entry *entry)
{
    const uint32_t name = load_le32(entry->name);
    return name < table->names_bytes ? table->names + name : "?";
}

/* How many entries start at or below an offset. */
static uint32_t count_begun(const struct symbol_table *table, uint64_t offset)
{
    uint32_t low = 0;
    uint32_t high = table->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (load_le32(table->entries[middle].offset) <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool symbol_table_find(const struct symbol_table *table, uint64_t offset,
                       struct symbol_place *place)
{
    const uint32_t begun = count_begun(table, offset);
    if (begun == 0)
        return false;
    const struct symbol_table_entry *const entry = &table->entries[begun - 1];
    const uint64_t inside = offset - load_le32(entry->offset);
    if (inside >= load_le32(entry->bytes))
        return false;
    *place = (struct symbol_place){ .name = entry_name(table, entry), .offset = inside };
    return true;
}

bool symbol_table_find_name(const struct symbol_table *table, const char *name, uint32_t *offset)
{
    for (uint32_t i = 0; i < table->count; i++) {
        if (string_equals(entry_name(table, &table->entries[i]), name)) {
            *offset = load_le32(table->entries[i].offset);
            return true;
        }
    }
    return false;
}

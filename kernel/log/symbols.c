/* SPDX-License-Identifier: MIT
 *
 * Looks addresses up in the kernel's symbol table by bisection. The table is
 * our own, but it is used while something is wrong: it is checked once and
 * then never believed beyond its bounds.
 */
#include "kernel/log/symbols.h"

#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"

static const struct symbols_header *table_header(void)
{
    const struct symbols_header *header =
        (const struct symbols_header *)(const void *)kernel_symbols_first;
    const uint64_t room = (uint64_t)(kernel_symbols_end - kernel_symbols_first);
    if (room < sizeof(*header) || header->magic != SYMBOLS_MAGIC)
        return NULL;
    const uint64_t entries_end =
        sizeof(*header) + (uint64_t)header->count * sizeof(struct symbols_entry);
    if (header->names != entries_end || entries_end > room ||
        header->names_bytes > room - entries_end)
        return NULL;
    return header;
}

static const struct symbols_entry *table_entries(const struct symbols_header *header)
{
    return (const struct symbols_entry *)(const void *)(header + 1);
}

static const char *entry_name(const struct symbols_header *header,
                              const struct symbols_entry *entry)
{
    if (entry->name >= header->names_bytes)
        return "?";
    return (const char *)header + header->names + entry->name;
}

/* The last entry that starts at or below `offset`, or NULL. */
static const struct symbols_entry *entry_below(const struct symbols_header *header, uint64_t offset)
{
    const struct symbols_entry *entries = table_entries(header);
    uint32_t low = 0;
    uint32_t high = header->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (entries[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &entries[low - 1];
}

bool symbols_find(uint64_t address, struct symbol_place *place)
{
    const struct symbols_header *header = table_header();
    const uint64_t base = (uint64_t)kernel_base;
    if (header == NULL || address < base)
        return false;
    const struct symbols_entry *entry = entry_below(header, address - base);
    if (entry == NULL || address - base - entry->offset >= entry->bytes)
        return false;
    *place = (struct symbol_place){ .name = entry_name(header, entry),
                                    .offset = address - base - entry->offset };
    return true;
}

uint64_t symbols_address(const char *name)
{
    const struct symbols_header *header = table_header();
    if (header == NULL)
        return 0;
    const struct symbols_entry *entries = table_entries(header);
    for (uint32_t i = 0; i < header->count; i++) {
        if (string_equals(entry_name(header, &entries[i]), name))
            return (uint64_t)kernel_base + entries[i].offset;
    }
    return 0;
}

uint32_t symbols_count(void)
{
    const struct symbols_header *header = table_header();
    return header == NULL ? 0 : header->count;
}

void symbols_print(uint64_t address)
{
    struct symbol_place place;
    if (symbols_find(address, &place))
        kprintf(" %s+0x%llx", place.name, (unsigned long long)place.offset);
    else
        kprintf(" ?");
}

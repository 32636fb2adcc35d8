/* SPDX-License-Identifier: MIT
 *
 * Looks addresses up in the kernel's own symbol table (kernel/core/symbol_table.h).
 * The table is opened anew for each question: it is used while something is
 * wrong, and so nothing has to be kept or made ready.
 */
#include "kernel/log/symbols.h"

#include "kernel/log/console.h"
#include "kernel/log/image.h"

static bool open_own_table(struct symbol_table *table)
{
    return symbol_table_open((const uint8_t *)kernel_symbols_first,
                             (size_t)(kernel_symbols_end - kernel_symbols_first), table);
}

bool symbols_find(uint64_t address, struct symbol_place *place)
{
    struct symbol_table table;
    const uint64_t base = (uint64_t)kernel_base;
    return address >= base && open_own_table(&table) &&
           symbol_table_find(&table, address - base, place);
}

uint64_t symbols_address(const char *name)
{
    struct symbol_table table;
    uint32_t offset;
    if (!open_own_table(&table) || !symbol_table_find_name(&table, name, &offset))
        return 0;
    return (uint64_t)kernel_base + offset;
}

uint32_t symbols_count(void)
{
    struct symbol_table table;
    return open_own_table(&table) ? table.count : 0;
}

void symbols_print(uint64_t address)
{
    struct symbol_place place;
    if (symbols_find(address, &place))
        kprintf(" %s+0x%llx", place.name, (unsigned long long)place.offset);
    else
        kprintf(" ?");
}

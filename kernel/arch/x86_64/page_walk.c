/* SPDX-License-Identifier: MIT
 *
 * The page table walk, by the same rules as the CPU's. Tables are read through
 * the direct map, so they must lie in RAM, where the loader puts them.
 */
#include "kernel/arch/x86_64/page_walk.h"

#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/registers.h"

struct page_tables page_tables_current(void)
{
    return (struct page_tables){
        .root_phys = cr3_read() & CR3_ADDRESS,
        .levels = (cr4_read() & CR4_LA57) != 0 ? TABLE_LEVELS_57 : TABLE_LEVELS,
    };
}

static struct page_mapping allow_all(void)
{
    return (struct page_mapping){ .writable = true, .executable = true, .user = true };
}

/* What is left allowed below an entry of the next level. */
static void restrict_by(struct page_mapping *mapping, uint64_t entry)
{
    mapping->writable = mapping->writable && (entry & PTE_RW) != 0;
    mapping->executable = mapping->executable && (entry & PTE_XD) == 0;
    mapping->user = mapping->user && (entry & PTE_US) != 0;
}

static void place_page(struct page_mapping *mapping, uint64_t entry, uint64_t virt, unsigned level)
{
    mapping->bytes = page_level_bytes(level);
    mapping->virt = virt & ~(mapping->bytes - 1);
    mapping->phys = entry & PTE_ADDR & ~(mapping->bytes - 1);
}

bool page_walk_find(const struct page_tables *tables, uint64_t virt, struct page_mapping *mapping)
{
    if (page_canonical(virt, tables->levels) != virt)
        return false;
    struct page_mapping found = allow_all();
    uint64_t table_phys = tables->root_phys;
    for (unsigned level = tables->levels; level >= 1; level--) {
        const uint64_t *table = direct_map_at(table_phys);
        const uint64_t entry = table[page_level_index(virt, level)];
        if ((entry & PTE_P) == 0)
            return false;
        restrict_by(&found, entry);
        if (page_entry_is_page(entry, level)) {
            place_page(&found, entry, virt, level);
            *mapping = found;
            return true;
        }
        table_phys = entry & PTE_ADDR;
    }
    return false;
}

struct entry_read {
    const volatile uint64_t *from;
    uint64_t entry;
};

static void read_entry(void *argument)
{
    struct entry_read *read = argument;
    read->entry = *read->from;
}

unsigned page_walk_steps(const struct page_tables *tables, uint64_t virt, struct page_step *steps)
{
    if (page_canonical(virt, tables->levels) != virt)
        return 0;
    uint64_t table_phys = tables->root_phys;
    unsigned count = 0;
    for (unsigned level = tables->levels; level >= 1; level--) {
        const unsigned index = page_level_index(virt, level);
        struct entry_read read = { (const uint64_t *)direct_map_at(table_phys) + index, 0 };
        struct attempt attempt;
        if (!attempt_run(&attempt, read_entry, &read))
            break;
        steps[count++] = (struct page_step){ level, index, read.entry };
        if ((read.entry & PTE_P) == 0 || page_entry_is_page(read.entry, level))
            break;
        table_phys = read.entry & PTE_ADDR;
    }
    return count;
}

bool page_walk_covers(const struct page_tables *tables, uint64_t virt, uint64_t bytes, bool write)
{
    uint64_t left = bytes;
    while (left > 0) {
        struct page_mapping page;
        if (!page_walk_find(tables, virt, &page) || (write && !page.writable))
            return false;
        const uint64_t in_page = page.bytes - (virt - page.virt);
        if (left <= in_page)
            return true;
        left -= in_page;
        virt += in_page;
    }
    return true;
}

bool page_walk_translate(const struct page_tables *tables, uint64_t virt, uint64_t *phys)
{
    struct page_mapping page;
    if (!page_walk_find(tables, virt, &page))
        return false;
    *phys = page.phys + (virt - page.virt);
    return true;
}

/* Where the walk over all tables stands, one slot a level. */
struct walk_level {
    const uint64_t *table;
    unsigned index;
    struct page_mapping allowed;
};

static uint64_t walk_address(const struct walk_level *state, unsigned level, unsigned levels)
{
    uint64_t virt = 0;
    for (unsigned l = level; l <= levels; l++)
        virt += state[l].index * page_level_bytes(l);
    return page_canonical(virt, levels);
}

/* Who is shown what; either may be NULL. */
struct walk_visitor {
    bool (*page)(void *context, const struct page_mapping *mapping);
    bool (*table)(void *context, uint64_t phys);
    void *context;
};

/* Show an entry that is present: false ends the walk. */
static bool show_entry(const struct walk_visitor *visitor, uint64_t entry, bool is_page,
                       const struct page_mapping *mapping)
{
    if (is_page)
        return visitor->page == NULL || visitor->page(visitor->context, mapping);
    return visitor->table == NULL || visitor->table(visitor->context, entry & PTE_ADDR);
}

static bool walk_everything(const struct page_tables *tables, const struct walk_visitor *visitor)
{
    struct walk_level state[TABLE_LEVELS_57 + 1];
    unsigned level = tables->levels;
    state[level] = (struct walk_level){ direct_map_at(tables->root_phys), 0, allow_all() };
    while (level <= tables->levels) {
        struct walk_level *here = &state[level];
        if (here->index == TABLE_ENTRIES) {
            level++;
            if (level <= tables->levels)
                state[level].index++;
            continue;
        }
        const uint64_t entry = here->table[here->index];
        struct page_mapping mapping = here->allowed;
        restrict_by(&mapping, entry);
        const bool is_page = page_entry_is_page(entry, level);
        if (is_page)
            place_page(&mapping, entry, walk_address(state, level, tables->levels), level);
        if ((entry & PTE_P) != 0 && !show_entry(visitor, entry, is_page, &mapping))
            return false;
        if ((entry & PTE_P) != 0 && !is_page) {
            level--;
            state[level] = (struct walk_level){ direct_map_at(entry & PTE_ADDR), 0, mapping };
            continue;
        }
        here->index++;
    }
    return true;
}

bool page_walk_all(const struct page_tables *tables,
                   bool (*visit)(void *context, const struct page_mapping *mapping), void *context)
{
    const struct walk_visitor visitor = { .page = visit, .context = context };
    return walk_everything(tables, &visitor);
}

bool page_walk_tables(const struct page_tables *tables, bool (*visit)(void *context, uint64_t phys),
                      void *context)
{
    const struct walk_visitor visitor = { .table = visit, .context = context };
    return visit(context, tables->root_phys) && walk_everything(tables, &visitor);
}

/* SPDX-License-Identifier: MIT
 *
 * Page tables as a whole: begin, look up, share and end. page_table_edit.c
 * changes them.
 */
#include "kernel/core/page_table.h"

#include "kernel/core/page_level.h"
#include "kernel/core/page_table_path.h"

#define LOWER_ENTRIES (TABLE_ENTRIES / 2) /* of the root: those of the lower half */

void page_table_descend(const struct page_table *table, uint64_t virt, struct page_table_path *path)
{
    uint64_t phys = table->root_phys;
    unsigned level = table->levels;

    for (;; level--) {
        /* On the lowest level every entry ends the way. */
        ASSUME(level >= PAGE_LEVEL_4K && level <= TABLE_LEVELS_57);
        uint64_t *entry = table->port.at(table->port.context, phys) + page_level_index(virt, level);
        path->entries[level] = entry;
        path->level = level;
        if ((*entry & PTE_P) == 0 || page_entry_is_page(*entry, level))
            return;
        phys = *entry & PTE_ADDR;
    }
}

void page_table_read(uint64_t entry, unsigned level, uint64_t virt, struct page_table_page *page)
{
    const uint64_t bytes = page_level_bytes(level);
    page->virt = virt & ~(bytes - 1);
    page->phys = entry & PTE_ADDR & ~(bytes - 1);
    page->bytes = bytes;
    page->access = (entry & PTE_RW ? PAGING_WRITE : 0) | (entry & PTE_XD ? 0 : PAGING_EXECUTE) |
                   (entry & PTE_US ? PAGING_USER : 0) | (entry & PTE_PCD ? PAGING_DEVICE : 0);
}

/* See page_table.h. An address that is not canonical is in no page. */
bool page_table_find(const struct page_table *table, uint64_t virt, struct page_table_page *page)
{
    struct page_table_path path;
    if (page_canonical(virt, table->levels) != virt)
        return false;
    page_table_descend(table, virt, &path);
    const uint64_t entry = *path.entries[path.level];
    if ((entry & PTE_P) == 0)
        return false;
    page_table_read(entry, path.level, virt, page);
    return true;
}

/* Holes are passed over as large as the entry is that leaves them. */
bool page_table_next(const struct page_table *table, uint64_t from, struct page_table_page *page)
{
    struct page_table_path path;
    for (;;) {
        if (page_canonical(from, table->levels) != from)
            from = ~(page_level_bytes(table->levels + 1) / 2 - 1); /* the upper half's first */
        page_table_descend(table, from, &path);
        const uint64_t entry = *path.entries[path.level];
        if ((entry & PTE_P) != 0) {
            page_table_read(entry, path.level, from, page);
            return true;
        }
        from |= page_level_bytes(path.level) - 1;
        if (from == UINT64_MAX)
            return false;
        from++;
    }
}

enum space_status page_table_begin(const struct page_table_port *port,
                                   struct page_table_abilities abilities, unsigned levels,
                                   struct page_table *table)
{
    const uint64_t root = port->allocate(port->context);
    if (root == 0)
        return SPACE_E_NO_ROOM;
    *table = (struct page_table){
        .port = *port, .abilities = abilities, .levels = levels, .root_phys = root
    };
    return SPACE_OK;
}

void page_table_share(struct page_table *table, const struct page_table *from)
{
    uint64_t *to_root = table->port.at(table->port.context, table->root_phys);
    const uint64_t *from_root = from->port.at(from->port.context, from->root_phys);
    for (unsigned i = LOWER_ENTRIES; i < TABLE_ENTRIES; i++)
        to_root[i] = from_root[i];
    table->shared = true;
}

/* A whole page can be unmapped without a new table, so nothing here can fail. */
void page_table_end(struct page_table *table)
{
    struct page_table_page page;
    while (page_table_next(table, 0, &page) && page_is_lower(page.virt)) {
        if (page_table_unmap(table, page.virt, page.bytes) != SPACE_OK)
            break;
    }
    page_table_release(table);
    table->port.release(table->port.context, table->root_phys);
    table->root_phys = 0;
}

void page_table_release(struct page_table *table)
{
    while (table->dead_phys != 0) {
        const uint64_t phys = table->dead_phys;
        table->dead_phys = *table->port.at(table->port.context, phys);
        table->port.release(table->port.context, phys);
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Changing page tables. What may fail comes first: unmap and protect take the
 * tables that splitting will need before they change anything, map takes back
 * what it has done. Inner entries allow everything that their half may have:
 * the last entry decides.
 */
#include "hw/paging.h"
#include "kernel/core/page_level.h"
#include "kernel/core/page_table.h"
#include "kernel/core/page_table_path.h"

#define PHYS_LAST  (PTE_ADDR | (PAGE_BYTES - 1))
#define SPARES_MAX (2 * (PAGE_LEVEL_1G - PAGE_LEVEL_4K)) /* each end may split twice */

/* Tables that were taken but are in no use yet. */
struct spares {
    uint64_t phys[SPARES_MAX];
    unsigned count;
};

static uint64_t *entries_of(const struct page_table *table, uint64_t phys)
{
    return table->port.at(table->port.context, phys);
}

/*
 * Refuse what is no range. The last byte is computed only after it is known
 * not to wrap.
 */
static enum space_status check_range(const struct page_table *table, uint64_t virt, uint64_t bytes)
{
    if (bytes == 0 || ((virt | bytes) & (PAGE_BYTES - 1)) != 0 || bytes - 1 > UINT64_MAX - virt)
        return SPACE_E_ADDRESS;
    const uint64_t last = virt + (bytes - 1);
    if (page_canonical(virt, table->levels) != virt || page_canonical(last, table->levels) != last)
        return SPACE_E_ADDRESS;
    return page_is_lower(virt) == page_is_lower(last) ? SPACE_OK : SPACE_E_ADDRESS;
}

static enum space_status check_access(uint64_t virt, unsigned access)
{
    if ((access & PAGING_WRITE) && (access & PAGING_EXECUTE))
        return SPACE_E_W_X;
    return (access & PAGING_USER) && !page_is_lower(virt) ? SPACE_E_USER : SPACE_OK;
}

/* An entry that leads to a table, for an address of this half. */
static uint64_t inner_entry(uint64_t phys, uint64_t virt)
{
    return phys | PTE_P | PTE_RW | (page_is_lower(virt) ? PTE_US : 0);
}

/* An entry that is a page. */
static uint64_t page_entry(const struct page_table *table, uint64_t virt, uint64_t phys,
                           unsigned level, unsigned access)
{
    uint64_t entry = phys | PTE_P | (level > PAGE_LEVEL_4K ? PTE_PS : 0);
    if (access & PAGING_WRITE)
        entry |= PTE_RW;
    if (access & PAGING_USER)
        entry |= PTE_US;
    if (access & PAGING_DEVICE)
        entry |= PTE_PCD | PTE_PWT;
    if (!(access & PAGING_EXECUTE) && table->abilities.no_execute)
        entry |= PTE_XD;
    if (!page_is_lower(virt) && table->abilities.global)
        entry |= PTE_G;
    return entry;
}

/* How many entries from this one on, to the end of its table, lie inside `bytes`. */
static unsigned entries_in(uint64_t virt, uint64_t bytes, unsigned level)
{
    const unsigned left = TABLE_ENTRIES - page_level_index(virt, level);
    const uint64_t wanted = bytes / page_level_bytes(level);
    return wanted < left ? (unsigned)wanted : left;
}

static bool is_empty(const uint64_t *entries)
{
    for (unsigned i = 0; i < TABLE_ENTRIES; i++) {
        if (entries[i] != 0)
            return false;
    }
    return true;
}

/* The tables on the way to virt that hold nothing any more are taken out, lowest first. */
static void prune(struct page_table *table, uint64_t virt)
{
    struct page_table_path path;
    page_table_descend(table, virt, &path);
    for (unsigned level = path.level; level < table->levels; level++) {
        uint64_t *above = path.entries[level + 1];
        const uint64_t phys = *above & PTE_ADDR;
        uint64_t *entries = entries_of(table, phys);
        const bool of_all = level + 1 == table->levels && table->shared && !page_is_lower(virt);
        if (of_all || !is_empty(entries))
            return;
        *above = 0;
        /* Its own first entry links it: an address of a table has no PTE_P. */
        entries[0] = table->dead_phys;
        table->dead_phys = phys;
    }
}

/* The pages of a range that are mapped without a hole go, and what held them. */
static void clear(struct page_table *table, uint64_t virt, uint64_t bytes)
{
    while (bytes != 0) {
        struct page_table_path path;
        page_table_descend(table, virt, &path);
        const unsigned level = path.level;
        const unsigned count = entries_in(virt, bytes, level);
        unsigned done = 0;
        while (done < count && page_entry_is_page(path.entries[level][done], level))
            path.entries[level][done++] = 0;
        prune(table, virt);
        const uint64_t cleared = done * page_level_bytes(level);
        virt += cleared;
        bytes -= cleared;
    }
}

/* The level of the largest page that may start at virt and phys. */
static unsigned level_that_fits(const struct page_table *table, uint64_t virt, uint64_t phys,
                                uint64_t bytes)
{
    unsigned level = table->abilities.pages_1g ? PAGE_LEVEL_1G : PAGE_LEVEL_2M;
    while (level > PAGE_LEVEL_4K && (((virt | phys) & (page_level_bytes(level) - 1)) != 0 ||
                                     bytes < page_level_bytes(level)))
        level--;
    return level;
}

/* Go to the level-`level` entry for virt; tables are made where they are missing. */
static enum space_status reach(struct page_table *table, uint64_t virt, unsigned level,
                               uint64_t **entry)
{
    struct page_table_path path;
    page_table_descend(table, virt, &path);
    while (path.level > level) {
        if (*path.entries[path.level] != 0)
            return SPACE_E_MAPPED; /* by a larger page */
        if (path.level == table->levels && table->shared && !page_is_lower(virt))
            return SPACE_E_SHARED;
        const uint64_t phys = table->port.allocate(table->port.context);
        if (phys == 0)
            return SPACE_E_NO_ROOM;
        *path.entries[path.level] = inner_entry(phys, virt);
        path.level--;
        path.entries[path.level] = entries_of(table, phys) + page_level_index(virt, path.level);
    }
    if (path.level < level)
        return SPACE_E_MAPPED; /* by smaller ones */
    *entry = path.entries[level];
    return SPACE_OK;
}

/* Map what fits into one table from virt on. *bytes: how many there are; back: how many were done. */
static enum space_status map_run(struct page_table *table, uint64_t virt, uint64_t phys,
                                 unsigned access, uint64_t *bytes)
{
    const unsigned level = level_that_fits(table, virt, phys, *bytes);
    const uint64_t page_bytes = page_level_bytes(level);
    const unsigned count = entries_in(virt, *bytes, level);
    uint64_t *entries;
    const enum space_status status = reach(table, virt, level, &entries);
    if (status != SPACE_OK) {
        *bytes = 0;
        return status;
    }
    uint64_t entry = page_entry(table, virt, phys, level, access);
    unsigned done = 0;
    for (; done < count && entries[done] == 0; done++) {
        entries[done] = entry;
        entry += page_bytes;
    }
    *bytes = done * page_bytes;
    return done == count ? SPACE_OK : SPACE_E_MAPPED;
}

static enum space_status check_map(const struct page_table *table, uint64_t virt, uint64_t phys,
                                   uint64_t bytes, unsigned access)
{
    const enum space_status status = check_range(table, virt, bytes);
    if (status != SPACE_OK)
        return status;
    if (phys % PAGE_BYTES != 0 || phys > PHYS_LAST || bytes - 1 > PHYS_LAST - phys)
        return SPACE_E_ADDRESS;
    return virt == 0 ? SPACE_E_PAGE_ZERO : check_access(virt, access);
}

/* See page_table.h. */
enum space_status page_table_map(struct page_table *table, uint64_t virt, uint64_t phys,
                                 uint64_t bytes, unsigned access)
{
    enum space_status status = check_map(table, virt, phys, bytes, access);
    if (status != SPACE_OK)
        return status;

    uint64_t done = 0;
    while (done < bytes) {
        uint64_t run = bytes - done;
        status = map_run(table, virt + done, phys + done, access, &run);
        done += run;
        if (status == SPACE_OK)
            continue;
        clear(table, virt, done);
        prune(table, virt + done);
        break;
    }
    return status;
}

static bool is_mapped(const struct page_table *table, uint64_t virt, uint64_t bytes)
{
    const uint64_t last = virt + (bytes - 1);
    struct page_table_page page;
    for (uint64_t at = virt; page_table_find(table, at, &page); at = page.virt + page.bytes) {
        if (last - page.virt < page.bytes)
            return true;
    }
    return false;
}

/* How many tables it takes until a page begins at virt. */
static unsigned splits_at(const struct page_table *table, uint64_t virt)
{
    struct page_table_page page;
    unsigned splits = 0;
    if (!page_table_find(table, virt, &page))
        return 0;
    for (uint64_t bytes = page.bytes; virt % bytes != 0; bytes /= TABLE_ENTRIES)
        splits++;
    return splits;
}

/* Split pages until one begins at virt. The spares suffice. */
static void split_at(struct page_table *table, uint64_t virt, struct spares *spares)
{
    struct page_table_path path;
    for (page_table_descend(table, virt, &path);
         (*path.entries[path.level] & PTE_P) != 0 && virt % page_level_bytes(path.level) != 0;
         page_table_descend(table, virt, &path)) {
        const unsigned below = path.level - 1;
        const uint64_t phys = spares->phys[--spares->count];
        uint64_t entry = *path.entries[path.level];
        uint64_t *entries = entries_of(table, phys);
        if (below == PAGE_LEVEL_4K)
            entry &= ~(uint64_t)PTE_PS;
        for (unsigned i = 0; i < TABLE_ENTRIES; i++)
            entries[i] = entry + i * page_level_bytes(below);
        *path.entries[path.level] = inner_entry(phys, virt);
    }
}

static void give_back(struct page_table *table, struct spares *spares)
{
    while (spares->count != 0)
        table->port.release(table->port.context, spares->phys[--spares->count]);
}

/* Make the range begin and end where pages do, or change nothing. */
static enum space_status isolate(struct page_table *table, uint64_t virt, uint64_t bytes)
{
    if (!is_mapped(table, virt, bytes))
        return SPACE_E_NOT_MAPPED;
    struct spares spares = { .count = 0 };
    const unsigned wanted = splits_at(table, virt) + splits_at(table, virt + bytes);
    while (spares.count < wanted) {
        const uint64_t phys = table->port.allocate(table->port.context);
        if (phys == 0) {
            give_back(table, &spares);
            return SPACE_E_NO_ROOM;
        }
        spares.phys[spares.count++] = phys;
    }
    split_at(table, virt, &spares);
    split_at(table, virt + bytes, &spares);
    give_back(table, &spares); /* both ends in one page need fewer */
    return SPACE_OK;
}

/* See page_table.h. */
enum space_status page_table_unmap(struct page_table *table, uint64_t virt, uint64_t bytes)
{
    enum space_status status = check_range(table, virt, bytes);
    if (status == SPACE_OK)
        status = isolate(table, virt, bytes);
    if (status == SPACE_OK)
        clear(table, virt, bytes);
    return status;
}

/* See page_table.h. */
enum space_status page_table_protect(struct page_table *table, uint64_t virt, uint64_t bytes,
                                     unsigned access)
{
    enum space_status status = check_range(table, virt, bytes);
    if (status == SPACE_OK)
        status = check_access(virt, access);
    if (status == SPACE_OK)
        status = isolate(table, virt, bytes);
    for (uint64_t done = 0; status == SPACE_OK && done < bytes;) {
        struct page_table_path path;
        page_table_descend(table, virt + done, &path);
        struct page_table_page page;
        page_table_read(*path.entries[path.level], path.level, virt + done, &page);
        *path.entries[path.level] = page_entry(table, page.virt, page.phys, path.level, access);
        done += page.bytes;
    }
    return status;
}

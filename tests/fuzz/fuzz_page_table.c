/* SPDX-License-Identifier: MIT
 *
 * Any sequence of changes to page tables, held against a table that has one row
 * for each 4 KiB page. The window is small, so that requests meet; a port that
 * refuses is part of the input.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "kernel/core/page_table.h"

#define PAGE          ((uint64_t)PAGE_BYTES)
#define WINDOW        0xFFFF803FFFC00000ULL /* 4 MiB before a 1 GiB boundary, 4 MiB behind it */
#define WINDOW_PAGES  2048
#define LAST_ACCESS   4 /* of the four that are tried, and one that is refused */
#define TABLES_MAX    64
#define STEPS_MAX     32
#define REFUSED_SHIFT 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One 4 KiB page as it should be. */
struct row {
    uint64_t phys;
    unsigned access;
    bool mapped;
};

/* Six bytes of input: one change. */
struct step {
    uint8_t verb;   /* 0: map, 1: unmap, 2: protect; the upper bits: which allocation is refused */
    uint8_t access; /* index */
    uint8_t first[2]; /* page of the window */
    uint8_t count[2]; /* pages */
};

static uint64_t tables[TABLES_MAX][TABLE_ENTRIES] ALIGNED(PAGE_BYTES);
static bool used[TABLES_MAX];
static unsigned used_count, refused;
static struct row rows[WINDOW_PAGES];

static const unsigned accesses[LAST_ACCESS + 1] = {
    0, PAGING_WRITE, PAGING_EXECUTE, PAGING_WRITE | PAGING_DEVICE, PAGING_WRITE | PAGING_EXECUTE,
};

static void require(bool claim)
{
    if (!claim)
        abort();
}

static uint64_t allocate(void *unused)
{
    (void)unused;
    if (refused != 0 && --refused == 0)
        return 0;
    for (unsigned i = 0; i < TABLES_MAX; i++) {
        if (used[i])
            continue;
        used[i] = true;
        used_count++;
        memset(tables[i], 0, sizeof(tables[i]));
        return (i + 1) * PAGE;
    }
    return 0;
}

static void release(void *unused, uint64_t phys)
{
    const uint64_t index = phys / PAGE - 1;
    (void)unused;
    require(index < TABLES_MAX && used[index]);
    used[index] = false;
    used_count--;
    memset(tables[index], 0xFF, sizeof(tables[index]));
}

static uint64_t *table_at(void *unused, uint64_t phys)
{
    const uint64_t index = phys / PAGE - 1;
    (void)unused;
    require(phys % PAGE == 0 && index < TABLES_MAX && used[index]);
    return tables[index];
}

/* What must come of it if there is memory. */
static enum space_status verdict(unsigned verb, unsigned first, unsigned count, unsigned access)
{
    if (count == 0)
        return SPACE_E_ADDRESS;
    if (verb != 1 && access == accesses[LAST_ACCESS])
        return SPACE_E_W_X;
    for (unsigned i = first; i < first + count; i++) {
        if (rows[i].mapped == (verb == 0))
            return verb == 0 ? SPACE_E_MAPPED : SPACE_E_NOT_MAPPED;
    }
    return SPACE_OK;
}

static void change_rows(unsigned verb, unsigned first, unsigned count, uint64_t phys,
                        unsigned access)
{
    for (unsigned i = 0; i < count; i++) {
        struct row *row = &rows[first + i];
        if (verb == 0)
            row->phys = phys + i * PAGE;
        row->mapped = verb != 1;
        row->access = access;
    }
}

/* The rows that one page covers; those before it are holes. */
static unsigned check_page(unsigned row, const struct page_table_page *page)
{
    for (; row < WINDOW_PAGES && WINDOW + row * PAGE < page->virt; row++)
        require(!rows[row].mapped);
    for (; row < WINDOW_PAGES && WINDOW + row * PAGE - page->virt < page->bytes; row++) {
        require(rows[row].mapped && rows[row].access == page->access);
        require(page->phys + (WINDOW + row * PAGE - page->virt) == rows[row].phys);
    }
    return row;
}

static void check(const struct page_table *table)
{
    struct page_table_page page;
    unsigned row = 0;
    while (row < WINDOW_PAGES && page_table_next(table, WINDOW + row * PAGE, &page))
        row = check_page(row, &page);
    for (; row < WINDOW_PAGES; row++)
        require(!rows[row].mapped);
}

static void perform(struct page_table *table, const struct step *step)
{
    const unsigned verb = step->verb % 3;
    const unsigned access = accesses[step->access % ARRAY_COUNT(accesses)];
    const unsigned first = (step->first[0] + 256U * step->first[1]) % WINDOW_PAGES;
    const unsigned count = (step->count[0] + 256U * step->count[1]) % (WINDOW_PAGES - first + 1);
    const uint64_t virt = WINDOW + first * PAGE;
    const uint64_t phys = (first + (step->access >> 7)) * PAGE; /* in step with virt, or not */
    const unsigned before = used_count;
    const enum space_status expected = verdict(verb, first, count, access);
    enum space_status status;

    refused = step->verb >> REFUSED_SHIFT;
    if (verb == 0)
        status = page_table_map(table, virt, phys, count * PAGE, access);
    else if (verb == 1)
        status = page_table_unmap(table, virt, count * PAGE);
    else
        status = page_table_protect(table, virt, count * PAGE, access);
    page_table_release(table);
    require(status == expected ||
            (status == SPACE_E_NO_ROOM && refused == 0 && step->verb >> REFUSED_SHIFT != 0));
    refused = 0;
    if (status == SPACE_OK)
        change_rows(verb, first, count, phys, access);
    else
        require(used_count == before);
    check(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct page_table_port port = { allocate, release, table_at, NULL };
    const struct page_table_abilities abilities = { true, true, true };
    struct page_table table;
    memset(used, 0, sizeof(used));
    memset(rows, 0, sizeof(rows));
    used_count = refused = 0;
    require(page_table_begin(&port, abilities, TABLE_LEVELS, &table) == SPACE_OK);
    for (unsigned i = 0; i < STEPS_MAX && size >= sizeof(struct step);
         i++, size -= sizeof(struct step), data += sizeof(struct step)) {
        struct step step;
        memcpy(&step, data, sizeof(step));
        perform(&table, &step);
    }
    for (unsigned i = 0, run = 0; i < WINDOW_PAGES; i += run + 1) {
        for (run = 0; i + run < WINDOW_PAGES && rows[i + run].mapped; run++)
            continue;
        require(run == 0 || page_table_unmap(&table, WINDOW + i * PAGE, run * PAGE) == SPACE_OK);
    }
    page_table_release(&table);
    require(used_count == 1);
    return 0;
}

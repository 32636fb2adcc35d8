/* SPDX-License-Identifier: MIT
 *
 * See paging_bench.h.
 */
#include "kernel/proof/paging_bench.h"

#include "kernel/core/string.h"

static uint64_t bench_take_table(void *context)
{
    struct paging_bench *bench = context;
    if (bench->refusing != 0 && --bench->refusing == 0)
        return 0;
    for (unsigned i = 0; i < TABLES_MAX; i++) {
        if (bench->used[i])
            continue;
        bench->used[i] = true;
        bench->count++;
        memset(bench->arena + (size_t)i * PAGE_BYTES, 0, PAGE_BYTES);
        return (uint64_t)(i + 1) * PAGE_BYTES;
    }
    return 0;
}

static void bench_give_table(void *context, uint64_t phys)
{
    struct paging_bench *bench = context;
    bench->used[phys / PAGE_BYTES - 1] = false;
    bench->count--;
}

static uint64_t *bench_table_at(void *context, uint64_t phys)
{
    const struct paging_bench *bench = context;
    return (uint64_t *)(void *)(bench->arena + (size_t)phys - PAGE_BYTES);
}

void paging_bench_begin_with(struct claims *claims, struct paging_bench *bench, unsigned levels,
                             struct page_table_abilities abilities)
{
    *bench = (struct paging_bench){ .arena = claims->arena };
    const struct page_table_port port = { bench_take_table, bench_give_table, bench_table_at,
                                          bench };
    CLAIM_EQUAL(page_table_begin(&port, abilities, levels, &bench->table), SPACE_OK);
}

void paging_bench_begin(struct claims *claims, struct paging_bench *bench)
{
    paging_bench_begin_with(claims, bench, TABLE_LEVELS,
                            (struct page_table_abilities){ true, true, true });
}

void paging_bench_map(struct claims *claims, struct paging_bench *bench, uint64_t virt,
                      uint64_t bytes, unsigned access)
{
    CLAIM_EQUAL(page_table_map(&bench->table, virt, FRAME, bytes, access), SPACE_OK);
}

void paging_bench_unmap(struct claims *claims, struct paging_bench *bench, uint64_t virt,
                        uint64_t bytes)
{
    CLAIM_EQUAL(page_table_unmap(&bench->table, virt, bytes), SPACE_OK);
    page_table_release(&bench->table);
}

void paging_bench_claim_page(struct claims *claims, const struct paging_bench *bench, uint64_t virt,
                             uint64_t phys, uint64_t bytes, unsigned access)
{
    struct page_table_page page = { .bytes = 0 };
    CLAIM(page_table_find(&bench->table, virt, &page));
    CLAIM_EQUAL(page.phys + (virt - page.virt), phys);
    CLAIM_EQUAL(page.bytes, bytes);
    CLAIM_EQUAL(page.access, access);
}

bool paging_bench_is_hole(const struct paging_bench *bench, uint64_t virt)
{
    struct page_table_page page;
    return !page_table_find(&bench->table, virt, &page);
}

uint64_t paging_bench_entry(struct paging_bench *bench, uint64_t virt, unsigned level)
{
    uint64_t entry = bench->table.root_phys;
    for (unsigned at = bench->table.levels; at >= level; at--)
        entry = bench_table_at(
            bench,
            entry & PTE_ADDR)[virt >> (PAGE_SHIFT + TABLE_SHIFT * (at - 1)) & (TABLE_ENTRIES - 1)];
    return entry;
}

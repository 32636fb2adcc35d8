/* SPDX-License-Identifier: MIT
 *
 * The page-table editor, in whatever world this runs: what it does. Its tables
 * lie in the arena, and no CPU ever walks them.
 */
#include "kernel/proof/paging_bench.h"
#include "kernel/proof/suites.h"

/* A page of each size needs the tables above it and no other. */
static void sizes(struct claims *claims)
{
    const uint64_t bytes[] = { PAGE, BYTES_2M, BYTES_1G };
    for (unsigned i = 0; i < ARRAY_COUNT(bytes); i++) {
        struct paging_bench bench;
        paging_bench_begin(claims, &bench);
        paging_bench_map(claims, &bench, HIGH, bytes[i], PAGING_WRITE);
        paging_bench_claim_page(claims, &bench, HIGH + bytes[i] - 1, FRAME + bytes[i] - 1, bytes[i],
                                PAGING_WRITE);
        CLAIM(paging_bench_is_hole(&bench, HIGH - 1));
        CLAIM(paging_bench_is_hole(&bench, HIGH + bytes[i]));
        CLAIM_EQUAL(bench.count, TABLE_LEVELS - i);
    }
}

static void largest_that_fits(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH - PAGE, PAGE + BYTES_2M, 0); /* FRAME is out of step */
    paging_bench_claim_page(claims, &bench, HIGH, FRAME + PAGE, PAGE, 0);
    paging_bench_map(claims, &bench, LOW, BYTES_2M + PAGE, 0);
    paging_bench_claim_page(claims, &bench, LOW, FRAME, BYTES_2M, 0);
    paging_bench_claim_page(claims, &bench, LOW + BYTES_2M, FRAME + BYTES_2M, PAGE, 0);
}

static void without_1g(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin_with(claims, &bench, TABLE_LEVELS,
                            (struct page_table_abilities){ .no_execute = true });
    paging_bench_map(claims, &bench, HIGH, BYTES_1G, 0);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, BYTES_2M, 0);
}

static void gives_tables_back(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, 2 * PAGE, 0);
    paging_bench_unmap(claims, &bench, HIGH, PAGE);
    CLAIM_EQUAL(bench.count, TABLE_LEVELS);
    paging_bench_unmap(claims, &bench, HIGH + PAGE, PAGE);
    CLAIM_EQUAL(bench.count, 1);
}

/* Until page_table_release a CPU may still walk them. */
static void gives_them_back_late(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, PAGE, 0);
    CLAIM_EQUAL(page_table_unmap(&bench.table, HIGH, PAGE), SPACE_OK);
    CLAIM_EQUAL(bench.count, TABLE_LEVELS);
    CLAIM(paging_bench_is_hole(&bench, HIGH));
    page_table_release(&bench.table);
    CLAIM_EQUAL(bench.count, 1);
}

static void split_2m(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, BYTES_2M, PAGING_WRITE);
    paging_bench_unmap(claims, &bench, HIGH + PAGE, PAGE);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, PAGE, PAGING_WRITE);
    CLAIM(paging_bench_is_hole(&bench, HIGH + PAGE));
    paging_bench_claim_page(claims, &bench, HIGH + 2 * PAGE, FRAME + 2 * PAGE, PAGE, PAGING_WRITE);
    /* In a small page the bit that made it large would mean something else. */
    CLAIM_EQUAL(paging_bench_entry(&bench, HIGH, 1), FRAME | PTE_P | PTE_RW | PTE_G | PTE_XD);
}

static void split_1g(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, BYTES_1G, PAGING_WRITE);
    const uint64_t at = BYTES_1G - BYTES_2M - PAGE;
    CLAIM_EQUAL(page_table_protect(&bench.table, HIGH + at, PAGE, 0), SPACE_OK);
    paging_bench_claim_page(claims, &bench, HIGH + at, FRAME + at, PAGE, 0);
    paging_bench_claim_page(claims, &bench, HIGH + at - 1, FRAME + at - 1, PAGE, PAGING_WRITE);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, BYTES_2M, PAGING_WRITE);
    paging_bench_claim_page(claims, &bench, HIGH + BYTES_1G - 1, FRAME + BYTES_1G - 1, BYTES_2M,
                            PAGING_WRITE);
}

static void whole_pages_stay_whole(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, 2 * BYTES_2M, PAGING_WRITE);
    CLAIM_EQUAL(page_table_protect(&bench.table, HIGH, BYTES_2M, 0), SPACE_OK);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, BYTES_2M, 0);
    paging_bench_claim_page(claims, &bench, HIGH + BYTES_2M, FRAME + BYTES_2M, BYTES_2M,
                            PAGING_WRITE);
}

static void access(struct claims *claims)
{
    const unsigned all[] = { 0,
                             PAGING_WRITE,
                             PAGING_EXECUTE,
                             PAGING_USER,
                             PAGING_DEVICE,
                             PAGING_WRITE | PAGING_USER,
                             PAGING_EXECUTE | PAGING_USER };
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, LOW, PAGE, 0);
    for (unsigned i = 0; i < ARRAY_COUNT(all); i++) {
        CLAIM_EQUAL(page_table_protect(&bench.table, LOW, PAGE, all[i]), SPACE_OK);
        paging_bench_claim_page(claims, &bench, LOW, FRAME, PAGE, all[i]);
    }
}

/* Every level must let ring 3 through, and no level of the upper half may. */
static void user_bit(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, LOW, PAGE, PAGING_USER);
    paging_bench_map(claims, &bench, HIGH, PAGE, 0);
    for (unsigned level = 1; level <= TABLE_LEVELS; level++) {
        CLAIM((paging_bench_entry(&bench, LOW, level) & PTE_US) != 0);
        CLAIM((paging_bench_entry(&bench, HIGH, level) & PTE_US) == 0);
    }
    CLAIM_EQUAL(page_table_map(&bench.table, HIGH + PAGE, FRAME, PAGE, PAGING_USER), SPACE_E_USER);
    CLAIM_EQUAL(page_table_protect(&bench.table, HIGH, PAGE, PAGING_USER), SPACE_E_USER);
}

static void bits(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, PAGE, PAGING_EXECUTE);
    CLAIM_EQUAL(paging_bench_entry(&bench, HIGH, 1), FRAME | PTE_P | PTE_G);
    paging_bench_map(claims, &bench, LOW, BYTES_2M, PAGING_WRITE | PAGING_DEVICE);
    CLAIM_EQUAL(paging_bench_entry(&bench, LOW, 2),
                FRAME | PTE_P | PTE_RW | PTE_PS | PTE_PCD | PTE_PWT | PTE_XD);
    paging_bench_begin_with(claims, &bench, TABLE_LEVELS,
                            (struct page_table_abilities){ .pages_1g = true });
    paging_bench_map(claims, &bench, HIGH, PAGE, 0);
    CLAIM_EQUAL(paging_bench_entry(&bench, HIGH, 1), FRAME | PTE_P);
}

static void five_levels(struct claims *claims)
{
    const uint64_t far = 0x00AB123440000000; /* no address of four levels */
    const struct page_table_abilities able = { true, true, true };
    struct paging_bench bench;
    paging_bench_begin_with(claims, &bench, TABLE_LEVELS_57, able);
    paging_bench_map(claims, &bench, far, PAGE, 0);
    paging_bench_claim_page(claims, &bench, far, FRAME, PAGE, 0);
    CLAIM_EQUAL(bench.count, TABLE_LEVELS_57);
    paging_bench_unmap(claims, &bench, far, PAGE);
    CLAIM_EQUAL(bench.count, 1);
    paging_bench_begin(claims, &bench);
    CLAIM_EQUAL(page_table_map(&bench.table, far, FRAME, PAGE, 0), SPACE_E_ADDRESS);
    CLAIM(paging_bench_is_hole(&bench, far));
}

static void shared(struct claims *claims)
{
    struct paging_bench bench;
    struct page_table other;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, PAGE, 0);
    CLAIM_EQUAL(page_table_begin(&bench.table.port, bench.table.abilities, TABLE_LEVELS, &other),
                SPACE_OK);
    page_table_share(&other, &bench.table);
    bench.table.shared = true;
    struct page_table_page page;
    CLAIM(page_table_find(&other, HIGH, &page));
    /* Below an entry that both have, a change is everybody's. */
    paging_bench_map(claims, &bench, HIGH + BYTES_1G, PAGE, 0);
    CLAIM(page_table_find(&other, HIGH + BYTES_1G, &page));
    /* A new top-level entry would be one's alone, and none may go. */
    CLAIM_EQUAL(page_table_map(&bench.table, 0xFFFFF00000000000, FRAME, PAGE, 0), SPACE_E_SHARED);
    paging_bench_unmap(claims, &bench, HIGH, PAGE);
    paging_bench_unmap(claims, &bench, HIGH + BYTES_1G, PAGE);
    CLAIM(paging_bench_entry(&bench, HIGH, TABLE_LEVELS) != 0);
    CLAIM_EQUAL(bench.count, 3); /* two roots, and the table below that entry */
    const unsigned before = bench.count;
    CLAIM_EQUAL(page_table_map(&other, LOW, FRAME, PAGE, 0), SPACE_OK);
    CLAIM(paging_bench_is_hole(&bench, LOW));
    page_table_end(&other);
    CLAIM_EQUAL(bench.count, before - 1); /* its root */
}

static void in_order(struct claims *claims)
{
    const uint64_t places[] = { LOW, LOW + PAGE, LOW + BYTES_1G, HIGH, 0xFFFFFFFFFFFFF000 };
    struct paging_bench bench;
    struct page_table_page page;
    uint64_t from = 0;
    paging_bench_begin(claims, &bench);
    CLAIM(!page_table_next(&bench.table, 0, &page));
    for (unsigned i = ARRAY_COUNT(places); i-- > 0;)
        paging_bench_map(claims, &bench, places[i], PAGE, 0);
    for (unsigned i = 0; i < ARRAY_COUNT(places); i++) {
        CLAIM(page_table_next(&bench.table, from, &page));
        CLAIM_EQUAL(page.virt, places[i]);
        from = page.virt + PAGE;
    }
}

static const struct proof_test tests[] = {
    { "paging.page-sizes", sizes },
    { "paging.largest-that-fits", largest_that_fits },
    { "paging.without-1-gib-pages", without_1g },
    { "paging.gives-tables-back", gives_tables_back },
    { "paging.gives-tables-back-late", gives_them_back_late },
    { "paging.splits-2-mib", split_2m },
    { "paging.splits-1-gib", split_1g },
    { "paging.whole-pages-stay-whole", whole_pages_stay_whole },
    { "paging.access", access },
    { "paging.user-bit", user_bit },
    { "paging.bits-of-entries", bits },
    { "paging.five-levels", five_levels },
    { "paging.shared-upper-half", shared },
    { "paging.in-order", in_order },
};
const struct proof_suite proof_paging = { tests, ARRAY_COUNT(tests) };

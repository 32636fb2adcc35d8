/* SPDX-License-Identifier: MIT
 *
 * The page-table editor: what it must refuse, and that nothing is left of it.
 */
#include "kernel/core/string.h"
#include "kernel/proof/paging_bench.h"
#include "kernel/proof/suites.h"

static void never_w_x(struct claims *claims)
{
    struct paging_bench bench;
    const unsigned both = PAGING_WRITE | PAGING_EXECUTE;
    paging_bench_begin(claims, &bench);
    CLAIM_EQUAL(page_table_map(&bench.table, HIGH, FRAME, PAGE, both), SPACE_E_W_X);
    paging_bench_map(claims, &bench, HIGH, PAGE, PAGING_EXECUTE);
    CLAIM_EQUAL(page_table_protect(&bench.table, HIGH, PAGE, both), SPACE_E_W_X);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, PAGE, PAGING_EXECUTE);
}

static void never_page_zero(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    CLAIM_EQUAL(page_table_map(&bench.table, 0, FRAME, PAGE, 0), SPACE_E_PAGE_ZERO);
    CLAIM_EQUAL(page_table_map(&bench.table, 0, FRAME, BYTES_1G, 0), SPACE_E_PAGE_ZERO);
    paging_bench_map(claims, &bench, PAGE, PAGE, 0);
    CLAIM(paging_bench_is_hole(&bench, 0));
}

static void never_twice(struct claims *claims)
{
    const uint64_t bytes[] = { PAGE, BYTES_2M, BYTES_1G };
    for (unsigned i = 0; i < ARRAY_COUNT(bytes); i++) {
        struct paging_bench bench;
        paging_bench_begin(claims, &bench);
        paging_bench_map(claims, &bench, HIGH, bytes[i], 0);
        for (unsigned k = 0; k < ARRAY_COUNT(bytes); k++)
            CLAIM_EQUAL(page_table_map(&bench.table, HIGH, FRAME, bytes[k], 0), SPACE_E_MAPPED);
        CLAIM_EQUAL(bench.count, TABLE_LEVELS - i);
    }
}

/* What stands in the way is found late; what came before it must go again. */
static void taken_in_the_middle(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH + BYTES_2M + PAGE, PAGE, 0);
    const unsigned before = bench.count;
    CLAIM_EQUAL(page_table_map(&bench.table, HIGH - BYTES_2M, FRAME, 4 * BYTES_2M, 0),
                SPACE_E_MAPPED);
    page_table_release(&bench.table);
    CLAIM_EQUAL(bench.count, before);
    CLAIM(paging_bench_is_hole(&bench, HIGH - BYTES_2M));
    CLAIM(paging_bench_is_hole(&bench, HIGH));
}

static void holes(struct claims *claims)
{
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    paging_bench_map(claims, &bench, HIGH, PAGE, 0);
    CLAIM_EQUAL(page_table_unmap(&bench.table, HIGH, 2 * PAGE), SPACE_E_NOT_MAPPED);
    CLAIM_EQUAL(page_table_unmap(&bench.table, HIGH - PAGE, 2 * PAGE), SPACE_E_NOT_MAPPED);
    CLAIM_EQUAL(page_table_protect(&bench.table, HIGH, 2 * PAGE, PAGING_WRITE), SPACE_E_NOT_MAPPED);
    paging_bench_claim_page(claims, &bench, HIGH, FRAME, PAGE, 0);
}

static void bad_ranges(struct claims *claims)
{
    static const uint64_t bad[][3] = {
        { HIGH + 1, FRAME, PAGE },                         /* unaligned */
        { HIGH, FRAME + 8, PAGE },                         /* unaligned */
        { HIGH, FRAME, PAGE / 2 },                         /* half a page */
        { HIGH, FRAME, 0 },                                /* nothing */
        { 0x0000800000000000, FRAME, PAGE },               /* in the hole */
        { 0x00007FFFFFFFF000, FRAME, 2 * PAGE },           /* into the hole */
        { 0xFFFF7FFFFFFFF000, FRAME, 2 * PAGE },           /* out of it */
        { 0x00007FFFFFFFF000, FRAME, 0xFFFF800000001000 }, /* across it */
        { PAGE, FRAME, 0xFFFFFFFFFFFFF000 },               /* nearly everything */
        { 0xFFFFFFFFFFFFF000, FRAME, 2 * PAGE },           /* over the end */
        { HIGH, 0x0010000000000000, PAGE },                /* beyond 52 bits */
        { HIGH, 0x000FFFFFFFFFF000, 2 * PAGE },            /* over their end */
    };
    struct paging_bench bench;
    paging_bench_begin(claims, &bench);
    for (unsigned i = 0; i < ARRAY_COUNT(bad); i++)
        CLAIM_EQUAL(page_table_map(&bench.table, bad[i][0], bad[i][1], bad[i][2], 0),
                    SPACE_E_ADDRESS);
    /* Wraps, and ends in the half it began in. */
    CLAIM_EQUAL(page_table_unmap(&bench.table, HIGH, 0xFFFFFFFFFFFFF000), SPACE_E_ADDRESS);
    CLAIM_EQUAL(bench.count, 1);
    paging_bench_map(claims, &bench, 0xFFFFFFFFFFFFF000, PAGE, 0);
    paging_bench_map(claims, &bench, 0x00007FFFFFFFF000, PAGE, 0);
    paging_bench_unmap(claims, &bench, 0xFFFFFFFFFFFFF000, PAGE);
    paging_bench_unmap(claims, &bench, 0x00007FFFFFFFF000, PAGE);
}

/* With every table refused once: the tables are as before, and as many. */
static void failures(struct claims *claims)
{
    for (unsigned k = 1; k <= TABLE_LEVELS; k++) {
        struct paging_bench bench;
        paging_bench_begin(claims, &bench);
        paging_bench_map(claims, &bench, LOW, BYTES_1G, 0);
        const unsigned before = bench.count;
        bench.refusing = k;
        const enum space_status mapped = page_table_map(&bench.table, HIGH, FRAME, PAGE, 0);
        page_table_release(&bench.table);
        CLAIM_EQUAL(mapped, k < TABLE_LEVELS ? SPACE_E_NO_ROOM : SPACE_OK);
        CLAIM_EQUAL(bench.count, k < TABLE_LEVELS ? before : before + TABLE_LEVELS - 1);
        const unsigned then = bench.count;
        bench.refusing = k;
        CLAIM_EQUAL(page_table_unmap(&bench.table, LOW + BYTES_2M + PAGE, BYTES_2M),
                    SPACE_E_NO_ROOM);
        page_table_release(&bench.table);
        CLAIM_EQUAL(bench.count, then);
        paging_bench_claim_page(claims, &bench, LOW, FRAME, BYTES_1G, 0);
    }
}

static void statuses(struct claims *claims)
{
    for (int status = SPACE_OK; status <= SPACE_E_NO_ROOM; status++) {
        CLAIM(!string_equals(space_status_words((enum space_status)status), "?"));
        for (int other = SPACE_OK; other < status; other++)
            CLAIM(!string_equals(space_status_words((enum space_status)status),
                                 space_status_words((enum space_status)other)));
    }
}

static const struct proof_test tests[] = {
    { "paging.never-w-x", never_w_x },
    { "paging.never-page-0", never_page_zero },
    { "paging.never-twice", never_twice },
    { "paging.taken-in-the-middle", taken_in_the_middle },
    { "paging.holes", holes },
    { "paging.bad-ranges", bad_ranges },
    { "paging.failures-leave-nothing", failures },
    { "paging.statuses-in-words", statuses },
};
const struct proof_suite proof_paging_refused = { tests, ARRAY_COUNT(tests) };

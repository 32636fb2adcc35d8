/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the page-table builder: random requests, the tables walked and
 * compared with what was asked, page by page; and everything it must refuse.
 */
#include "base/compiler.h"
#include "cmocka_all.h"
#include "hw/paging.h"
#include "page_walk.h"
#include "random.h"

#define PAGES_MAX    40000
#define REQUESTS_MAX 6
#define ROUNDS       300
#define BYTES_2M     0x200000ULL
#define BYTES_1G     0x40000000ULL

struct request {
    uint64_t virt, phys, bytes;
    unsigned access;
};

static struct walk_page pages[PAGES_MAX];

static const struct paging_abilities able = { .no_execute = true, .pages_1g = true };

/* How many pages of `size`, aligned, the request contains. */
static uint64_t blocks(const struct request *request, uint64_t size)
{
    if ((request->virt ^ request->phys) % size != 0)
        return 0;
    const uint64_t first = (request->virt + size - 1) / size;
    const uint64_t end = (request->virt + request->bytes) / size;
    return end > first ? end - first : 0;
}

/* The fewest pages that can do it. */
static uint64_t fewest(const struct request *request, bool pages_1g)
{
    const uint64_t huge = pages_1g ? blocks(request, BYTES_1G) : 0;
    const uint64_t large = blocks(request, BYTES_2M);
    return huge + (large - huge * 512) + (request->bytes / PAGE_BYTES - large * 512);
}

/* Every page found belongs to one request, is where and as it was asked. */
static void check(const struct request *requests, unsigned count, size_t found,
                  struct paging_abilities abilities)
{
    uint64_t asked = 0, mapped = 0, least = 0;

    for (unsigned i = 0; i < count; i++) {
        asked += requests[i].bytes;
        least += fewest(&requests[i], abilities.pages_1g);
    }
    for (size_t p = 0; p < found; p++) {
        const struct request *owner = NULL;
        for (unsigned i = 0; i < count; i++) {
            if (pages[p].virt - requests[i].virt < requests[i].bytes)
                owner = &requests[i];
        }
        assert_non_null(owner);
        assert_true(pages[p].bytes <= owner->bytes - (pages[p].virt - owner->virt));
        assert_int_equal(pages[p].phys - owner->phys, pages[p].virt - owner->virt);
        assert_int_equal((pages[p].bits & PTE_RW) != 0, (owner->access & PAGING_WRITE) != 0);
        assert_int_equal((pages[p].bits & PTE_XD) != 0,
                         abilities.no_execute && !(owner->access & PAGING_EXECUTE));
        assert_false(pages[p].bits & PTE_US);
        assert_true(abilities.pages_1g || pages[p].bytes < BYTES_1G);
        mapped += pages[p].bytes;
    }
    assert_int_equal(mapped, asked);
    assert_int_equal(found, least);
}

/* A length near the sizes at which pages change, and an offset that often fits. */
static struct request draw(struct random *random, unsigned slot)
{
    static const uint64_t sizes[] = { PAGE_BYTES, BYTES_2M, BYTES_1G };
    const unsigned level = (unsigned)random_below(random, 3);
    const uint64_t align = sizes[level];
    const uint64_t big = sizes[random_below(random, level + 2 < 3 ? level + 2 : 3)];
    struct request request = { .access = (unsigned)random_below(random, 3) };

    request.virt = 0xFFFF800000000000 + slot * (8 * BYTES_1G) + random_below(random, 3) * align +
                   random_below(random, 2) * PAGE_BYTES * random_below(random, 600);
    request.bytes = big * (1 + random_below(random, 3)) + PAGE_BYTES * random_below(random, 600);
    if (random_below(random, 2) != 0)
        request.virt &= 0x00007FFFFFFFFFFF;
    if (request.virt == 0)
        request.virt = PAGE_BYTES;
    request.phys = request.virt % align + align * random_below(random, 100);
    return request;
}

static void maps_what_is_asked(void **state)
{
    (void)state;
    struct random random = { 1 };

    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct paging_abilities abilities = { round % 2 != 0, round % 4 > 1 };
        const unsigned count = 1 + (unsigned)random_below(&random, REQUESTS_MAX);
        struct request requests[REQUESTS_MAX];
        struct walk_memory memory;
        struct paging paging;

        const struct paging_port port = walk_port(&memory, WALK_TABLES_MAX);
        assert_int_equal(paging_begin(&port, abilities, &paging), BOOT_OK);
        for (unsigned i = 0; i < count; i++) {
            requests[i] = draw(&random, i);
            assert_int_equal(paging_map(&paging, requests[i].virt, requests[i].phys,
                                        requests[i].bytes, requests[i].access),
                             BOOT_OK);
        }
        check(requests, count, walk_list(&memory, paging.root_phys, pages, PAGES_MAX), abilities);
        walk_free(&memory);
    }
}

/* The status of one request into fresh tables that already hold `first`. */
static enum boot_status verdict_after(const struct request *first, uint64_t virt, uint64_t phys,
                                      uint64_t bytes, unsigned access)
{
    struct walk_memory memory;
    struct paging paging;
    const struct paging_port port = walk_port(&memory, WALK_TABLES_MAX);

    assert_int_equal(paging_begin(&port, able, &paging), BOOT_OK);
    if (first != NULL)
        assert_int_equal(paging_map(&paging, first->virt, first->phys, first->bytes, first->access),
                         BOOT_OK);
    const enum boot_status status = paging_map(&paging, virt, phys, bytes, access);
    walk_free(&memory);
    return status;
}

static void refuses_write_and_execute(void **state)
{
    (void)state;
    assert_int_equal(verdict_after(NULL, BYTES_1G, 0, PAGE_BYTES, PAGING_WRITE | PAGING_EXECUTE),
                     BOOT_E_ELF_W_X);
}

static void refuses_bad_places(void **state)
{
    (void)state;
    static const struct request bad[] = {
        { 0, 0, PAGE_BYTES, 0 },                            /* page 0 */
        { 0, 0, BYTES_2M, 0 },                              /* page 0 and more */
        { BYTES_1G + 1, 0, PAGE_BYTES, 0 },                 /* unaligned */
        { BYTES_1G, 8, PAGE_BYTES, 0 },                     /* unaligned */
        { BYTES_1G, 0, 1, 0 },                              /* half a page */
        { BYTES_1G, 0, 0, 0 },                              /* nothing */
        { 0x0000800000000000, 0, PAGE_BYTES, 0 },           /* in the hole */
        { 0x00007FFFFFFFF000, 0, 2 * PAGE_BYTES, 0 },       /* into the hole */
        { 0xFFFF7FFFFFFFF000, 0, 2 * PAGE_BYTES, 0 },       /* out of the hole */
        { 0x00007FFFFFFFF000, 0, 0xFFFF800000001000, 0 },   /* across the hole */
        { 0xFFFFFFFFFFFFF000, 0, 2 * PAGE_BYTES, 0 },       /* over the end */
        { PAGE_BYTES, 0, 0xFFFFFFFFFFFFF000, 0 },           /* nearly everything */
        { BYTES_1G, 0x0010000000000000, PAGE_BYTES, 0 },    /* beyond 52 bits */
        { BYTES_1G, 0x000FFFFFFFFFF000, 2 * PAGE_BYTES, 0 } /* over their end */
    };
    for (unsigned i = 0; i < ARRAY_COUNT(bad); i++)
        assert_int_equal(verdict_after(NULL, bad[i].virt, bad[i].phys, bad[i].bytes, 0),
                         BOOT_E_ELF_ADDRESS);
}

static void takes_the_last_pages(void **state)
{
    (void)state;
    assert_int_equal(verdict_after(NULL, 0xFFFFFFFFFFFFF000, 0, PAGE_BYTES, 0), BOOT_OK);
    assert_int_equal(verdict_after(NULL, 0x00007FFFFFFFF000, 0, PAGE_BYTES, 0), BOOT_OK);
    assert_int_equal(verdict_after(NULL, PAGE_BYTES, 0x000FFFFFFFFFF000, PAGE_BYTES, 0), BOOT_OK);
}

static void refuses_to_map_twice(void **state)
{
    (void)state;
    const struct request small = { BYTES_1G + BYTES_2M, 0, PAGE_BYTES, 0 };
    const struct request large = { BYTES_1G + BYTES_2M, 0, BYTES_2M, 0 };
    const struct request huge = { BYTES_1G, 0, BYTES_1G, 0 };
    const struct request *const firsts[] = { &small, &large, &huge };

    for (unsigned a = 0; a < 3; a++) {
        for (unsigned b = 0; b < 3; b++)
            assert_int_equal(verdict_after(firsts[a], firsts[b]->virt, 0, firsts[b]->bytes, 0),
                             BOOT_E_ELF_OVERLAP);
    }
    assert_int_equal(verdict_after(&small, small.virt - PAGE_BYTES, 0, 3 * PAGE_BYTES, 0),
                     BOOT_E_ELF_OVERLAP);
}

static void tells_when_tables_run_out(void **state)
{
    (void)state;
    for (unsigned limit = 0; limit <= 4; limit++) {
        struct walk_memory memory;
        struct paging paging;
        const struct paging_port port = walk_port(&memory, limit);
        enum boot_status status = paging_begin(&port, able, &paging);
        assert_int_equal(status, limit == 0 ? BOOT_E_NO_ROOM : BOOT_OK);
        if (status == BOOT_OK) {
            status = paging_map(&paging, BYTES_1G, 0, PAGE_BYTES, 0);
            assert_int_equal(status, limit < 4 ? BOOT_E_NO_ROOM : BOOT_OK);
        }
        walk_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_what_is_asked),   cmocka_unit_test(refuses_write_and_execute),
        cmocka_unit_test(refuses_bad_places),   cmocka_unit_test(takes_the_last_pages),
        cmocka_unit_test(refuses_to_map_twice), cmocka_unit_test(tells_when_tables_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

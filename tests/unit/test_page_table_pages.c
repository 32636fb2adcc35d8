/* SPDX-License-Identifier: MIT
 *
 * Unit test of mapping: random requests into empty tables, which are walked and
 * compared with what was asked, page by page; there are as few pages as can be.
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
                  struct page_table_abilities abilities)
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
        const struct page_table_abilities abilities = {
            .no_execute = round % 2 != 0,
            .pages_1g = round % 4 > 1,
        };
        const unsigned count = 1 + (unsigned)random_below(&random, REQUESTS_MAX);
        struct request requests[REQUESTS_MAX];
        struct walk_memory memory;
        struct page_table table;

        const struct page_table_port port = walk_port(&memory);
        assert_int_equal(page_table_begin(&port, abilities, TABLE_LEVELS, &table), SPACE_OK);
        for (unsigned i = 0; i < count; i++) {
            requests[i] = draw(&random, i);
            assert_int_equal(page_table_map(&table, requests[i].virt, requests[i].phys,
                                            requests[i].bytes, requests[i].access),
                             SPACE_OK);
        }
        check(requests, count, walk_list(&memory, table.root_phys, pages, PAGES_MAX), abilities);
        walk_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_what_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

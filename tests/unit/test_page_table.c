/* SPDX-License-Identifier: MIT
 *
 * Property tests of the page-table editor: random sequences of map, unmap and
 * protect, held after every step against a list of runs kept in the plainest
 * way; with a port that fails now and then. The tables are read by page_walk.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "cmocka_all.h"
#include "hw/paging.h"
#include "kernel/core/page_table.h"
#include "page_walk.h"
#include "random.h"

#define RUNS_MAX  4096
#define PAGES_MAX 400000
#define SEQUENCES 24
#define STEPS     250
#define BYTES_2M  0x200000ULL
#define BYTES_1G  0x40000000ULL

/* Memory for tables that knows which are given out. */
struct bank {
    struct walk_memory memory;
    bool used[WALK_TABLES_MAX];
    unsigned count;    /* given out now */
    unsigned until_no; /* allocations that succeed before one fails; 0: none fails */
};

static uint64_t bank_allocate(void *context)
{
    struct bank *bank = context;
    if (bank->until_no != 0 && --bank->until_no == 0)
        return 0;
    for (unsigned i = 0; i < WALK_TABLES_MAX; i++) {
        if (bank->used[i])
            continue;
        bank->used[i] = true;
        bank->count++;
        memset(bank->memory.tables[i], 0, PAGE_BYTES);
        return (uint64_t)(i + 1) * PAGE_BYTES;
    }
    return 0;
}

static void bank_release(void *context, uint64_t phys)
{
    struct bank *bank = context;
    const uint64_t index = phys / PAGE_BYTES - 1;
    assert_int_equal(phys % PAGE_BYTES, 0);
    assert_true(index < WALK_TABLES_MAX && bank->used[index]);
    memset(bank->memory.tables[index], 0xA5, PAGE_BYTES);
    bank->used[index] = false;
    bank->count--;
}

static uint64_t *bank_at(void *context, uint64_t phys)
{
    const struct bank *bank = context;
    const uint64_t index = phys / PAGE_BYTES - 1;
    assert_true(phys % PAGE_BYTES == 0 && index < WALK_TABLES_MAX && bank->used[index]);
    return bank->memory.tables[index];
}

static struct bank *bank_open(struct page_table *table, struct page_table_abilities abilities,
                              unsigned levels)
{
    struct bank *bank = calloc(1, sizeof(*bank));
    assert_non_null(bank);
    bank->memory.tables = calloc(WALK_TABLES_MAX, sizeof(bank->memory.tables[0]));
    assert_non_null(bank->memory.tables);
    const struct page_table_port port = { bank_allocate, bank_release, bank_at, bank };
    assert_int_equal(page_table_begin(&port, abilities, levels, table), SPACE_OK);
    return bank;
}

static void bank_close(struct bank *bank)
{
    free(bank->memory.tables);
    free(bank);
}

/* What is mapped, as runs: sorted, disjoint, as long as they can be. */
struct run {
    uint64_t virt, phys, bytes;
    uint64_t access; /* as wide as the others: runs are compared as bytes */
};

struct model {
    struct run runs[RUNS_MAX];
    unsigned count;
};

static void model_insert(struct model *model, unsigned at, struct run run)
{
    assert_true(model->count < RUNS_MAX);
    memmove(&model->runs[at + 1], &model->runs[at], (model->count - at) * sizeof(run));
    model->runs[at] = run;
    model->count++;
}

/* Let a run begin at virt if one goes across it. */
static void model_cut(struct model *model, uint64_t virt)
{
    for (unsigned i = 0; i < model->count; i++) {
        struct run *run = &model->runs[i];
        const uint64_t before = virt - run->virt;
        if (virt <= run->virt || before >= run->bytes)
            continue;
        const struct run rest = { virt, run->phys + before, run->bytes - before, run->access };
        run->bytes = before;
        model_insert(model, i + 1, rest);
        return;
    }
}

static void model_join(struct model *model)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < model->count; i++) {
        const struct run run = model->runs[i];
        struct run *last = kept == 0 ? NULL : &model->runs[kept - 1];
        if (last != NULL && last->virt + last->bytes == run.virt &&
            last->phys + last->bytes == run.phys && last->access == run.access)
            last->bytes += run.bytes;
        else
            model->runs[kept++] = run;
    }
    model->count = kept;
}

/* How much of the range is mapped. */
static uint64_t model_mapped(const struct model *model, uint64_t virt, uint64_t bytes)
{
    uint64_t mapped = 0;
    for (unsigned i = 0; i < model->count; i++) {
        const struct run *run = &model->runs[i];
        const uint64_t first = run->virt > virt ? run->virt : virt;
        const uint64_t last_run = run->virt + (run->bytes - 1), last = virt + (bytes - 1);
        const uint64_t end = last_run < last ? last_run : last;
        if (first <= end)
            mapped += end - first + 1;
    }
    return mapped;
}

static void model_map(struct model *model, struct run run)
{
    unsigned at = 0;
    while (at < model->count && model->runs[at].virt < run.virt)
        at++;
    model_insert(model, at, run);
}

static void model_change(struct model *model, const struct run *range, bool unmap)
{
    unsigned kept = 0;
    model_cut(model, range->virt);
    model_cut(model, range->virt + range->bytes);
    for (unsigned i = 0; i < model->count; i++) {
        struct run run = model->runs[i];
        const bool inside = run.virt - range->virt < range->bytes;
        if (inside && unmap)
            continue;
        if (inside)
            run.access = range->access;
        model->runs[kept++] = run;
    }
    model->count = kept;
}

/* The access that an entry's bits say; inner entries allow everything. */
static unsigned access_of(uint64_t bits)
{
    return (bits & PTE_RW ? PAGING_WRITE : 0) | (bits & PTE_XD ? 0 : PAGING_EXECUTE) |
           (bits & PTE_US ? PAGING_USER : 0) | (bits & PTE_PCD ? PAGING_DEVICE : 0);
}

/* The tables say what the model says, and hold no more than they need. */
static void check(const struct bank *bank, const struct page_table *table, struct model *model)
{
    static struct walk_page pages[PAGES_MAX];
    static struct model seen;
    const size_t found =
        walk_list_levels(&bank->memory, table->root_phys, table->levels, pages, PAGES_MAX);
    seen.count = 0;
    for (size_t i = 0; i < found; i++) {
        struct run run = { pages[i].virt, pages[i].phys, pages[i].bytes, access_of(pages[i].bits) };
        struct run *last = seen.count == 0 ? NULL : &seen.runs[seen.count - 1];
        assert_int_equal((pages[i].bits & PTE_G) != 0, run.virt >> 63 != 0);
        if (last != NULL && last->virt + last->bytes == run.virt &&
            last->phys + last->bytes == run.phys && last->access == run.access)
            last->bytes += run.bytes;
        else
            model_insert(&seen, seen.count, run);
    }
    model_join(model);
    assert_int_equal(seen.count, model->count);
    assert_memory_equal(seen.runs, model->runs, seen.count * sizeof(seen.runs[0]));
    assert_int_equal(table->dead_phys, 0);
}

/* Tables that are reachable from the root, itself included. */
static unsigned tables_under(const struct bank *bank, uint64_t phys, unsigned level)
{
    unsigned count = 1;
    const uint64_t *entries = bank->memory.tables[phys / PAGE_BYTES - 1];
    for (unsigned i = 0; level > 1 && i < TABLE_ENTRIES; i++) {
        if ((entries[i] & PTE_P) != 0 && (entries[i] & PTE_PS) == 0)
            count += tables_under(bank, entries[i] & PTE_ADDR, level - 1);
    }
    return count;
}

/* A range near the sizes at which pages change, in a few windows of both halves. */
static struct run draw(struct random *random, unsigned levels)
{
    static const uint64_t sizes[] = { PAGE_BYTES, BYTES_2M, BYTES_1G };
    static const unsigned accesses[] = {
        0, PAGING_WRITE, PAGING_EXECUTE, PAGING_WRITE | PAGING_DEVICE, PAGING_USER,
    };
    const uint64_t half = (uint64_t)1 << (11 + 9 * levels);
    const uint64_t windows[] = { 0, half - 4 * BYTES_1G, 0 - half, 0 - 4 * BYTES_1G };
    const uint64_t window = windows[random_below(random, ARRAY_COUNT(windows))];
    const uint64_t size = sizes[random_below(random, 3)];
    const uint64_t other = sizes[random_below(random, 3)];
    struct run run = { .bytes = size * (1 + random_below(random, size == BYTES_1G ? 2 : 5)) };

    uint64_t offset = random_below(random, 3) * BYTES_1G + random_below(random, 4) * BYTES_2M +
                      random_below(random, 4) * PAGE_BYTES;
    offset -= offset % other;
    if (window == 0 && offset == 0)
        offset = PAGE_BYTES;
    if (run.bytes > 4 * BYTES_1G - offset)
        run.bytes = 4 * BYTES_1G - offset;
    run.virt = window + offset;
    run.phys = offset + BYTES_1G * random_below(random, 8);
    if (random_below(random, 4) == 0) /* pages that fit less well; of the largest, not the least */
        run.phys += random_below(random, 4) * (run.bytes < BYTES_1G ? PAGE_BYTES : BYTES_2M);
    run.access = accesses[random_below(random, ARRAY_COUNT(accesses))];
    if (window >> 63 != 0)
        run.access &= ~(uint64_t)PAGING_USER;
    return run;
}

/* One step, done to both; a port that fails may only make it fail for want of memory. */
static void step(struct random *random, struct bank *bank, struct page_table *table,
                 struct model *model)
{
    const struct run run = draw(random, table->levels);
    const unsigned before = bank->count;
    const uint64_t mapped = model_mapped(model, run.virt, run.bytes);
    const uint64_t verb = random_below(random, 4);
    enum space_status expected, status;

    bank->until_no = random_below(random, 3) == 0 ? 1 + (unsigned)random_below(random, 6) : 0;
    if (verb < 2) {
        expected = mapped == 0 ? SPACE_OK : SPACE_E_MAPPED;
        status = page_table_map(table, run.virt, run.phys, run.bytes, (unsigned)run.access);
        if (status == SPACE_OK)
            model_map(model, run);
    } else {
        expected = mapped == run.bytes ? SPACE_OK : SPACE_E_NOT_MAPPED;
        status = verb == 2 ? page_table_unmap(table, run.virt, run.bytes)
                           : page_table_protect(table, run.virt, run.bytes, (unsigned)run.access);
        if (status == SPACE_OK)
            model_change(model, &run, verb == 2);
    }
    page_table_release(table);
    if (status == SPACE_E_NO_ROOM)
        assert_int_equal(bank->until_no, 0);
    else
        assert_int_equal(status, expected);
    if (status != SPACE_OK)
        assert_int_equal(bank->count, before);
    bank->until_no = 0;
    check(bank, table, model);
    assert_int_equal(tables_under(bank, table->root_phys, table->levels), bank->count);
}

static void does_what_the_model_does(void **state)
{
    static struct model model;
    (void)state;
    for (unsigned round = 0; round < SEQUENCES; round++) {
        struct random random = { round + 1 };
        const struct page_table_abilities abilities = { true, round % 2 != 0, true };
        const unsigned levels = round % 4 < 2 ? TABLE_LEVELS : TABLE_LEVELS_57;
        struct page_table table;
        struct bank *bank = bank_open(&table, abilities, levels);
        model.count = 0;
        for (unsigned i = 0; i < STEPS; i++)
            step(&random, bank, &table, &model);
        while (model.count != 0) {
            const struct run run = model.runs[0];
            assert_int_equal(page_table_unmap(&table, run.virt, run.bytes), SPACE_OK);
            page_table_release(&table);
            model_change(&model, &run, true);
        }
        check(bank, &table, &model);
        assert_int_equal(bank->count, 1);
        page_table_end(&table);
        assert_int_equal(bank->count, 0);
        bank_close(bank);
    }
}

/* Every table that a step asks for is refused once: nothing may be left of the step. */
static void every_failure_leaves_no_trace(void **state)
{
    (void)state;
    const uint64_t virt = BYTES_1G - PAGE_BYTES;
    const struct page_table_abilities abilities = { true, true, true };
    for (unsigned refused = 1; refused < 12; refused++) {
        struct page_table table;
        struct bank *bank = bank_open(&table, abilities, TABLE_LEVELS);
        bank->until_no = refused;
        /* 4 KiB, 1 GiB, 4 KiB: four tables below the root. */
        enum space_status status =
            page_table_map(&table, virt, BYTES_1G - PAGE_BYTES, BYTES_1G + 2ULL * PAGE_BYTES, 0);
        page_table_release(&table);
        assert_int_equal(status, refused <= 5 ? SPACE_E_NO_ROOM : SPACE_OK);
        assert_int_equal(bank->count, refused <= 5 ? 1 : 6);
        bank->until_no = 0;
        if (refused <= 5)
            assert_int_equal(page_table_map(&table, virt, BYTES_1G - PAGE_BYTES,
                                            BYTES_1G + 2ULL * PAGE_BYTES, 0),
                             SPACE_OK);
        bank->until_no = refused;
        /* A hole in the middle of the large page: one end splits twice, the other finds it split. */
        status = page_table_unmap(&table, BYTES_1G + BYTES_2M + PAGE_BYTES, PAGE_BYTES);
        page_table_release(&table);
        assert_int_equal(status, refused <= 4 ? SPACE_E_NO_ROOM : SPACE_OK);
        assert_int_equal(bank->count, refused <= 4 ? 6 : 8);
        bank_close(bank);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_what_the_model_does),
        cmocka_unit_test(every_failure_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * See page_walk.h. Written from the manual, not from page_table_edit.c.
 * Spec: Intel SDM volume 3A, section 4.5, tables 4-15 to 4-20.
 */
#include "page_walk.h"

#include <stdlib.h>

#include "cmocka_all.h"
#include "hw/paging.h"

struct listing {
    const struct walk_memory *memory;
    struct walk_page *pages;
    size_t count;
    size_t room;
    unsigned levels;
};

static uint64_t allocate(void *context)
{
    struct walk_memory *memory = context;
    return memory->count == WALK_TABLES_MAX ? 0 : (uint64_t)++memory->count * PAGE_BYTES;
}

static uint64_t *table_at(void *context, uint64_t phys)
{
    const struct walk_memory *memory = context;
    assert_int_equal(phys % PAGE_BYTES, 0);
    assert_in_range(phys / PAGE_BYTES, 1, memory->count);
    return memory->tables[phys / PAGE_BYTES - 1];
}

struct page_table_port walk_port(struct walk_memory *memory)
{
    memory->tables = calloc(WALK_TABLES_MAX, sizeof(memory->tables[0]));
    assert_non_null(memory->tables);
    memory->count = 0;
    return (struct page_table_port){ .allocate = allocate, .at = table_at, .context = memory };
}

void walk_free(struct walk_memory *memory)
{
    free(memory->tables);
    memory->tables = NULL;
}

static void walk(struct listing *listing, uint64_t table_phys, unsigned level, uint64_t virt)
{
    const uint64_t *table = listing->memory->tables[table_phys / PAGE_BYTES - 1];
    const uint64_t bytes = (uint64_t)1 << (12 + 9 * (level - 1));
    unsigned used = 0;

    for (unsigned i = 0; i < 512; i++) {
        const uint64_t entry = table[i];
        uint64_t at = virt + i * bytes;
        if (level == listing->levels && i >= 256)
            at |= UINT64_MAX << (12 + 9 * level);
        if (entry == 0)
            continue;
        used++;
        assert_true(entry & PTE_P);
        if (level > 1 && !(entry & PTE_PS)) {
            assert_true(entry & PTE_RW); /* inner entries must not take anything away */
            assert_false(entry & PTE_XD);
            walk(listing, entry & PTE_ADDR, level - 1, at);
            continue;
        }
        assert_true(level <= 3);
        assert_int_equal(entry & PTE_ADDR & (bytes - 1), 0); /* reserved bits of a large page */
        assert_true(listing->count < listing->room);
        listing->pages[listing->count++] =
            (struct walk_page){ at, entry & PTE_ADDR, bytes, entry & ~(uint64_t)PTE_ADDR };
    }
    assert_true(used > 0 || level == listing->levels);
}

size_t walk_list(const struct walk_memory *memory, uint64_t root_phys, struct walk_page *pages,
                 size_t room)
{
    return walk_list_levels(memory, root_phys, 4, pages, room);
}

size_t walk_list_levels(const struct walk_memory *memory, uint64_t root_phys, unsigned levels,
                        struct walk_page *pages, size_t room)
{
    struct listing listing = { memory, pages, 0, room, levels };
    walk(&listing, root_phys, levels, 0);
    return listing.count;
}

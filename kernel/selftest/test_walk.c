/* SPDX-License-Identifier: MIT
 *
 * The page table walk to one address: its steps, its words, and that damaged
 * tables do not hurt whoever looks at them.
 */
#include "hw/paging.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/page_words.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/selftest.h"

#define TEXT_BYTES    128
#define NON_CANONICAL 0x0123456789ABCDEF
#define PHYS          0x40000000ULL                                 /* aligned to every page size */
#define PHYS_BEYOND   (PTE_ADDR & ~(uint64_t)(PAGE_BYTES_HUGE - 1)) /* in no machine's direct map */

static bool entry_says(uint64_t entry, unsigned level, const char *expected)
{
    char text[TEXT_BYTES];
    page_entry_describe(text, sizeof(text), entry, level);
    return string_equals(text, expected);
}

SELFTEST(walk_words, "walk.entries-in-words")
{
    CLAIM(entry_says(0, 1, "not present"));
    CLAIM(entry_says(PHYS | PTE_RW, 4, "not present"));
    CLAIM(entry_says(PHYS | PTE_P, 1, "present, read-only: 4 KiB at 0x40000000"));
    CLAIM(entry_says(PHYS | PTE_P | PTE_RW, 4, "present, writable: a table at 0x40000000"));
    CLAIM(entry_says(PHYS | PTE_P | PTE_RW | PTE_US | PTE_XD, 1,
                     "present, writable, ring 3 too, no-execute: 4 KiB at 0x40000000"));
    CLAIM(entry_says(PHYS | PTE_P | PTE_PS | PTE_PCD, 2,
                     "present, read-only, not cached: 2 MiB at 0x40000000"));
    CLAIM(entry_says(PHYS | PTE_P | PTE_PS, 3, "present, read-only: 1 GiB at 0x40000000"));
}

SELFTEST(walk_words_pat, "walk.pat-is-no-address")
{
    const uint64_t pat_of_a_small_page = PTE_PS;
    CLAIM(entry_says(PHYS | PTE_P | pat_of_a_small_page, 1,
                     "present, read-only: 4 KiB at 0x40000000"));
    CLAIM(entry_says(PHYS | PTE_P | PTE_PS | PAGE_BYTES, 2,
                     "present, read-only: 2 MiB at 0x40000000"));
}

SELFTEST(walk_reserved, "walk.reserved-bits")
{
    const struct page_rules old = { 36, false, false };
    const struct page_rules new = { 52, true, true };
    const uint64_t pat = PAGE_BYTES;
    CLAIM(page_entry_reserved(&old, PHYS | PTE_P, 1) == NULL);
    CLAIM(page_entry_reserved(&old, PTE_XD, 1) == NULL);
    CLAIM(page_entry_reserved(&old, PHYS | PTE_P | PTE_XD, 1) != NULL);
    CLAIM(page_entry_reserved(&new, PHYS | PTE_P | PTE_XD, 1) == NULL);
    CLAIM(page_entry_reserved(&old, 1ULL << 36 | PTE_P, 1) != NULL);
    CLAIM(page_entry_reserved(&new, 1ULL << 36 | PTE_P, 1) == NULL);
    CLAIM(page_entry_reserved(&old, PHYS | PTE_P | PTE_PS, 3) != NULL);
    CLAIM(page_entry_reserved(&new, PHYS | PTE_P | PTE_PS, 3) == NULL);
    CLAIM(page_entry_reserved(&new, PHYS | PTE_P | PTE_PS, 4) != NULL);
    CLAIM(page_entry_reserved(&new, PHYS | PTE_P | PTE_PS | pat, 2) == NULL);
    CLAIM(page_entry_reserved(&new, PHYS | PTE_P | PTE_PS | 2 * pat, 2) != NULL);
}

SELFTEST(walk_steps_down, "walk.steps-to-a-page")
{
    struct page_step steps[TABLE_LEVELS_57];
    struct page_mapping page = { .phys = 0 };
    const struct page_tables tables = page_tables_current();
    const unsigned count = page_walk_steps(&tables, (uint64_t)kernel_text_first, steps);
    CLAIM(count >= 2 && count <= tables.levels);
    CLAIM_EQUAL(steps[0].level, tables.levels);
    CLAIM_EQUAL(steps[0].index, TABLE_ENTRIES - 1);
    CLAIM(page_entry_is_page(steps[count - 1].entry, steps[count - 1].level));
    CLAIM(page_walk_find(&tables, (uint64_t)kernel_text_first, &page));
    CLAIM_EQUAL(steps[count - 1].entry & PTE_ADDR & ~(page.bytes - 1), page.phys);
}

SELFTEST(walk_steps_end, "walk.steps-to-nothing")
{
    struct page_step steps[TABLE_LEVELS_57];
    const struct page_tables tables = page_tables_current();
    const unsigned count = page_walk_steps(&tables, PROVOKE_UNMAPPED, steps);
    CLAIM(count >= 1);
    CLAIM_EQUAL(steps[count - 1].entry & PTE_P, 0);
    CLAIM_EQUAL(page_walk_steps(&tables, NON_CANONICAL, steps), 0);
}

/* A root in the test's own memory, whose first entry leads out of RAM. */
SELFTEST(walk_damaged, "walk.damaged-tables")
{
    struct page_step steps[TABLE_LEVELS_57];
    const struct page_tables now = page_tables_current();
    uint64_t root_phys = 0;
    memset(claims->arena, 0, PAGE_BYTES);
    *(uint64_t *)(void *)claims->arena = PHYS_BEYOND | PTE_P;
    CLAIM(page_walk_translate(&now, (uint64_t)claims->arena, &root_phys));
    const struct page_tables damaged = { .root_phys = root_phys, .levels = TABLE_LEVELS };
    CLAIM_EQUAL(page_walk_steps(&damaged, 0, steps), 1);
    CLAIM_EQUAL(steps[0].entry, PHYS_BEYOND | PTE_P);
    const struct page_tables nowhere = { .root_phys = PHYS_BEYOND, .levels = TABLE_LEVELS };
    CLAIM_EQUAL(page_walk_steps(&nowhere, 0, steps), 0);
}

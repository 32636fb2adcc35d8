/* SPDX-License-Identifier: MIT
 *
 * Tests of the page tables and of the audit. The live tables must pass; small
 * tables made here, each with one fault, must be refused for that fault.
 */
#include "hw/paging.h"
#include "kernel/arch/x86_64/audit.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/selftest.h"

SELFTEST(audit_live, "audit.live")
{
    struct audit_report report;
    const struct page_tables tables = page_tables_current();
    audit_page_tables(&tables, cpu_no_execute_is_on(), &report);
    CLAIM_EQUAL(report.verdict, AUDIT_OK);
    CLAIM(report.pages_4k > 0);
}

static struct page_mapping mapping_of(const char *label)
{
    const struct page_tables tables = page_tables_current();
    struct page_mapping mapping = { .bytes = 0 };
    CLAIM(page_walk_find(&tables, (uint64_t)label, &mapping));
    return mapping;
}

SELFTEST(audit_text, "audit.text")
{
    const struct page_mapping text = mapping_of(kernel_text_first);
    CLAIM(!text.writable);
    CLAIM(text.executable);
    CLAIM(!text.user);
}

SELFTEST(audit_rodata, "audit.rodata")
{
    CLAIM(!mapping_of(kernel_rodata_first).writable);
    CLAIM(!mapping_of(kernel_symbols_first).writable);
    if (cpu_no_execute_is_on())
        CLAIM(!mapping_of(kernel_rodata_first).executable);
}

SELFTEST(audit_data, "audit.data")
{
    CLAIM(mapping_of(kernel_data_first).writable);
    if (cpu_no_execute_is_on())
        CLAIM(!mapping_of(kernel_data_first).executable);
}

SELFTEST(audit_guards, "audit.guards")
{
    const struct page_tables tables = page_tables_current();
    for (unsigned i = 0; i < stacks_count(); i++) {
        struct page_mapping mapping;
        CLAIM(!page_walk_find(&tables, stacks_area(i).range.first - 1, &mapping));
    }
}

/* Tables of our own: one entry at each level, down to one page. */
static uint64_t made_tables[TABLE_LEVELS][TABLE_ENTRIES] ALIGNED(PAGE_BYTES);

static uint64_t table_phys(unsigned index)
{
    const struct page_tables tables = page_tables_current();
    uint64_t phys = 0;
    CLAIM(page_walk_translate(&tables, (uint64_t)made_tables[index], &phys));
    return phys;
}

/* One page with these bits at virtual page `number` (below 512); all else unmapped. */
static struct page_tables make_tables(unsigned number, uint64_t bits)
{
    memset(made_tables, 0, sizeof(made_tables));
    for (unsigned level = 0; level + 1 < TABLE_LEVELS; level++)
        made_tables[level][0] = table_phys(level + 1) | PTE_P | PTE_RW | PTE_US;
    made_tables[TABLE_LEVELS - 1][number] = bits;
    return (struct page_tables){ .root_phys = table_phys(0), .levels = TABLE_LEVELS };
}

static struct audit_report audit_made(unsigned number, uint64_t bits)
{
    struct audit_report report;
    const struct page_tables tables = make_tables(number, bits);
    audit_page_tables(&tables, true, &report);
    return report;
}

SELFTEST(audit_finds_w_x, "audit.finds-w-x")
{
    const struct audit_report report = audit_made(5, PTE_P | PTE_RW);
    CLAIM_EQUAL(report.verdict, AUDIT_W_X);
    CLAIM_EQUAL(report.address, 5 * PAGE_BYTES);
}

SELFTEST(audit_finds_page_zero, "audit.finds-page-0")
{
    CLAIM_EQUAL(audit_made(0, PTE_P | PTE_XD).verdict, AUDIT_PAGE_ZERO);
}

SELFTEST(audit_finds_user, "audit.finds-user-page")
{
    CLAIM_EQUAL(audit_made(9, PTE_P | PTE_US | PTE_XD).verdict, AUDIT_USER);
}

/* The page that is mapped is the lowest table itself. */
SELFTEST(audit_finds_table, "audit.finds-executable-table")
{
    const uint64_t table = table_phys(TABLE_LEVELS - 1);
    CLAIM_EQUAL(audit_made(9, table | PTE_P).verdict, AUDIT_TABLE);
    CLAIM_EQUAL(audit_made(9, table | PTE_P | PTE_XD).verdict, AUDIT_NO_STACK);
}

/* Each table of the live tree, seen through the direct map, is data. */
static bool claim_table(void *unused, uint64_t phys)
{
    const struct page_tables tables = page_tables_current();
    struct page_mapping alias = { .bytes = 0 };
    (void)unused;
    CLAIM(page_walk_find(&tables, (uint64_t)direct_map_at(phys), &alias));
    CLAIM(alias.writable && !alias.user);
    return CLAIM(!alias.executable || !cpu_no_execute_is_on());
}

SELFTEST(audit_tables_are_data, "audit.page-tables-are-data")
{
    const struct page_tables tables = page_tables_current();
    CLAIM(page_walk_tables(&tables, claim_table, NULL));
}

SELFTEST(audit_finds_no_stack, "audit.finds-missing-stack")
{
    CLAIM_EQUAL(audit_made(7, PTE_P | PTE_RW | PTE_XD).verdict, AUDIT_NO_STACK);
}

SELFTEST(audit_ignores_absent, "audit.ignores-absent-entries")
{
    struct page_mapping mapping;
    const struct page_tables tables = make_tables(3, PTE_RW);
    CLAIM(!page_walk_find(&tables, 3ULL * PAGE_BYTES, &mapping));
}

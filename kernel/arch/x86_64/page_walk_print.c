/* SPDX-License-Identifier: MIT
 *
 * The words come from page_words.c, the entries from page_walk.c; here is only
 * the order of the lines.
 */
#include "kernel/arch/x86_64/page_walk_print.h"

#include "hw/paging.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/page_words.h"
#include "kernel/log/console.h"

#define DESCRIPTION_BYTES 96

static struct page_rules current_rules(void)
{
    return (struct page_rules){
        .physical_bits = cpu_physical_bits(),
        .no_execute = cpu_no_execute_is_on(),
        .huge_pages = cpu_has("1GB-PAGES"),
    };
}

static void print_step(const struct page_rules *rules, const struct page_step *step)
{
    char text[DESCRIPTION_BYTES];
    page_entry_describe(text, sizeof(text), step->entry, step->level);
    kprintf("  level %u, entry %u: 0x%016llx, %s\n", step->level, step->index,
            (unsigned long long)step->entry, text);
    const char *reserved = page_entry_reserved(rules, step->entry, step->level);
    if (reserved != NULL)
        kprintf("    a reserved bit: %s\n", reserved);
}

/* Where the walk ended: at a page, at nothing, or at a table that is none. */
static void print_end(const struct page_tables *tables, uint64_t virt, const struct page_step *last)
{
    struct page_mapping page;
    if ((last->entry & PTE_P) == 0)
        return;
    if (!page_entry_is_page(last->entry, last->level)) {
        kprintf("  the table behind it cannot be read\n");
        return;
    }
    if (page_walk_find(tables, virt, &page))
        kprintf("  together: %s, %s, %s\n", page.writable ? "writable" : "read-only",
                page.executable ? "executable" : "not executable",
                page.user ? "ring 3 too" : "ring 0 only");
}

void page_walk_print(const struct page_tables *tables, uint64_t virt)
{
    struct page_step steps[TABLE_LEVELS_57];
    kprintf("Page tables at 0x%llx, on the way to 0x%llx:\n", (unsigned long long)tables->root_phys,
            (unsigned long long)virt);
    const unsigned count = page_walk_steps(tables, virt, steps);
    if (count == 0) {
        kprintf("  no walk: the address is not canonical, or the first table cannot be read\n");
        return;
    }
    const struct page_rules rules = current_rules();
    for (unsigned i = 0; i < count; i++)
        print_step(&rules, &steps[i]);
    print_end(tables, virt, &steps[count - 1]);
}

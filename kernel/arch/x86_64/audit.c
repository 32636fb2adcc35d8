/* SPDX-License-Identifier: MIT
 *
 * The audit of page tables: every mapping once, then every stack.
 */
#include "kernel/arch/x86_64/audit.h"

#include <stddef.h>

#include "hw/paging.h"
#include "kernel/arch/x86_64/stacks.h"

struct audit_walk {
    const struct page_tables *tables;
    struct audit_report *report;
    bool no_execute;
};

static bool audit_fail(struct audit_report *report, enum audit_verdict verdict, uint64_t address,
                       const char *subject)
{
    report->verdict = verdict;
    report->address = address;
    report->subject = subject;
    return false;
}

static void audit_count(struct audit_report *report, const struct page_mapping *mapping)
{
    if (mapping->bytes == PAGE_BYTES)
        report->pages_4k++;
    else if (mapping->bytes == (uint64_t)PAGE_BYTES << TABLE_SHIFT)
        report->pages_2m++;
    else
        report->pages_1g++;
    if (mapping->writable)
        report->writable_bytes += mapping->bytes;
    if (mapping->executable)
        report->executable_bytes += mapping->bytes;
}

/* For page_walk_tables: goes on as long as the table is not in the page. */
static bool is_outside(void *context, uint64_t phys)
{
    const struct page_mapping *page = context;
    return phys - page->phys >= page->bytes;
}

static bool audit_mapping(void *context, const struct page_mapping *mapping)
{
    const struct audit_walk *walk = context;
    if (mapping->virt == 0)
        return audit_fail(walk->report, AUDIT_PAGE_ZERO, 0, NULL);
    if (mapping->user)
        return audit_fail(walk->report, AUDIT_USER, mapping->virt, NULL);
    if (walk->no_execute && mapping->writable && mapping->executable)
        return audit_fail(walk->report, AUDIT_W_X, mapping->virt, NULL);
    struct page_mapping page = *mapping;
    if (walk->no_execute && mapping->executable &&
        !page_walk_tables(walk->tables, is_outside, &page))
        return audit_fail(walk->report, AUDIT_TABLE, mapping->virt, NULL);
    audit_count(walk->report, mapping);
    return true;
}

static bool audit_stack(const struct page_tables *tables, const struct stack_area *stack,
                        struct audit_report *report)
{
    struct page_mapping page;
    const uint64_t first = stack->range.first;
    if (!page_walk_covers(tables, first, stack->range.last - first + 1, true))
        return audit_fail(report, AUDIT_NO_STACK, first, stack->name);
    if (first % PAGE_BYTES != 0 || page_walk_find(tables, first - 1, &page))
        return audit_fail(report, AUDIT_NO_GUARD, first - 1, stack->name);
    return true;
}

void audit_page_tables(const struct page_tables *tables, bool no_execute,
                       struct audit_report *report)
{
    struct audit_walk walk = { .tables = tables, .report = report, .no_execute = no_execute };
    *report = (struct audit_report){ .verdict = AUDIT_OK };
    if (!page_walk_all(tables, audit_mapping, &walk))
        return;
    for (unsigned i = 0; i < stacks_count(); i++) {
        const struct stack_area stack = stacks_area(i);
        if (!audit_stack(tables, &stack, report))
            return;
    }
}

const char *audit_words(enum audit_verdict verdict)
{
    switch (verdict) {
    case AUDIT_OK:
        return "is in order";
    case AUDIT_W_X:
        return "is writable and executable";
    case AUDIT_PAGE_ZERO:
        return "is mapped: a null pointer would not fault";
    case AUDIT_USER:
        return "is open to ring 3";
    case AUDIT_TABLE:
        return "is executable and contains a page table";
    case AUDIT_NO_GUARD:
        return "is mapped: the stack above it has no guard";
    case AUDIT_NO_STACK:
        return "is not mapped writable: the stack does not work";
    }
    return "?";
}

/* SPDX-License-Identifier: MIT
 *
 * The audit of page tables: every mapping once, then every stack.
 */
#include "kernel/arch/x86_64/audit.h"

#include <stddef.h>

#include "hw/paging.h"
#include "kernel/arch/x86_64/stacks.h"

/* Executable pages in a row, in virtual and in physical memory; bytes 0: none. */
struct executable_run {
    uint64_t virt, phys, bytes;
    uint64_t table_phys; /* the page table that lies in it, once one was found */
};

struct audit_walk {
    const struct page_tables *tables;
    struct audit_report *report;
    bool no_execute;
    struct executable_run run;
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

/* For page_walk_tables: goes on as long as the table is not in the run. */
static bool is_outside(void *context, uint64_t phys)
{
    struct executable_run *run = context;
    run->table_phys = phys;
    return phys - run->phys >= run->bytes;
}

/* No page table lies in the run. One walk over all tables a run, not a page: text is one. */
static bool audit_run(struct audit_walk *walk)
{
    struct executable_run *run = &walk->run;
    if (run->bytes == 0 || page_walk_tables(walk->tables, is_outside, run))
        return true;
    return audit_fail(walk->report, AUDIT_TABLE, run->virt + (run->table_phys - run->phys), NULL);
}

/* Add a page to the run, or judge the run and begin another. */
static bool audit_executable(struct audit_walk *walk, const struct page_mapping *mapping)
{
    struct executable_run *run = &walk->run;
    const bool goes_on =
        mapping->virt == run->virt + run->bytes && mapping->phys == run->phys + run->bytes;
    if (!goes_on && !audit_run(walk))
        return false;
    if (!goes_on)
        *run = (struct executable_run){ .virt = mapping->virt, .phys = mapping->phys };
    run->bytes += mapping->bytes;
    return true;
}

static bool audit_mapping(void *context, const struct page_mapping *mapping)
{
    struct audit_walk *walk = context;
    if (mapping->virt == 0)
        return audit_fail(walk->report, AUDIT_PAGE_ZERO, 0, NULL);
    if (mapping->user)
        return audit_fail(walk->report, AUDIT_USER, mapping->virt, NULL);
    if (walk->no_execute && mapping->writable && mapping->executable)
        return audit_fail(walk->report, AUDIT_W_X, mapping->virt, NULL);
    if (walk->no_execute && mapping->executable && !audit_executable(walk, mapping))
        return false;
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
    if (!page_walk_all(tables, audit_mapping, &walk) || !audit_run(&walk))
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

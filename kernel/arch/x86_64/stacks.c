/* SPDX-License-Identifier: MIT
 *
 * The list of stacks. kernel.ld sets the IST stacks apart as segments of their
 * own with nothing mapped between them; the audit proves it.
 */
#include "kernel/arch/x86_64/stacks.h"

#include <stddef.h>

#include "base/compiler.h"
#include "hw/paging.h"

/* Labels of kernel.ld. */
extern const char stack_double_fault_first[], stack_double_fault_end[];
extern const char stack_nmi_first[], stack_nmi_end[];
extern const char stack_machine_check_first[], stack_machine_check_end[];

struct ist_labels {
    const char *name;
    const char *first;
    const char *end;
};

static const struct ist_labels ist_stacks[] = {
    { "double-fault stack", stack_double_fault_first, stack_double_fault_end },
    { "NMI stack", stack_nmi_first, stack_nmi_end },
    { "machine-check stack", stack_machine_check_first, stack_machine_check_end },
};
_Static_assert(ARRAY_COUNT(ist_stacks) == STACK_IST_LAST, "one stack for each IST number");

static struct stack_area main_stack;
static struct stack_entry *added;

void stacks_set_main(const char *name, struct virt_range range)
{
    main_stack = (struct stack_area){ .name = name, .range = range };
}

void stacks_add(struct stack_entry *entry)
{
    entry->next = added;
    added = entry;
}

/* One that is not in the list is passed over. */
void stacks_remove(struct stack_entry *entry)
{
    for (struct stack_entry **link = &added; *link != NULL; link = &(*link)->next) {
        if (*link != entry)
            continue;
        *link = entry->next;
        return;
    }
}

unsigned stacks_count(void)
{
    unsigned count = 1 + STACK_IST_LAST;
    for (const struct stack_entry *entry = added; entry != NULL; entry = entry->next)
        count++;
    return count;
}

static struct stack_area added_area(unsigned index)
{
    const struct stack_entry *entry = added;
    while (index-- > 0)
        entry = entry->next;
    return entry->area;
}

struct stack_area stacks_area(unsigned index)
{
    if (index == 0)
        return main_stack;
    if (index > STACK_IST_LAST)
        return added_area(index - STACK_IST_LAST - 1);
    const struct ist_labels *labels = &ist_stacks[index - 1];
    return (struct stack_area){
        .name = labels->name,
        .range = { .first = (uint64_t)labels->first, .last = (uint64_t)labels->end - 1 },
    };
}

uint64_t stacks_ist_top(enum stack_ist ist)
{
    return stacks_area((unsigned)ist).range.last + 1;
}

static bool contains(struct virt_range range, uint64_t address)
{
    return address >= range.first && address <= range.last;
}

bool stacks_find(uint64_t address, struct stack_area *area)
{
    for (unsigned i = 0; i < stacks_count(); i++) {
        if (!contains(stacks_area(i).range, address))
            continue;
        *area = stacks_area(i);
        return true;
    }
    return false;
}

bool stacks_find_guard(uint64_t address, struct stack_area *area)
{
    for (unsigned i = 0; i < stacks_count(); i++) {
        const uint64_t first = stacks_area(i).range.first;
        if (first < PAGE_BYTES ||
            !contains((struct virt_range){ first - PAGE_BYTES, first - 1 }, address))
            continue;
        *area = stacks_area(i);
        return true;
    }
    return false;
}

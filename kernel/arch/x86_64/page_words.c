/* SPDX-License-Identifier: MIT
 *
 * What the bits of an entry mean, and which must be 0.
 * Spec: Intel SDM, volume 3A, section 4.5, tables 4-15 to 4-20.
 */
#include "kernel/arch/x86_64/page_words.h"

#include "hw/paging.h"
#include "kernel/core/format.h"

/* Levels that may hold a page, smallest first; those above hold tables only. */
enum { LEVEL_PAGE = 1, LEVEL_LARGE = 2, LEVEL_HUGE = 3 };

/* What the entry leads to. */
static const char *target(uint64_t entry, unsigned level)
{
    if (level == LEVEL_PAGE)
        return "4 KiB";
    if ((entry & PTE_PS) == 0 || level > LEVEL_HUGE)
        return "a table";
    return level == LEVEL_LARGE ? "2 MiB" : "1 GiB";
}

static uint64_t target_bytes(uint64_t entry, unsigned level)
{
    if (level == LEVEL_PAGE || (entry & PTE_PS) == 0 || level > LEVEL_HUGE)
        return PAGE_BYTES;
    return level == LEVEL_LARGE ? PAGE_BYTES_LARGE : PAGE_BYTES_HUGE;
}

size_t page_entry_describe(char *text, size_t size, uint64_t entry, unsigned level)
{
    if ((entry & PTE_P) == 0)
        return format_string(text, size, "not present");
    const uint64_t phys = entry & PTE_ADDR & ~(target_bytes(entry, level) - 1);
    return format_string(text, size, "present, %s%s%s%s: %s at 0x%llx",
                         (entry & PTE_RW) != 0 ? "writable" : "read-only",
                         (entry & PTE_US) != 0 ? ", ring 3 too" : "",
                         (entry & PTE_XD) != 0 ? ", no-execute" : "",
                         (entry & PTE_PCD) != 0 ? ", not cached" : "", target(entry, level),
                         (unsigned long long)phys);
}

const char *page_entry_reserved(const struct page_rules *rules, uint64_t entry, unsigned level)
{
    if ((entry & PTE_P) == 0)
        return NULL;
    if ((entry & PTE_ADDR) >> rules->physical_bits != 0)
        return "its address has more bits than this CPU's";
    if ((entry & PTE_XD) != 0 && !rules->no_execute)
        return "no-execute is set, which this CPU does not know or was not told to use";
    if (level == LEVEL_PAGE || (entry & PTE_PS) == 0)
        return NULL;
    if (level > LEVEL_HUGE || (level == LEVEL_HUGE && !rules->huge_pages))
        return "it says that it is a page, which this level cannot hold";
    /* PAT is bit 12 of a large page, everything between it and the address is reserved. */
    const uint64_t between = (target_bytes(entry, level) - 1) & ~(uint64_t)(2 * PAGE_BYTES - 1);
    if ((entry & between) != 0)
        return "its address is not a multiple of its page's size";
    return NULL;
}

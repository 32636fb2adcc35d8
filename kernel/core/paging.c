/* SPDX-License-Identifier: MIT
 *
 * See paging.h. The walk fills one table's run of entries per descent, because
 * the direct map of a large machine is tens of thousands of entries.
 */
#include "kernel/core/paging.h"

#include "hw/paging.h"

#define ADDRESS_BITS 48
#define PHYS_LAST    (PTE_ADDR | (PAGE_BYTES - 1))
#define LEVEL_2M     2 /* levels count from 1, the page table, up to TABLE_LEVELS */
#define LEVEL_1G     3

/* The bytes one entry of a table at `level` stands for. */
static uint64_t entry_bytes(unsigned level)
{
    return (uint64_t)PAGE_BYTES << ((level - 1) * TABLE_SHIFT);
}

static unsigned entry_index(uint64_t virt, unsigned level)
{
    return (unsigned)(virt >> (PAGE_SHIFT + (level - 1) * TABLE_SHIFT)) % TABLE_ENTRIES;
}

/* Both halves of the address space, with the hole between them. */
static bool is_canonical(uint64_t virt)
{
    const uint64_t above = virt >> (ADDRESS_BITS - 1);
    return above == 0 || above == UINT64_MAX >> (ADDRESS_BITS - 1);
}

/*
 * The table that holds the level-`level` entry for virt, made where missing.
 * Inner entries allow everything: the last one decides.
 *
 * BOOT_E_NO_ROOM      no memory for a table
 * BOOT_E_ELF_OVERLAP  a large page already covers virt
 */
static enum boot_status table_for(struct paging *paging, uint64_t virt, unsigned level,
                                  uint64_t **found)
{
    uint64_t *table = paging->port.at(paging->port.context, paging->root_phys);

    for (unsigned at = TABLE_LEVELS; at > level; at--) {
        uint64_t *entry = &table[entry_index(virt, at)];
        if (*entry == 0) {
            const uint64_t phys = paging->port.allocate(paging->port.context);
            if (phys == 0)
                return BOOT_E_NO_ROOM;
            *entry = phys | PTE_RW | PTE_P;
        }
        if (*entry & PTE_PS)
            return BOOT_E_ELF_OVERLAP;
        table = paging->port.at(paging->port.context, *entry & PTE_ADDR);
    }
    *found = table;
    return BOOT_OK;
}

/* The level of the largest page that may start at virt and phys. */
static unsigned level_that_fits(const struct paging *paging, uint64_t virt, uint64_t phys,
                                uint64_t bytes)
{
    unsigned level = paging->abilities.pages_1g ? LEVEL_1G : LEVEL_2M;
    while (level > 1) {
        const uint64_t page = entry_bytes(level);
        if (((virt | phys) & (page - 1)) == 0 && bytes >= page)
            break;
        level--;
    }
    return level;
}

/*
 * Fill entries of one table with pages, from virt on, to the table's end or as
 * long as whole pages fit. *bytes: how many there are; back: how many were done.
 */
static enum boot_status fill_table(uint64_t *table, unsigned level, uint64_t virt, uint64_t entry,
                                   uint64_t *bytes)
{
    const uint64_t page = entry_bytes(level);
    const uint64_t wanted = *bytes / page;
    unsigned index = entry_index(virt, level);
    const unsigned first = index;
    const unsigned end = wanted < TABLE_ENTRIES - first ? first + (unsigned)wanted : TABLE_ENTRIES;

    for (; index < end; index++) {
        if (table[index] != 0)
            return BOOT_E_ELF_OVERLAP;
        table[index] = entry;
        entry += page;
    }
    *bytes = (uint64_t)(end - first) * page;
    return BOOT_OK;
}

/* The bits below and above the address of a page with this access. */
static uint64_t page_bits(const struct paging *paging, unsigned access)
{
    uint64_t bits = PTE_P;
    if (access & PAGING_WRITE)
        bits |= PTE_RW;
    if (!(access & PAGING_EXECUTE) && paging->abilities.no_execute)
        bits |= PTE_XD;
    return bits;
}

/*
 * Refuse what must never be mapped. The last byte is computed only after it is
 * known not to wrap.
 */
static enum boot_status check_request(uint64_t virt, uint64_t phys, uint64_t bytes, unsigned access)
{
    if ((access & PAGING_WRITE) && (access & PAGING_EXECUTE))
        return BOOT_E_ELF_W_X;
    if (bytes == 0 || ((virt | phys | bytes) & (PAGE_BYTES - 1)) != 0 || virt == 0)
        return BOOT_E_ELF_ADDRESS;
    if (bytes - 1 > UINT64_MAX - virt || phys > PHYS_LAST || bytes - 1 > PHYS_LAST - phys)
        return BOOT_E_ELF_ADDRESS;
    const uint64_t last = virt + (bytes - 1);
    if (!is_canonical(virt) || !is_canonical(last) || (virt ^ last) >> (ADDRESS_BITS - 1) != 0)
        return BOOT_E_ELF_ADDRESS;
    return BOOT_OK;
}

/*
 * See paging.h.
 *
 * virt, phys, bytes  multiples of 4 KiB; virt is not page 0 and the range lies
 *                    in one half of the address space
 * access             PAGING_WRITE or PAGING_EXECUTE or neither
 *
 * BOOT_E_ELF_W_X      writable and executable
 * BOOT_E_ELF_ADDRESS  not aligned, empty, wrapping, not canonical, or page 0
 * BOOT_E_ELF_OVERLAP  something is mapped there already
 * BOOT_E_NO_ROOM      no memory for a table
 */
enum boot_status paging_map(struct paging *paging, uint64_t virt, uint64_t phys, uint64_t bytes,
                            unsigned access)
{
    enum boot_status status = check_request(virt, phys, bytes, access);
    const uint64_t bits = page_bits(paging, access);

    while (status == BOOT_OK && bytes != 0) {
        const unsigned level = level_that_fits(paging, virt, phys, bytes);
        uint64_t *table;
        status = table_for(paging, virt, level, &table);
        if (status != BOOT_OK)
            break;
        uint64_t done = bytes;
        status = fill_table(table, level, virt, phys | bits | (level > 1 ? PTE_PS : 0), &done);
        if (status != BOOT_OK)
            break;
        virt += done;
        phys += done;
        bytes -= done;
    }
    return status;
}

enum boot_status paging_begin(const struct paging_port *port, struct paging_abilities abilities,
                              struct paging *paging)
{
    const uint64_t root = port->allocate(port->context);
    if (root == 0)
        return BOOT_E_NO_ROOM;
    *paging = (struct paging){ .port = *port, .abilities = abilities, .root_phys = root };
    return BOOT_OK;
}

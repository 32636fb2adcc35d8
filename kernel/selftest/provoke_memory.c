/* SPDX-License-Identifier: MIT
 *
 * What page tables forbid. In assembly where the compiler would see through it.
 */
#include "hw/paging.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/log/image.h"
#include "kernel/selftest/provoke.h"

#define NON_CANONICAL 0x0123456789ABCDEF
#define RET_OPCODE    0xC3

/* A store the compiler does not question. */
static void store(uint64_t address)
{
    __asm__ volatile("movb $0, (%0)" : : "r"(address) : "memory");
}

DISASTER(page_fault, "page-fault", "write where nothing is mapped: #PF")
{
    store(PROVOKE_UNMAPPED);
}

DISASTER(general_protection, "general-protection", "non-canonical address: #GP")
{
    store(NON_CANONICAL);
}

DISASTER(null, "null", "read through a null pointer: #PF")
{
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)0) : "eax", "memory");
}

DISASTER(write_text, "write-text", "write to code: #PF")
{
    store((uint64_t)kernel_text_first);
}

DISASTER(write_rodata, "write-rodata", "write to constants: #PF")
{
    store((uint64_t)kernel_rodata_first);
}

DISASTER(execute_data, "execute-data", "run data: #PF, if the CPU has NX")
{
    static uint8_t code[] = { RET_OPCODE };
    __asm__ volatile("call *%0" : : "r"((uint64_t)code) : "memory");
}

/* Make the page of a table entry writable and executable, as no loader may, and look. */
DISASTER(w_x, "wx", "make data executable, then audit")
{
    struct audit_report report;
    const struct page_tables tables = page_tables_current();
    uint64_t table = tables.root_phys;
    const uint64_t virt = (uint64_t)kernel_data_first;
    for (unsigned level = tables.levels; level >= 1; level--) {
        const unsigned shift = PAGE_SHIFT + TABLE_SHIFT * (level - 1);
        uint64_t *entry = (uint64_t *)direct_map_at(table) + (virt >> shift) % TABLE_ENTRIES;
        *entry &= ~(uint64_t)PTE_XD;
        table = *entry & PTE_ADDR;
    }
    tlb_forget(virt);
    boot_require_audit(&report);
}

/* SPDX-License-Identifier: MIT
 *
 * What page tables forbid. In assembly where the compiler would see through it.
 */
#include "base/poison.h"
#include "boot/boot_info.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/log/image.h"
#include "kernel/selftest/provoke.h"

#define NON_CANONICAL  0x0123456789ABCDEF
#define RET_OPCODE     0xC3
#define FIELD_OFFSET   0x10
#define EVERY_BYTE     0x0101010101010101ULL
#define RING_3_ADDRESS 0x400000
#define RESERVED_BIT   (1ULL << 51) /* of an address: no CPU of today has so many bits */

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

/* A pointer to a struct that is not there. */
DISASTER(null_field, "null-field", "write a field of a null pointer: #PF")
{
    store(FIELD_OFFSET);
}

DISASTER(null_call, "null-call", "call a null pointer: #PF")
{
    __asm__ volatile("call *%0" : : "r"((uint64_t)0) : "memory");
}

DISASTER(guard_page, "guard-page", "write below the NMI stack: #PF")
{
    store(stacks_area(STACK_IST_NMI).range.first - 1);
}

DISASTER(beyond_ram, "beyond-ram", "write to the direct map's last byte: #PF")
{
    store(BOOT_DIRECT_MAP_LAST);
}

DISASTER(ring_3_address, "ring-3-address", "write to the lower half: #PF")
{
    store(RING_3_ADDRESS);
}

/* What following a pointer in freed memory comes to. */
DISASTER(freed_pointer, "freed-pointer", "follow the pattern of freed memory: #GP")
{
    store(POISON_HEAP_FREED * EVERY_BYTE);
}

/* A page of its own, whose table entries the next disasters spoil. */
static uint8_t spoiled[PAGE_BYTES] ALIGNED(PAGE_BYTES) = { RET_OPCODE };

/* Change the entries of all levels on the way to a page, or the last level's only. */
static void change_entries(uint64_t virt, uint64_t set, uint64_t clear, bool all_levels)
{
    const struct page_tables tables = page_tables_current();
    uint64_t table = tables.root_phys;
    for (unsigned level = tables.levels; level >= 1; level--) {
        const unsigned shift = PAGE_SHIFT + TABLE_SHIFT * (level - 1);
        uint64_t *entry = (uint64_t *)direct_map_at(table) + (virt >> shift) % TABLE_ENTRIES;
        const bool last = page_entry_is_page(*entry, level);
        if (last || all_levels)
            *entry = (*entry & ~clear) | set;
        table = *entry & PTE_ADDR;
        if (last)
            break;
    }
    tlb_forget(virt);
}

void provoke_mend_page(void)
{
    change_entries((uint64_t)spoiled, 0, PTE_US, true);
    change_entries((uint64_t)spoiled, cpu_no_execute_is_on() ? PTE_XD : 0, RESERVED_BIT, false);
}

DISASTER(smap, "smap", "read a page of ring 3's: #PF, if the CPU has SMAP")
{
    change_entries((uint64_t)spoiled, PTE_US, 0, true);
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)spoiled) : "eax", "memory");
}

DISASTER(smep, "smep", "run a page of ring 3's: #PF, if the CPU has SMEP")
{
    change_entries((uint64_t)spoiled, PTE_US, PTE_XD, true);
    __asm__ volatile("call *%0" : : "r"((uint64_t)spoiled) : "memory");
}

DISASTER(reserved_bit, "reserved-bit", "read a page whose entry has a reserved bit: #PF")
{
    change_entries((uint64_t)spoiled, RESERVED_BIT, 0, false);
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)spoiled) : "eax", "memory");
}

/* Make a page of data executable, as no loader may, and look. */
DISASTER(w_x, "wx", "make data executable, then audit")
{
    struct audit_report report;
    change_entries((uint64_t)kernel_data_first, 0, PTE_XD, true);
    boot_require_audit(&report);
}

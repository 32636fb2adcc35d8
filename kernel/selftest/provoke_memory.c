/* SPDX-License-Identifier: MIT
 *
 * What page tables forbid. In assembly where the compiler would see through it.
 */
#include "base/poison.h"
#include "boot/boot_info.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/log/image.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/spoil.h"

#define NON_CANONICAL  0x0123456789ABCDEF
#define RET_OPCODE     0xC3
#define FIELD_OFFSET   0x10
#define EVERY_BYTE     0x0101010101010101ULL
#define RING_3_ADDRESS 0x400000

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

DISASTER(smap, "smap", "read a page of ring 3's: #PF, if the CPU has SMAP")
{
    spoil_page(PTE_US, 0, SPOIL_ALL_LEVELS);
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)spoiled_page) : "eax", "memory");
}

DISASTER(smep, "smep", "run a page of ring 3's: #PF, if the CPU has SMEP")
{
    spoil_page(PTE_US, PTE_XD, SPOIL_ALL_LEVELS);
    __asm__ volatile("call *%0" : : "r"((uint64_t)spoiled_page) : "memory");
}

DISASTER(reserved_bit, "reserved-bit", "read a page whose entry has a reserved bit: #PF")
{
    spoil_page(SPOIL_RESERVED_BIT, 0, SPOIL_LAST_LEVEL);
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)spoiled_page) : "eax", "memory");
}

/* Make a page of data executable, as no loader may, and look. */
DISASTER(w_x, "wx", "make data executable, then audit")
{
    struct audit_report report;
    spoil_page(0, PTE_XD, SPOIL_ALL_LEVELS);
    boot_require_audit(&report);
}

/* SPDX-License-Identifier: MIT
 *
 * Hints go from the certain to the likely: what the tables say, then where the
 * address lies. The first that fits is the one that is said.
 */
#include "kernel/arch/x86_64/exception_hint.h"

#include "base/compiler.h"
#include "base/poison.h"
#include "boot/boot_info.h"
#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/core/format.h"

#define NULL_BYTES   PAGE_BYTES /* page 0 is never mapped; no struct of ours is longer */
#define LOWER_HALF   0x00FFFFFFFFFFFFFFULL
#define EVERY_BYTE   0x0101010101010101ULL
#define OFFSET_BITS  16 /* of a field behind a pointer: these may differ from the pattern */
#define ADDRESS_BITS 64

struct place {
    uint64_t first;
    uint64_t last;
    const char *hint;
};

/* What virtual memory is set apart for, where nothing is mapped. */
static const struct place places[] = {
    { BOOT_DIRECT_MAP_BASE, BOOT_DIRECT_MAP_LAST,
      "the direct map, where no memory is shown: beyond RAM, or bad" },
    { REGION_FIRST, REGION_LAST,
      "the kernel's own region: freed, never allocated, or a guard page" },
    { KASAN_SHADOW_FIRST, KASAN_SHADOW_LAST, "KASAN's shadow, of memory that is not there" },
    { BOOT_HANDOFF_BASE, BOOT_HANDOFF_LAST, "the loader's hand-off area, which is given up" },
    { NULL_BYTES, LOWER_HALF, "an address of ring 3's half, where the kernel has nothing" },
};

struct poison {
    uint64_t word;
    const char *name;
};

static const struct poison poisons[] = {
    { POISON_HEAP_FRESH * EVERY_BYTE, "heap memory that was never written" },
    { POISON_HEAP_FREED * EVERY_BYTE, "memory freed to the heap" },
    { POISON_HEAP_REDZONE * EVERY_BYTE, "the red zone between two blocks of the heap" },
    { POISON_FRAME_FREED, "a freed frame" },
};

const char *exception_poison_name(uint64_t value)
{
    for (unsigned i = 0; i < ARRAY_COUNT(poisons); i++) {
        if (value >> OFFSET_BITS == poisons[i].word >> OFFSET_BITS)
            return poisons[i].name;
    }
    return NULL;
}

static size_t null_hint(char *text, size_t size, uint64_t address)
{
    if (address == 0)
        return format_string(text, size, "a null pointer");
    if (address < NULL_BYTES)
        return format_string(text, size, "a field at offset 0x%llx of a null pointer",
                             (unsigned long long)address);
    return format_string(text, size, "0x%llx bytes before a null pointer",
                         (unsigned long long)(0 - address));
}

/* Why a page that is mapped refuses ring 0. */
static const char *forbidden_hint(const struct fault_facts *facts)
{
    const bool fetch = (facts->error & PF_ERROR_I) != 0;
    const bool write = (facts->error & PF_ERROR_W) != 0;
    if (facts->mapped && facts->page.user && (facts->error & PF_ERROR_U) == 0 &&
        (fetch ? facts->page.executable : !write || facts->page.writable))
        return fetch ? "SMEP: the kernel executes no page of ring 3's"
                     : "SMAP: the kernel touches no page of ring 3's unless it says so";
    if (fetch)
        return "W^X: what is not code is never executed";
    if (write && facts->part == IMAGE_TEXT)
        return "W^X: code is never written";
    if (write && facts->part == IMAGE_RODATA)
        return "W^X: this is a constant of the kernel";
    if (write && facts->address >= BOOT_DIRECT_MAP_BASE && facts->address <= BOOT_DIRECT_MAP_LAST)
        return "the direct map shows firmware's memory read-only";
    return NULL;
}

static const char *place_hint(const struct fault_facts *facts)
{
    if (facts->part != IMAGE_NONE)
        return "a hole in the kernel's image, where nothing is mapped";
    for (unsigned i = 0; i < ARRAY_COUNT(places); i++) {
        if (facts->address >= places[i].first && facts->address <= places[i].last)
            return places[i].hint;
    }
    return NULL;
}

size_t exception_page_fault_hint(char *text, size_t size, const struct fault_facts *facts)
{
    if (facts->guarded != NULL)
        return format_string(text, size, "the guard page of the %s", facts->guarded);
    if ((facts->error & PF_ERROR_RSVD) != 0)
        return format_string(text, size, "damaged page tables: see the walk below");
    if (facts->address < NULL_BYTES || 0 - facts->address <= NULL_BYTES)
        return null_hint(text, size, facts->address);
    const char *hint = (facts->error & PF_ERROR_P) != 0 ? forbidden_hint(facts) : place_hint(facts);
    return hint == NULL ? 0 : format_string(text, size, "%s", hint);
}

/* All bits above the highest that tables translate are copies of it. */
static bool is_canonical(uint64_t address, unsigned levels)
{
    const unsigned unused = ADDRESS_BITS - (PAGE_SHIFT + TABLE_SHIFT * levels);
    return (uint64_t)((int64_t)(address << unused) >> unused) == address;
}

size_t exception_register_hint(char *text, size_t size, const struct exception_frame *frame,
                               unsigned levels)
{
    const struct {
        const char *name;
        uint64_t value;
    } all[] = {
        { "rip", frame->rip }, { "rax", frame->rax }, { "rbx", frame->rbx }, { "rcx", frame->rcx },
        { "rdx", frame->rdx }, { "rsi", frame->rsi }, { "rdi", frame->rdi }, { "rbp", frame->rbp },
        { "rsp", frame->rsp }, { "r8", frame->r8 },   { "r9", frame->r9 },   { "r10", frame->r10 },
        { "r11", frame->r11 }, { "r12", frame->r12 }, { "r13", frame->r13 }, { "r14", frame->r14 },
        { "r15", frame->r15 },
    };
    for (unsigned i = 0; i < ARRAY_COUNT(all); i++) {
        const char *poison = exception_poison_name(all[i].value);
        if (poison != NULL)
            return format_string(text, size, "%s holds the pattern of %s", all[i].name, poison);
    }
    if (frame->rsp % sizeof(uint64_t) != 0)
        return format_string(text, size, "rsp is no multiple of 8: the stack is misaligned");
    const bool an_address = frame->vector == VECTOR_GP || frame->vector == VECTOR_SS;
    for (unsigned i = 0; i < ARRAY_COUNT(all) && an_address && frame->error == 0; i++) {
        if (!is_canonical(all[i].value, levels))
            return format_string(text, size, "%s holds 0x%llx, which is no canonical address",
                                 all[i].name, (unsigned long long)all[i].value);
    }
    return 0;
}

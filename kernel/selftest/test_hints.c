/* SPDX-License-Identifier: MIT
 *
 * Hints in words, held against facts made up for each.
 */
#include "base/poison.h"
#include "boot/boot_info.h"
#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/exception_hint.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/selftest.h"

#define TEXT_BYTES    160
#define NON_CANONICAL 0x0123456789ABCDEF
#define EVERY_BYTE    0x0101010101010101ULL
#define RING_3        0x400000

static bool hint_is(const struct fault_facts *facts, const char *expected)
{
    char text[TEXT_BYTES] = "";
    exception_page_fault_hint(text, sizeof(text), facts);
    return string_equals(text, expected);
}

static bool hint_at(uint64_t address, const char *expected)
{
    return hint_is(&(struct fault_facts){ .address = address }, expected);
}

SELFTEST(hint_null, "hint.null-pointer")
{
    CLAIM(hint_at(0, "a null pointer"));
    CLAIM(hint_at(0x10, "a field at offset 0x10 of a null pointer"));
    CLAIM(hint_at(PAGE_BYTES - 1, "a field at offset 0xfff of a null pointer"));
    CLAIM(hint_at(0 - 8ULL, "0x8 bytes before a null pointer"));
}

SELFTEST(hint_places, "hint.places")
{
    CLAIM(hint_at(PAGE_BYTES, "an address of ring 3's half, where the kernel has nothing"));
    CLAIM(hint_at(BOOT_DIRECT_MAP_LAST,
                  "the direct map, where no memory is shown: beyond RAM, or bad"));
    CLAIM(hint_at(0xFFFFC00000000000,
                  "the kernel's own region: freed, never allocated, or a guard page"));
    CLAIM(hint_at(0xFFFFEC0000000000, "KASAN's shadow, of memory that is not there"));
    CLAIM(hint_at(BOOT_HANDOFF_BASE, "the loader's hand-off area, which is given up"));
    CLAIM(hint_at(0xFFFFFF8000000000, ""));
}

SELFTEST(hint_guard, "hint.guard-page")
{
    CLAIM(hint_is(&(struct fault_facts){ .address = BOOT_HANDOFF_BASE, .guarded = "NMI stack" },
                  "the guard page of the NMI stack"));
    CLAIM(hint_is(&(struct fault_facts){ .address = (uint64_t)kernel_end, .part = IMAGE_HOLE },
                  "a hole in the kernel's image, where nothing is mapped"));
}

SELFTEST(hint_w_x, "hint.w-xor-x")
{
    const uint64_t write = PF_ERROR_P | PF_ERROR_W;
    const uint64_t code = (uint64_t)kernel_text_first;
    CLAIM(hint_is(&(struct fault_facts){ write, code, NULL, IMAGE_TEXT, false, { 0 } },
                  "W^X: code is never written"));
    CLAIM(hint_is(&(struct fault_facts){ write, code, NULL, IMAGE_RODATA, false, { 0 } },
                  "W^X: this is a constant of the kernel"));
    CLAIM(
        hint_is(&(struct fault_facts){ PF_ERROR_P | PF_ERROR_I, code, NULL, IMAGE_DATA, 0, { 0 } },
                "W^X: what is not code is never executed"));
    CLAIM(hint_is(&(struct fault_facts){ .error = write, .address = BOOT_DIRECT_MAP_BASE },
                  "the direct map shows firmware's memory read-only"));
}

SELFTEST(hint_ring_3, "hint.smep-smap")
{
    const struct page_mapping open = { .writable = true, .executable = true, .user = true };
    const struct page_mapping closed = { .writable = false, .executable = false, .user = true };
    struct fault_facts facts = {
        .error = PF_ERROR_P, .address = RING_3, .mapped = true, .page = open
    };
    CLAIM(hint_is(&facts, "SMAP: the kernel touches no page of ring 3's unless it says so"));
    facts.error = PF_ERROR_P | PF_ERROR_I;
    CLAIM(hint_is(&facts, "SMEP: the kernel executes no page of ring 3's"));
    facts.page = closed;
    CLAIM(hint_is(&facts, "W^X: what is not code is never executed"));
    facts.error = PF_ERROR_P | PF_ERROR_RSVD;
    CLAIM(hint_is(&facts, "damaged page tables: see the walk below"));
}

static bool register_says(const struct exception_frame *frame, unsigned levels,
                          const char *expected)
{
    char text[TEXT_BYTES] = "";
    exception_register_hint(text, sizeof(text), frame, levels);
    return string_equals(text, expected);
}

SELFTEST(hint_registers, "hint.not-canonical")
{
    const uint64_t five_levels_only = 0x00FF000000000000;
    struct exception_frame frame = { .vector = VECTOR_GP, .rcx = NON_CANONICAL };
    CLAIM(register_says(&frame, TABLE_LEVELS,
                        "rcx holds 0x123456789abcdef, which is no canonical address"));
    frame.rcx = five_levels_only;
    CLAIM(register_says(&frame, TABLE_LEVELS_57, ""));
    CLAIM(register_says(&frame, TABLE_LEVELS,
                        "rcx holds 0xff000000000000, which is no canonical address"));
    frame.error = 8;
    CLAIM(register_says(&frame, TABLE_LEVELS, ""));
    frame.vector = VECTOR_UD;
    CLAIM(register_says(&frame, TABLE_LEVELS, ""));
}

SELFTEST(hint_poison, "hint.poison")
{
    struct exception_frame frame = { .vector = VECTOR_GP, .r9 = POISON_HEAP_FREED * EVERY_BYTE };
    CLAIM(register_says(&frame, TABLE_LEVELS, "r9 holds the pattern of memory freed to the heap"));
    frame.r9 += 0x10;
    CLAIM(register_says(&frame, TABLE_LEVELS, "r9 holds the pattern of memory freed to the heap"));
    frame = (struct exception_frame){ .rip = POISON_FRAME_FREED };
    CLAIM(register_says(&frame, TABLE_LEVELS, "rip holds the pattern of a freed frame"));
    CLAIM(exception_poison_name(POISON_HEAP_FRESH * EVERY_BYTE) != NULL);
    CLAIM(exception_poison_name(POISON_HEAP_REDZONE * EVERY_BYTE) != NULL);
    CLAIM(exception_poison_name(0) == NULL);
    CLAIM(exception_poison_name(EVERY_BYTE) == NULL);
}

/* As addresses the patterns must fault wherever tables end. */
SELFTEST(hint_poison_faults, "hint.poison-is-no-address")
{
    const uint64_t words[] = { POISON_HEAP_FRESH * EVERY_BYTE, POISON_HEAP_FREED * EVERY_BYTE,
                               POISON_HEAP_REDZONE * EVERY_BYTE, POISON_FRAME_FREED };
    for (unsigned i = 0; i < ARRAY_COUNT(words); i++) {
        const uint64_t above_57_bits = words[i] >> 56;
        CLAIM(above_57_bits != 0 && above_57_bits != 0xFF);
        CLAIM(exception_poison_name(words[i]) != NULL);
    }
}

SELFTEST(hint_stack, "hint.stack-alignment")
{
    const struct exception_frame frame = { .vector = VECTOR_GP, .rsp = 0x1004 };
    CLAIM(register_says(&frame, TABLE_LEVELS, "rsp is no multiple of 8: the stack is misaligned"));
}

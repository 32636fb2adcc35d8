/* SPDX-License-Identifier: MIT
 *
 * The heap while it checks: findings as sentences with the names of who
 * allocated and who freed.
 */
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/format.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/heap_state.h"

#define TEXT_BYTES 128

/* A return address may be the first byte behind its function: look one back. */
static const char *name_of(uintptr_t return_address)
{
    struct symbol_place place = { .name = "?", .offset = 0 };
    symbols_find(return_address - 1, &place);
    return place.name;
}

/* What follows the sentence: which byte is meant. */
static void describe_byte(const struct checked_finding *finding, char text[TEXT_BYTES])
{
    text[0] = '\0';
    if (finding->fault == CHECKED_MIDDLE)
        format_string(text, TEXT_BYTES, ", at its byte %lld", (long long)finding->offset);
    else if (finding->fault != CHECKED_TWICE)
        format_string(text, TEXT_BYTES, ": its byte %lld is 0x%02x now", (long long)finding->offset,
                      finding->value);
}

void heap_panic(const struct checked_finding *finding)
{
    const unsigned long long address = finding->address;
    const unsigned long long bytes = finding->bytes;
    const char *const words = checked_words(finding->fault);
    char byte[TEXT_BYTES];
    if (finding->allocated_by == 0)
        panic("heap: the block at 0x%llx %s", address, words);
    describe_byte(finding, byte);
    if (finding->freed_by == 0)
        panic("heap: the block of %llu bytes at 0x%llx %s%s; allocated by %s", bytes, address,
              words, byte, name_of(finding->allocated_by));
    panic("heap: the block of %llu bytes at 0x%llx %s%s; allocated by %s, freed by %s", bytes,
          address, words, byte, name_of(finding->allocated_by), name_of(finding->freed_by));
}

void *heap_checked_allocate(size_t bytes, size_t alignment, const void *by)
{
    struct checked_finding finding;
    void *const block = checked_allocate(&heap.checked, bytes, alignment, (uintptr_t)by, &finding);
    if (finding.fault != CHECKED_OK)
        heap_panic(&finding);
    return block;
}

void heap_checked_free(void *block, const void *by)
{
    struct checked_finding finding;
    if (checked_free(&heap.checked, block, (uintptr_t)by, &finding) != CHECKED_OK)
        heap_panic(&finding);
}

bool heap_find_fault(struct checked_finding *finding)
{
    finding->fault = CHECKED_OK;
    return !heap.is_checked || checked_check(&heap.checked, finding) == CHECKED_OK;
}

void heap_check(void)
{
    struct checked_finding finding;
    if (!heap_find_fault(&finding))
        heap_panic(&finding);
}

void heap_print_live(void)
{
    if (!heap.is_checked) {
        kprintf("  the heap does not know: boot with memory=checked\n");
        return;
    }
    const struct checked_ring *const live = &heap.checked.live;
    for (const struct checked_record *record = live->ends.next; record != &live->ends;
         record = record->next)
        kprintf("  0x%016llx %8llu bytes, by %s\n",
                (unsigned long long)(uintptr_t)checked_block(record),
                (unsigned long long)record->bytes, name_of(record->allocated_by));
    kprintf("  %llu live blocks, %llu bytes\n", (unsigned long long)live->blocks,
            (unsigned long long)live->bytes);
}

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
#include "kernel/sanitize/kasan.h"

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

/* What the KASAN build may see of a slab's block: the block asked for, not the record and the zones. */
static void show_block_only(const uint8_t *block, size_t bytes)
{
    struct slab_place place;
    if (!slab_find(&heap.slab, block, &place))
        return;
    kasan_poison(place.block, place.bytes, KASAN_HEAP);
    kasan_unpoison(block, bytes);
}

static void hide_block(const uint8_t *block, size_t bytes)
{
    kasan_poison(block, allocator_round_up(bytes, KASAN_GRANULE), KASAN_HEAP_FREE);
}

/* The checks read and write where nobody else may, so the KASAN build does not look at them. */
void *heap_checked_allocate(size_t bytes, size_t alignment, const void *by)
{
    struct checked_finding finding;
    kasan_pause();
    void *const block = checked_allocate(&heap.checked, bytes, alignment, (uintptr_t)by, &finding);
    if (block != NULL)
        show_block_only(block, bytes);
    kasan_resume();
    if (finding.fault != CHECKED_OK)
        heap_panic(&finding);
    return block;
}

void heap_checked_free(void *block, const void *by)
{
    struct checked_finding finding;
    kasan_pause();
    const struct checked_record *const record = checked_find(&heap.checked, block, &finding);
    if (record != NULL)
        hide_block(block, record->bytes);
    const enum checked_fault fault = checked_free(&heap.checked, block, (uintptr_t)by, &finding);
    kasan_resume();
    if (fault != CHECKED_OK)
        heap_panic(&finding);
}

bool heap_find_fault(struct checked_finding *finding)
{
    finding->fault = CHECKED_OK;
    kasan_pause();
    const bool sound = !heap.is_checked || checked_check(&heap.checked, finding) == CHECKED_OK;
    kasan_resume();
    return sound;
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
    kasan_pause();
    for (const struct checked_record *record = live->ends.next; record != &live->ends;
         record = record->next)
        kprintf("  0x%016llx %8llu bytes, by %s\n",
                (unsigned long long)(uintptr_t)checked_block(record),
                (unsigned long long)record->bytes, name_of(record->allocated_by));
    kasan_resume();
    kprintf("  %llu live blocks, %llu bytes\n", (unsigned long long)live->blocks,
            (unsigned long long)live->bytes);
}

/* SPDX-License-Identifier: MIT
 *
 * What a program can do wrong with the heap. Found at once, or at the next look,
 * when the heap is checked: memory=checked.
 */
#include "kernel/mm/heap.h"
#include "kernel/selftest/provoke.h"

#define BYTES 64
#define VALUE 0x77

/* A store the compiler does not question. */
static void store(uint8_t *address)
{
    __asm__ volatile("movb %1, (%0)" : : "r"(address), "i"(VALUE) : "memory");
}

/* The caller stays in the backtrace: no call is its last act. */
static void stay(void)
{
    __asm__ volatile("");
}

/* The compiler must not know that it comes from the heap. */
static void *hidden(void *block)
{
    __asm__ volatile("" : "+r"(block));
    return block;
}

DISASTER(heap_overflow, "heap-overflow", "write one byte behind a block, free it: heap")
{
    uint8_t *const block = hidden(heap_allocate(BYTES));
    store(block + BYTES);
    heap_free(block);
    stay();
}

DISASTER(heap_underflow, "heap-underflow", "write one byte in front of a block, free it: heap")
{
    uint8_t *const block = hidden(heap_allocate(BYTES));
    store(block - 1);
    heap_free(block);
    stay();
}

DISASTER(heap_double_free, "heap-double-free", "free a block twice: heap")
{
    void *const block = hidden(heap_allocate(BYTES));
    void *const other = hidden(heap_allocate(BYTES));
    heap_free(block);
    heap_free(other);
    heap_free(block);
    heap_trim(); /* an unchecked heap finds it when the block goes back to the slab */
    stay();
}

DISASTER(heap_free_again, "heap-free-again", "free a block twice in a row: heap")
{
    void *const block = hidden(heap_allocate(BYTES));
    heap_free(block);
    heap_free(block);
    stay();
}

DISASTER(heap_use_after_free, "heap-use-after-free", "write to a freed block, look: heap")
{
    uint8_t *const block = hidden(heap_allocate(BYTES));
    heap_free(block);
    store(block + BYTES / 2);
    heap_check();
    stay();
}

DISASTER(heap_free_middle, "heap-free-middle", "free an address inside a block: heap")
{
    uint8_t *const block = hidden(heap_allocate(BYTES));
    heap_free(block + BYTES / 2);
    heap_trim();
    stay();
}

DISASTER(heap_free_odd, "heap-free-odd", "free an odd address inside a block: heap")
{
    uint8_t *const block = hidden(heap_allocate(BYTES));
    heap_free(block + 1);
    stay();
}

DISASTER(heap_free_foreign, "heap-free-foreign", "free what is on the stack: heap")
{
    uint64_t local = 0;
    heap_free(hidden(&local));
    stay();
}

/* SPDX-License-Identifier: MIT
 *
 * Tests of the kernel's own heap, fast or checked as this boot has it. Its parts
 * are tested in kernel/proof/proof_heap.c and proof_checked.c. That each gives
 * back what it took is claimed behind every test, see selftest.c.
 */
#include "kernel/alloc/checked.h"
#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"
#include "kernel/sanitize/kasan.h"
#include "kernel/selftest/selftest.h"

#define BYTES       64
#define LARGE_BYTES 0x4000 /* whole pages: no size class has it */
#define VALUE       0x5A
#define MANY        100 /* more than any list keeps, and more than one page has */

static uint64_t frames_used(void)
{
    struct frames_account account;
    frames_account(&account);
    return account.used;
}

static bool is_filled(const uint8_t *block, size_t bytes, uint8_t value)
{
    for (size_t i = 0; i < bytes; i++) {
        if (block[i] != value)
            return false;
    }
    return true;
}

SELFTEST(heap_simple, "heap.kernel.simple")
{
    uint8_t *const first = heap_allocate(BYTES);
    uint8_t *const second = heap_allocate(BYTES);
    if (CLAIM(first != NULL && second != NULL)) {
        memset(first, VALUE, BYTES);
        memset(second, VALUE + 1, BYTES);
        CLAIM(is_filled(first, BYTES, VALUE) && is_filled(second, BYTES, VALUE + 1));
        CLAIM_EQUAL((uintptr_t)first % HEAP_ALIGNMENT, 0);
    }
    heap_free(first);
    heap_free(second);
    heap_free(NULL);
}

SELFTEST(heap_account_live, "heap.kernel.account")
{
    struct heap_account before;
    struct heap_account during;
    heap_account(&before);
    void *const block = heap_allocate(BYTES);
    heap_account(&during);
    CLAIM_EQUAL(during.blocks, before.blocks + 1);
    CLAIM_EQUAL(during.bytes, before.bytes + BYTES);
    CLAIM_EQUAL(during.allocations, before.allocations + 1);
    CLAIM(during.pages > 0 && during.pages_most >= during.pages);
    heap_free(block);
}

SELFTEST(heap_zeroed, "heap.kernel.zeroed")
{
    uint8_t *const dirty = heap_allocate(BYTES);
    if (dirty != NULL)
        memset(dirty, VALUE, BYTES);
    heap_free(dirty);
    uint8_t *const zeros = heap_allocate_zeroed(BYTES / sizeof(uint64_t), sizeof(uint64_t));
    CLAIM(zeros != NULL && is_filled(zeros, BYTES, 0));
    heap_free(zeros);
}

SELFTEST(heap_overflow, "heap.kernel.size-overflow")
{
    CLAIM(heap_allocate_zeroed(SIZE_MAX / 2 + 1, 2) == NULL);
    CLAIM(heap_allocate_zeroed(SIZE_MAX, SIZE_MAX) == NULL);
    CLAIM(heap_allocate(SIZE_MAX) == NULL);
    CLAIM(heap_allocate(SIZE_MAX - BYTES) == NULL);
    CLAIM(heap_allocate((size_t)FRAME_BYTES << (FRAME_ORDER_MAX + 1)) == NULL);
    CLAIM(heap_allocate_aligned(BYTES, SIZE_MAX / 2 + 1) == NULL);
}

SELFTEST(heap_alignment, "heap.kernel.alignment")
{
    for (size_t alignment = 1; alignment <= LARGE_BYTES; alignment *= 2) {
        void *const block = heap_allocate_aligned(BYTES, alignment);
        CLAIM(block != NULL);
        CLAIM_EQUAL((uintptr_t)block % alignment, 0);
        heap_free(block);
    }
}

/* Another length; false fails the test, and the block stays as it was. */
static bool resize(uint8_t **block, size_t bytes)
{
    uint8_t *const resized = heap_resize(*block, bytes);
    if (!CLAIM(resized != NULL))
        return false;
    *block = resized;
    return true;
}

/* A doubling at a time, up to whole pages; what is in it stays. */
static bool grow(uint8_t **block)
{
    (*block)[0] = VALUE;
    for (size_t bytes = 1; bytes < LARGE_BYTES; bytes *= 2) {
        if (!resize(block, 2 * bytes))
            return false;
        CLAIM((*block)[0] == VALUE && (*block)[bytes - 1] == VALUE);
        memset(*block + bytes, VALUE, bytes);
    }
    return true;
}

/* And back. */
static void shrink(uint8_t **block)
{
    for (size_t bytes = LARGE_BYTES; bytes > 1 && resize(block, bytes); bytes /= 2)
        CLAIM(is_filled(*block, bytes < BYTES ? bytes : BYTES, VALUE));
}

SELFTEST(heap_resizes, "heap.kernel.resize")
{
    uint8_t *block = NULL;
    if (resize(&block, 1) && grow(&block)) {
        CLAIM(heap_resize(block, SIZE_MAX) == NULL);
        shrink(&block);
    }
    heap_free(block);
}

/* Freed in another order than taken. */
SELFTEST(heap_many, "heap.kernel.many")
{
    size_t **const blocks = heap_allocate_zeroed(MANY, sizeof(*blocks));
    if (!CLAIM(blocks != NULL))
        return;
    for (size_t i = 0; i < MANY; i++) {
        blocks[i] = heap_allocate(BYTES);
        if (CLAIM(blocks[i] != NULL))
            *blocks[i] = i;
    }
    for (size_t step = 0; step < 2; step++) {
        for (size_t i = step; i < MANY; i += 2) {
            CLAIM(blocks[i] == NULL || *blocks[i] == i);
            heap_free(blocks[i]);
        }
    }
    heap_free((void *)blocks);
}

SELFTEST(heap_returns_frames, "heap.kernel.returns-frames")
{
    heap_trim();
    const uint64_t before = frames_used();
    void *const large = heap_allocate(LARGE_BYTES);
    CLAIM(large != NULL);
    CLAIM(frames_used() >= before + LARGE_BYTES / FRAME_BYTES);
    heap_free(large);
    heap_trim();
    CLAIM_EQUAL(frames_used(), before);
}

/* The heap asks whether its allocation is to fail, and then the frames do. */
SELFTEST(heap_fails, "heap.kernel.fails-when-due")
{
    heap_trim();
    fail_at(1);
    CLAIM(heap_allocate(BYTES) == NULL);
    void *const block = heap_allocate(BYTES);
    CLAIM(block != NULL);
    fail_at(2);
    CLAIM(heap_allocate(LARGE_BYTES) == NULL);
    CLAIM_EQUAL(fail_counted(), 2);
    fail_at(1);
    CLAIM(heap_resize(block, LARGE_BYTES) == NULL);
    fail_at(1);
    CLAIM(heap_allocate_zeroed(1, BYTES) == NULL);
    fail_at(1);
    CLAIM(heap_allocate_aligned(BYTES, FRAME_BYTES) == NULL);
    fail_at(0);
    heap_free(block);
}

/* All of memory, the largest blocks first, each holding the address of the one before. */
SELFTEST(heap_exhaustion, "heap.kernel.exhaustion")
{
    if (heap_is_checked()) {
        CLAIM_SKIP("a checked heap would fill all of memory");
        return;
    }
    heap_trim();
    const uint64_t before = frames_used();
    void **last = NULL;
    for (size_t bytes = (size_t)FRAME_BYTES << FRAME_ORDER_MAX; bytes >= FRAME_BYTES; bytes /= 2) {
        for (void **block = heap_allocate(bytes); block != NULL; block = heap_allocate(bytes)) {
            *block = (void *)last;
            last = block;
        }
    }
    struct frames_account account;
    frames_account(&account);
    CLAIM_EQUAL(account.free, 0);
    void *const more = heap_allocate(BYTES);
    CLAIM(more == NULL);
    heap_free(more);
    while (last != NULL) {
        void **const block = last;
        last = *block;
        heap_free((void *)block);
    }
    heap_trim();
    CLAIM_EQUAL(frames_used(), before);
    heap_free(heap_allocate(BYTES));
}

static void claim_fault(enum checked_fault fault, uint8_t *written, uint8_t value)
{
    struct checked_finding finding;
    kasan_pause(); /* which would find it at once */
    const uint8_t kept = *written;
    *written = value;
    CLAIM(!heap_find_fault(&finding));
    CLAIM_EQUAL(finding.fault, fault);
    *written = kept;
    kasan_resume();
    CLAIM(heap_find_fault(&finding));
}

SELFTEST(heap_finds_faults, "heap.kernel.finds-faults")
{
    if (!heap_is_checked()) {
        CLAIM_SKIP("only with memory=checked");
        return;
    }
    uint8_t *const block = heap_allocate(BYTES);
    if (!CLAIM(block != NULL))
        return;
    claim_fault(CHECKED_OVERFLOW, block + BYTES, 0);
    claim_fault(CHECKED_UNDERFLOW, block - 1, 0);
    heap_free(block);
    claim_fault(CHECKED_AFTER_FREE, block, 0);
}

/* SPDX-License-Identifier: MIT
 *
 * The heap's short way, and one workload for every allocator of kernel/alloc: the
 * same pseudo-random takes and gives in the same 100 KiB. Costs are ticks less
 * those of reading the counter twice.
 */
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/mm/heap.h"
#include "kernel/proof/proof_heap.h"
#include "kernel/selftest/bench.h"
#include "kernel/selftest/selftest.h"

#define PAIRS      1000
#define PAIR_BYTES 64

static void empty_loop(void)
{
    for (unsigned i = 0; i < PAIRS; i++)
        __asm__ volatile("");
}

static void pair_loop(void)
{
    for (unsigned i = 0; i < PAIRS; i++)
        heap_free(heap_allocate(PAIR_BYTES));
}

/* As it is in use: not the only block of its class. */
static void bench_pair(void)
{
    void *const other = heap_allocate(PAIR_BYTES);
    const uint64_t pairs = bench_least_ticks(pair_loop);
    const uint64_t empty = bench_least_ticks(empty_loop);
    kprintf("bench heap_64_pair %llu ticks\n", (unsigned long long)((pairs - empty) / PAIRS));
    heap_free(other);
}

#define STEPS       3000
#define STEP_SERIES 25
#define SLOTS       160
#define BYTES_MOST  512
#define SMALL_MOST  96
#define RANDOM_STEP 6364136223846793005ULL /* Knuth, "The Art of Computer Programming", 3.3.4 */
#define RANDOM_HIGH 33

struct slot {
    void *block;
    size_t bytes;
};

struct workload {
    struct proof_heap *heap;
    struct slot *slots;
    uint64_t random;
    uint64_t nothing; /* ticks that reading the counter twice costs */
    uint64_t allocate_ticks, free_ticks;
    unsigned allocates, frees, refused;
    size_t asked; /* bytes in live blocks */
};

static unsigned next_random(struct workload *work)
{
    work->random = work->random * RANDOM_STEP + 1;
    return (unsigned)(work->random >> RANDOM_HIGH);
}

/* Three of four are small. */
static size_t next_bytes(struct workload *work)
{
    const unsigned most = next_random(work) % 4 != 0 ? SMALL_MOST : BYTES_MOST;
    return 1 + next_random(work) % most;
}

static void take(struct workload *work, struct slot *slot)
{
    slot->bytes = next_bytes(work);
    const uint64_t start = tsc_read();
    slot->block = proof_take(work->heap, slot->bytes);
    const uint64_t ticks = tsc_read() - start - work->nothing;
    if (slot->block == NULL) {
        work->refused++;
        return;
    }
    work->allocate_ticks += ticks;
    work->allocates++;
    work->asked += slot->bytes;
}

static void give(struct workload *work, struct slot *slot)
{
    const uint64_t start = tsc_read();
    (void)proof_give(work->heap, slot->block, slot->bytes);
    work->free_ticks += tsc_read() - start - work->nothing;
    work->frees++;
    work->asked -= slot->bytes;
    slot->block = NULL;
}

static void read_twice(void)
{
    __asm__ volatile("");
}

static void print_result(const char *name, const struct workload *work)
{
    kprintf("bench alloc_%s_allocate %llu ticks\n", name,
            (unsigned long long)(work->allocate_ticks / work->allocates));
    kprintf("bench alloc_%s_free %llu ticks\n", name,
            (unsigned long long)(work->free_ticks / work->frees));
    kprintf("bench alloc_%s_refused %u calls\n", name, work->refused);
}

static void bench_kind(enum proof_heap_kind kind, bool series)
{
    static struct slot slots[SLOTS];
    struct workload work = { .heap = proof_heap_begin(claims, kind), .slots = slots, .random = 1 };
    const struct allocator *const allocator = &work.heap->allocator;
    memset(slots, 0, sizeof(slots));
    work.nothing = bench_least_ticks(read_twice);
    for (unsigned step = 1; step <= STEPS; step++) {
        struct slot *const slot = &slots[next_random(&work) % SLOTS];
        if (slot->block != NULL)
            give(&work, slot);
        else
            take(&work, slot);
        if (series && step % STEP_SERIES == 0)
            kprintf("series %s %u %llu asked %llu held\n", allocator->name, step,
                    (unsigned long long)work.asked,
                    (unsigned long long)allocator->held(allocator->state));
    }
    print_result(allocator->name, &work);
}

void bench_heap(bool series)
{
    bench_pair();
    bench_kind(PROOF_BUMP, series);
    bench_kind(PROOF_LINKED_LIST, series);
    bench_kind(PROOF_FIXED_BLOCK, series);
    bench_kind(PROOF_SLAB, series);
}

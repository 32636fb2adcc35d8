/* SPDX-License-Identifier: MIT
 *
 * The heap's short way, and one workload for every allocator of kernel/alloc: the
 * same pseudo-random takes and gives in the same 1 MiB. Costs are ticks less
 * those of reading the counter twice.
 */
#include "kernel/selftest/bench.h"

#include "kernel/alloc/bump.h"
#include "kernel/alloc/fixed_block.h"
#include "kernel/alloc/slab.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"

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

static void read_twice(void)
{
    __asm__ volatile("");
}

/* As it is in use: not the only block of its class. */
static void bench_pair(void)
{
    void *const other = heap_allocate(PAIR_BYTES);
    const uint64_t empty = bench_least_ticks(empty_loop);
    const uint64_t pairs = bench_least_ticks(pair_loop);
    bench_least_ticks(read_twice); /* where tests/vm/test_heap.py ends its count of the pairs */
    kprintf("bench heap_64_pair %llu ticks\n",
            (unsigned long long)(pairs > empty ? (pairs - empty) / PAIRS : 0));
    heap_free(other);
}

#define ARENA_ORDER 8 /* 1 MiB */
#define ARENA_PAGES ((size_t)1 << ARENA_ORDER)
#define ARENA_BYTES (ARENA_PAGES * FRAME_BYTES)
#define STEPS       40000
#define DRAIN_FROM  25000 /* from this step on blocks are only given back */
#define STEP_SERIES 400
#define SLOTS       5120
#define BYTES_MOST  512
#define SMALL_MOST  96
#define RANDOM_STEP 6364136223846793005ULL /* Knuth, "The Art of Computer Programming", 3.3.4 */
#define RANDOM_HIGH 33

struct slot {
    void *block;
    size_t bytes;
};

/* The four, over the same memory one after the other. */
struct subjects {
    struct bump bump;
    struct linked_list list;
    struct fixed_block fixed;
    struct slab slab;
    void **free_pages; /* each begins with the address of the next */
    uint8_t kinds[ARENA_PAGES];
};
static struct subjects subjects;

struct workload {
    struct allocator allocator;
    struct slot *slots;
    uint64_t random;
    uint64_t nothing; /* ticks that reading the counter twice costs */
    uint64_t allocate_ticks, free_ticks;
    unsigned allocates, frees, refused;
    size_t asked; /* bytes in live blocks */
};

/* No block of the workload is longer than a page. */
static void *take_page(void *context, unsigned order)
{
    struct subjects *const all = context;
    void **const page = all->free_pages;
    if (page == NULL || order != 0)
        return NULL;
    all->free_pages = *page;
    return page;
}

static void give_page(void *context, void *page, unsigned order)
{
    struct subjects *const all = context;
    (void)order;
    *(void **)page = (void *)all->free_pages;
    all->free_pages = page;
}

static struct allocator begin_bump(uint8_t *arena)
{
    bump_begin(&subjects.bump, arena, ARENA_BYTES);
    return bump_allocator(&subjects.bump);
}

static struct allocator begin_linked_list(uint8_t *arena)
{
    linked_list_begin(&subjects.list, arena, ARENA_BYTES);
    return linked_list_allocator(&subjects.list);
}

static struct allocator begin_fixed_block(uint8_t *arena)
{
    fixed_block_begin(&subjects.fixed, arena, ARENA_BYTES);
    return fixed_block_allocator(&subjects.fixed);
}

static struct allocator begin_slab(uint8_t *arena)
{
    static const struct slab_source source = { &subjects, take_page, give_page };
    subjects.free_pages = NULL;
    for (size_t page = ARENA_PAGES; page > 0; page--)
        give_page(&subjects, arena + (page - 1) * FRAME_BYTES, 0);
    slab_begin(&subjects.slab, &source, arena, ARENA_PAGES, subjects.kinds);
    return slab_allocator(&subjects.slab);
}

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
    slot->block = work->allocator.allocate(work->allocator.state, slot->bytes, HEAP_ALIGNMENT);
    const uint64_t ticks = tsc_read() - start;
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
    work->allocator.free(work->allocator.state, slot->block, slot->bytes, HEAP_ALIGNMENT);
    work->free_ticks += tsc_read() - start;
    work->frees++;
    work->asked -= slot->bytes;
    slot->block = NULL;
}

/* Of one call, less the reading of the counter; 0 where a restless counter made that more. */
static unsigned long long average(const struct workload *work, uint64_t ticks, unsigned calls)
{
    const uint64_t each = ticks / calls;
    return each > work->nothing ? each - work->nothing : 0;
}

static void print_result(const struct workload *work)
{
    const char *const name = work->allocator.name;
    kprintf("bench alloc_%s_allocate %llu ticks\n", name,
            average(work, work->allocate_ticks, work->allocates));
    kprintf("bench alloc_%s_free %llu ticks\n", name, average(work, work->free_ticks, work->frees));
    kprintf("bench alloc_%s_refused %u calls\n", name, work->refused);
}

static void run_workload(struct workload *work, bool series)
{
    memset(work->slots, 0, SLOTS * sizeof(*work->slots));
    for (unsigned step = 1; step <= STEPS; step++) {
        struct slot *const slot = &work->slots[next_random(work) % SLOTS];
        if (slot->block != NULL)
            give(work, slot);
        else if (step < DRAIN_FROM)
            take(work, slot);
        if (series && step % STEP_SERIES == 0)
            kprintf("series %s %u %llu asked %llu held\n", work->allocator.name, step,
                    (unsigned long long)work->asked,
                    (unsigned long long)work->allocator.held(work->allocator.state));
    }
    print_result(work);
}

void bench_heap(bool series)
{
    static struct allocator (*const begin[])(uint8_t * arena) = {
        begin_bump,
        begin_linked_list,
        begin_fixed_block,
        begin_slab,
    };
    bench_pair();
    const uint64_t phys = frames_allocate(ARENA_ORDER, FRAMES_ANY);
    struct slot *const slots = heap_allocate(SLOTS * sizeof(*slots));
    for (unsigned i = 0; phys != 0 && slots != NULL && i < ARRAY_COUNT(begin); i++) {
        struct workload work = { .allocator = begin[i](direct_map_at(phys)),
                                 .slots = slots,
                                 .random = 1,
                                 .nothing = bench_least_ticks(read_twice) };
        run_workload(&work, series);
    }
    heap_free(slots);
    if (phys != 0)
        frames_free(phys, ARENA_ORDER);
}

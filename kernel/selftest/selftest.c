/* SPDX-License-Identifier: MIT
 *
 * Brings together the tests of every world and those that only the kernel can
 * run, and gives the runner the console and an arena.
 */
#include "kernel/selftest/selftest.h"

#include "kernel/alloc/checked.h"
#include "kernel/log/console.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"

/* Labels of kernel.ld. */
extern const struct proof_test selftests_first[], selftests_end[];

static uint8_t arena[CLAIMS_ARENA_BYTES] ALIGNED(CLAIMS_ARENA_ALIGNMENT);

static void write_console(void *context, const char *text, size_t bytes)
{
    (void)context;
    kprintf("%.*s", (int)bytes, text);
}

static const struct format_sink console = { .write = write_console, .context = NULL };

/* Each test must leave the heap as it found it. */
static struct heap_account heap_before;

static void remember_heap(struct claims *unused)
{
    (void)unused;
    heap_account(&heap_before);
}

/* Free, used and reserved frames are all there are, and the lists say the same. */
static void claim_frames_sound(struct claims *running)
{
    const char *const wrong = frames_check();
    claims_check(running, wrong == NULL, wrong != NULL ? wrong : "", __FILE_NAME__, __LINE__);
}

static void claim_heap_unchanged(struct claims *running)
{
    struct heap_account account;
    struct checked_finding finding;
    heap_account(&account);
    const size_t leaked_blocks = account.blocks - heap_before.blocks;
    const size_t leaked_bytes = account.bytes - heap_before.bytes;
    const bool is_whole = heap_find_fault(&finding);
    claims_equal(running, leaked_blocks, 0, "blocks left in the heap == 0", __FILE_NAME__,
                 __LINE__);
    claims_equal(running, leaked_bytes, 0, "bytes left in the heap == 0", __FILE_NAME__, __LINE__);
    claims_check(running, is_whole, "nothing was written beside a block of the heap", __FILE_NAME__,
                 __LINE__);
}

static void claim_memory_sound(struct claims *running)
{
    claim_heap_unchanged(running);
    claim_frames_sound(running);
}

static struct claims all_claims = {
    .out = &console,
    .arena = arena,
    .arena_bytes = sizeof(arena),
    .before = remember_heap,
    .after = claim_memory_sound,
};
struct claims *const claims = &all_claims;

struct proof_suite selftest_own(void)
{
    return (struct proof_suite){ selftests_first, (size_t)(selftests_end - selftests_first) };
}

bool selftest_run(const char *patterns)
{
    const struct proof_suite own = selftest_own();
    return claims_run(claims, &own, patterns);
}

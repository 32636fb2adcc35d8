/* SPDX-License-Identifier: MIT
 *
 * Runs a test inside an attempt, with its words kept from the console and its
 * verdict ignored: only what it leaves behind counts.
 */
#include "kernel/selftest/sweep.h"

#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/log/symbols.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"

#define NO_FAILURE UINT64_MAX /* so far no test allocates */

static void write_nowhere(void *context, const char *text, size_t bytes)
{
    (void)context;
    (void)text;
    (void)bytes;
}

static const struct format_sink no_console = { .write = write_nowhere, .context = NULL };

/* What must be the same before and after. */
struct standing {
    uint64_t frames; /* that are handed out, but not to the heap, which may keep some */
    uint64_t blocks; /* of the heap */
    uint64_t cr0, cr3, cr4;
    bool frames_checked;
};

static struct standing standing_now(void)
{
    struct frames_account frames;
    struct heap_account heap;
    frames_account(&frames);
    heap_account(&heap);
    return (struct standing){
        .frames = frames.used - heap.pages,
        .blocks = heap.blocks,
        .cr0 = cr0_read(),
        .cr3 = cr3_read(),
        .cr4 = cr4_read(),
        .frames_checked = frames_checked(),
    };
}

static bool claim_unchanged(struct claims *claims, const struct standing *before)
{
    const struct standing after = standing_now();
    const unsigned failures = claims->failures;
    CLAIM_EQUAL(after.frames, before->frames);
    CLAIM_EQUAL(after.blocks, before->blocks);
    CLAIM_EQUAL(after.cr0, before->cr0);
    CLAIM_EQUAL(after.cr3, before->cr3);
    CLAIM_EQUAL(after.cr4, before->cr4);
    CLAIM_EQUAL(after.frames_checked, before->frames_checked);
    return claims->failures == failures;
}

struct silent_run {
    const struct proof_test *test;
    struct claims *claims;
};

/* A function of its own, for tests/stack/calls.txt to name it. */
static NEVER_INLINE void run_silently(void *argument)
{
    const struct silent_run *run = argument;
    run->test->run(run->claims);
}

/*
 * Run the test with the allocation `which` failing. The heap begins without
 * anything kept, so that each run makes the same allocations. Where none fails
 * there is no attempt either: it would take the exceptions that a test wants
 * handled.
 */
static void run_failing(const struct proof_test *test, struct claims *claims, uint64_t which,
                        struct attempt *attempt)
{
    const struct claims kept = *claims;
    struct silent_run run = { .test = test, .claims = claims };
    claims->out = &no_console;
    heap_trim();
    fail_at(which);
    attempt->faulted = false;
    if (which == NO_FAILURE)
        run_silently(&run);
    else
        attempt_run(attempt, run_silently, &run);
    *claims = kept;
}

static bool claim_no_fault(struct claims *claims, const struct attempt *attempt)
{
    if (CLAIM(!attempt->faulted))
        return true;
    struct symbol_place place = { .name = "?", .offset = 0 };
    symbols_find(attempt->frame.rip, &place);
    format_to(claims->out, "# %s at 0x%llx, %s\n",
              exception_mnemonic((unsigned)attempt->frame.vector),
              (unsigned long long)attempt->frame.rip, place.name);
    return false;
}

/* One run, after which the switch is as the test left it. False: something is wrong. */
static bool claim_copes(const struct proof_test *test, struct claims *claims, uint64_t which)
{
    struct attempt attempt;
    const struct standing before = standing_now();
    run_failing(test, claims, which, &attempt);
    const bool lives = claim_no_fault(claims, &attempt);
    if (claim_unchanged(claims, &before) && lives)
        return true;
    if (which == NO_FAILURE)
        format_to(claims->out, "# so it is when %s gets all it asks for\n", test->name);
    else
        format_to(claims->out, "# so it is when allocation %llu of %s fails\n",
                  (unsigned long long)which, test->name);
    return false;
}

/* See sweep.h. The first run only counts; it fails the sweep all the same if something is wrong. */
void sweep_test(const struct proof_test *test, struct claims *claims, struct sweep_account *account)
{
    bool copes = claim_copes(test, claims, NO_FAILURE);
    const uint64_t allocations = fail_counted();
    const bool chooses = fail_chosen() != NO_FAILURE;
    account->own += chooses ? 1 : 0;
    account->tests += !chooses && allocations != 0 ? 1 : 0;
    for (uint64_t which = 1; copes && !chooses && which <= allocations; which++) {
        copes = claim_copes(test, claims, which);
        account->runs++;
    }
    fail_at(0);
}

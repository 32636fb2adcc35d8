/* SPDX-License-Identifier: MIT
 *
 * The allocation-failure sweep over all the kernel's tests but its own, and the
 * proof that it sees what it should. Registered last: it runs the others once
 * more.
 */
#include "kernel/core/string.h"
#include "kernel/mm/frames.h"
#include "kernel/sanitize/kasan.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/sweep.h"
#include "kernel/selftest/sweep_made.h"

#define OWN_PREFIX       "sweep."
#define TEXT_BYTES       512
#define MADE_ALLOCATIONS 4 /* of the one that is right */

/* What the sweep of a made test came to. */
struct outcome {
    unsigned failures;
    struct sweep_account account;
    size_t length;
    char text[TEXT_BYTES]; /* what it said, ending in NUL */
};

static void keep_text(void *context, const char *text, size_t bytes)
{
    struct outcome *outcome = context;
    const size_t room = sizeof(outcome->text) - 1 - outcome->length;
    const size_t fits = bytes < room ? bytes : room;
    memcpy(outcome->text + outcome->length, text, fits);
    outcome->length += fits;
}

/* Sweep it with claims of its own, and put right what it left behind. */
static void sweep_made(void (*run)(struct claims *own), struct outcome *outcome)
{
    const struct format_sink sink = { .write = keep_text, .context = outcome };
    const struct proof_test test = { "made", run };
    const bool was_checked = frames_checked();
    struct claims own = { .out = &sink };
    memset(outcome, 0, sizeof(*outcome));
    sweep_test(&test, &own, &outcome->account);
    outcome->failures = own.failures;
    frames_set_checked(was_checked);
    sweep_made_mend();
}

static bool said(const struct outcome *outcome, const char *text)
{
    return string_find_text(outcome->text, text) != NULL;
}

/* Again the same: what the heap kept of the first time counts for nothing. */
SELFTEST(sweep_counts, "sweep.counts")
{
    for (unsigned time = 0; time < 2; time++) {
        struct outcome outcome;
        sweep_made(sweep_made_right, &outcome);
        CLAIM_EQUAL(outcome.failures, 0);
        CLAIM_EQUAL(outcome.length, 0);
        CLAIM_EQUAL(outcome.account.tests, 1);
        CLAIM_EQUAL(outcome.account.runs, MADE_ALLOCATIONS);
        CLAIM_EQUAL(outcome.account.own, 0);
    }
}

SELFTEST(sweep_sees_a_leak, "sweep.sees-a-leak")
{
    struct outcome outcome;
    sweep_made(sweep_made_keeps_frame, &outcome);
    CLAIM_EQUAL(outcome.failures, 1);
    CLAIM(said(&outcome, "not true: after.frames == before->frames"));
    CLAIM(said(&outcome, "# so it is when allocation 2 of made fails"));
    sweep_made(sweep_made_keeps_block, &outcome);
    CLAIM_EQUAL(outcome.failures, 1);
    CLAIM(said(&outcome, "not true: after.blocks == before->blocks"));
}

SELFTEST(sweep_sees_a_fault, "sweep.sees-a-fault")
{
    struct outcome outcome;
    if (kasan_is_on()) {
        CLAIM_SKIP("the KASAN build reports a null pointer before it can fault");
        return;
    }
    sweep_made(sweep_made_trusts, &outcome);
    CLAIM_EQUAL(outcome.failures, 1);
    CLAIM(said(&outcome, "not true: !attempt->faulted"));
    CLAIM(said(&outcome, "# #PF at 0x"));
    CLAIM(said(&outcome, "# so it is when allocation 1 of made fails"));
    CLAIM_EQUAL(outcome.account.runs, 1); /* and no more */
}

SELFTEST(sweep_sees_a_change, "sweep.sees-a-changed-state")
{
    struct outcome outcome;
    sweep_made(sweep_made_forgets, &outcome);
    CLAIM_EQUAL(outcome.failures, 1);
    CLAIM(said(&outcome, "not true: after.frames_checked == before->frames_checked"));
}

SELFTEST(sweep_sees_it_without, "sweep.sees-it-without-a-failure")
{
    struct outcome outcome;
    sweep_made(sweep_made_always_keeps, &outcome);
    CLAIM_EQUAL(outcome.failures, 1);
    CLAIM(said(&outcome, "# so it is when made gets all it asks for"));
    CLAIM_EQUAL(outcome.account.runs, 0);
}

SELFTEST(sweep_leaves_choosers, "sweep.leaves-those-that-choose")
{
    struct outcome outcome;
    sweep_made(sweep_made_chooses, &outcome);
    CLAIM_EQUAL(outcome.failures, 0);
    CLAIM_EQUAL(outcome.account.own, 1);
    CLAIM_EQUAL(outcome.account.tests + outcome.account.runs, 0);
}

/* Those of kernel/proof cannot allocate: their floor knows only the arena they are given. */
SELFTEST(sweep_every_test, "sweep.every-allocation-of-every-test")
{
    struct sweep_account account = { .tests = 0, .runs = 0, .own = 0 };
    const struct proof_suite suite = selftest_own();
    for (size_t i = 0; i < suite.count; i++) {
        if (!string_starts_with(suite.tests[i].name, OWN_PREFIX))
            sweep_test(&suite.tests[i], claims, &account);
    }
    CLAIM(account.tests > 0 && account.own > 0);
    format_to(claims->out, "# %llu tests allocate; run %llu times, each with one failure\n",
              (unsigned long long)account.tests, (unsigned long long)account.runs);
    format_to(claims->out, "# %llu more choose their failures themselves\n",
              (unsigned long long)account.own);
}

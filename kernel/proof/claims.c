/* SPDX-License-Identifier: MIT
 *
 * The runner: plan, one line a test, what failed as diagnostics behind `#`.
 */
#include "kernel/proof/claims.h"

#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define PATTERN_BYTES 64 /* of one pattern and its NUL */

bool claims_check(struct claims *claims, bool claim, const char *text, const char *file, int line)
{
    if (!claim) {
        claims->failures++;
        format_to(claims->out, "# %s:%d: not true: %s\n", file, line, text);
    }
    return claim;
}

bool claims_equal(struct claims *claims, unsigned long long actual, unsigned long long expected,
                  const char *text, const char *file, int line)
{
    if (actual == expected)
        return true;
    claims->failures++;
    format_to(claims->out, "# %s:%d: not true: %s\n#   left 0x%llx, right 0x%llx\n", file, line,
              text, actual, expected);
    return false;
}

static bool fits(const char *name, const char *pattern)
{
    return string_find_any(pattern, "*?") != NULL ? string_matches(name, pattern)
                                                  : string_find_text(name, pattern) != NULL;
}

/* No pattern fits everything, one too long to be looked at nothing. */
static bool is_wanted(const struct proof_test *test, const char *patterns)
{
    char pattern[PATTERN_BYTES];
    size_t bytes;
    if (patterns[0] == '\0')
        return true;
    for (const char *word; (word = string_next_word(&patterns, ",", &bytes)) != NULL;) {
        if (string_copy(pattern, sizeof(pattern), word, bytes) && fits(test->name, pattern))
            return true;
    }
    return false;
}

/* Where a run stands. */
struct progress {
    unsigned number;
    unsigned failed;
};

static unsigned count_wanted(const struct proof_suite *suite, const char *patterns)
{
    unsigned count = 0;
    for (size_t i = 0; i < suite->count; i++)
        count += is_wanted(&suite->tests[i], patterns) ? 1 : 0;
    return count;
}

static void run_one(struct claims *claims, const struct proof_test *test, struct progress *progress)
{
    claims->failures = 0;
    claims->skipped = NULL;
    if (claims->before != NULL)
        claims->before(claims);
    test->run(claims);
    if (claims->after != NULL)
        claims->after(claims);
    const bool passed = claims->failures == 0;
    progress->number++;
    progress->failed += passed ? 0 : 1;
    format_to(claims->out, "%s %u - %s%s%s\n", passed ? "ok" : "not ok", progress->number,
              test->name, claims->skipped != NULL ? " # SKIP " : "",
              claims->skipped != NULL ? claims->skipped : "");
}

static void run_suite(struct claims *claims, const struct proof_suite *suite, const char *patterns,
                      struct progress *progress)
{
    for (size_t i = 0; i < suite->count; i++) {
        if (is_wanted(&suite->tests[i], patterns))
            run_one(claims, &suite->tests[i], progress);
    }
}

bool claims_run(struct claims *claims, const struct proof_suite *more, const char *patterns)
{
    struct progress progress = { .number = 0, .failed = 0 };
    unsigned wanted = more != NULL ? count_wanted(more, patterns) : 0;
    for (size_t i = 0; i < proof_suite_count; i++)
        wanted += count_wanted(proof_suites[i], patterns);
    format_to(claims->out, "TAP version 13\n1..%u\n", wanted);
    for (size_t i = 0; i < proof_suite_count; i++)
        run_suite(claims, proof_suites[i], patterns, &progress);
    if (more != NULL)
        run_suite(claims, more, patterns, &progress);
    if (wanted == 0)
        format_to(claims->out, "# no test fits the pattern \"%s\"\n", patterns);
    format_to(claims->out, "# %u tests, %u failed\n", wanted, progress.failed);
    return wanted > 0 && progress.failed == 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The runner: plan, one line a test, what failed as diagnostics behind `#`.
 */
#include "kernel/selftest/selftest.h"

#include "kernel/core/string.h"
#include "kernel/log/console.h"

/* Labels of kernel.ld. */
extern const struct selftest selftests_first[], selftests_end[];

static struct {
    const char *skipped; /* the reason, or NULL */
    unsigned failures;   /* false claims of the running test */
} running;

bool selftest_check(bool claim, const char *text, const char *file, int line)
{
    if (!claim) {
        running.failures++;
        kprintf("# %s:%d: not true: %s\n", file, line, text);
    }
    return claim;
}

bool selftest_equal(unsigned long long actual, unsigned long long expected, const char *text,
                    const char *file, int line)
{
    if (actual == expected)
        return true;
    running.failures++;
    kprintf("# %s:%d: not true: %s\n#   left 0x%llx, right 0x%llx\n", file, line, text, actual,
            expected);
    return false;
}

void selftest_skip(const char *reason)
{
    running.skipped = reason;
}

static bool contains(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        if (string_starts_with(text, part))
            return true;
    }
    return false;
}

static bool is_glob(const char *pattern)
{
    return contains(pattern, "*") || contains(pattern, "?");
}

static bool is_wanted(const struct selftest *test, const char *pattern)
{
    if (pattern[0] == '\0')
        return true;
    return is_glob(pattern) ? string_matches(test->name, pattern) : contains(test->name, pattern);
}

static unsigned count_wanted(const char *pattern)
{
    unsigned count = 0;
    for (const struct selftest *test = selftests_first; test < selftests_end; test++)
        count += is_wanted(test, pattern) ? 1 : 0;
    return count;
}

static bool run_one(const struct selftest *test, unsigned number)
{
    running.failures = 0;
    running.skipped = NULL;
    test->run();
    const bool passed = running.failures == 0;
    kprintf("%s %u - %s", passed ? "ok" : "not ok", number, test->name);
    if (running.skipped != NULL)
        kprintf(" # SKIP %s", running.skipped);
    kprintf("\n");
    return passed;
}

bool selftest_run(const char *pattern)
{
    const unsigned wanted = count_wanted(pattern);
    unsigned number = 0;
    unsigned failed = 0;
    kprintf("TAP version 13\n1..%u\n", wanted);
    for (const struct selftest *test = selftests_first; test < selftests_end; test++) {
        if (is_wanted(test, pattern) && !run_one(test, ++number))
            failed++;
    }
    if (wanted == 0)
        kprintf("# no test fits the pattern \"%s\"\n", pattern);
    kprintf("# %u tests, %u failed\n", wanted, failed);
    return wanted > 0 && failed == 0;
}

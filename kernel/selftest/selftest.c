/* SPDX-License-Identifier: MIT
 *
 * Brings together the tests of every world and those that only the kernel can
 * run, and gives the runner the console and an arena.
 */
#include "kernel/selftest/selftest.h"

#include "kernel/log/console.h"

/* Labels of kernel.ld. */
extern const struct proof_test selftests_first[], selftests_end[];

static uint8_t arena[CLAIMS_ARENA_BYTES] ALIGNED(CLAIMS_ARENA_ALIGNMENT);

static void write_console(void *context, const char *text, size_t bytes)
{
    (void)context;
    kprintf("%.*s", (int)bytes, text);
}

static const struct format_sink console = { .write = write_console, .context = NULL };

static struct claims all_claims = {
    .out = &console,
    .arena = arena,
    .arena_bytes = sizeof(arena),
};
struct claims *const claims = &all_claims;

bool selftest_run(const char *pattern)
{
    const struct proof_suite own = { selftests_first, (size_t)(selftests_end - selftests_first) };
    return claims_run(claims, &own, pattern);
}

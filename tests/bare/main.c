/* SPDX-License-Identifier: MIT
 *
 * All suites of kernel/proof in a program without a C library. Asked for by its
 * name, one more test makes a false claim: so that failing is seen, too.
 */
#include "kernel/core/string.h"
#include "kernel/proof/claims.h"
#include "tests/bare/bare.h"

static ALIGNED(CLAIMS_ARENA_ALIGNMENT) uint8_t arena[CLAIMS_ARENA_BYTES];

static void false_claim(struct claims *claims)
{
    CLAIM_EQUAL(1, 2);
}

static const struct proof_test lies[] = {
    { "bare.false-claim", false_claim },
};

void bare_main(const char *pattern)
{
    const struct format_sink out = { .write = bare_write, .context = NULL };
    struct claims claims = { .out = &out, .arena = arena, .arena_bytes = sizeof(arena) };
    const struct proof_suite lying = { lies, ARRAY_COUNT(lies) };
    const bool lie = string_equals(pattern, lies[0].name);
    bare_exit(claims_run(&claims, lie ? &lying : NULL, pattern));
}

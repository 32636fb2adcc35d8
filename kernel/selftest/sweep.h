/* SPDX-License-Identifier: MIT
 *
 * The allocation-failure sweep: every test again, once for each allocation it
 * makes, and each time another one of them fails.
 */
#pragma once

#include <stdint.h>

#include "kernel/proof/claims.h"

/* What a sweep went through. */
struct sweep_account {
    uint64_t tests; /* that allocate */
    uint64_t runs;  /* of these tests, each with one failed allocation */
    uint64_t own;   /* tests that choose their failures themselves, and are not swept */
};

/*
 * Sweep one test: it may fail, for it got less than it asked for; it must not
 * fault, and memory and the CPU must be as before. `claims` is the claims of the
 * sweep itself, which says what went wrong and at which allocation; there the
 * sweep of this test ends.
 */
void sweep_test(const struct proof_test *test, struct claims *claims,
                struct sweep_account *account);

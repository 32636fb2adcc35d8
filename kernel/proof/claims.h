/* SPDX-License-Identifier: MIT
 *
 * How a test of any world claims something, and how the outcome is told. A test
 * keeps nothing: what it found lies in the struct claims it is given. The same
 * tests run in the kernel, as a bare Linux program and on a Cortex-M.
 * Spec: testanything.org, TAP 13.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/core/format.h"

/*
 * out      where the lines of a test go
 * arena    memory that a test may use as it likes, aligned to CLAIMS_ARENA_ALIGNMENT; its
 *          content is whatever the test before left
 */
struct claims {
    const struct format_sink *out;
    uint8_t *arena;
    size_t arena_bytes;
    unsigned failures;                     /* false claims of the running test */
    const char *skipped;                   /* the reason, or NULL */
    void (*before)(struct claims *claims); /* called before each test; NULL: nothing */
    void (*after)(struct claims *claims); /* called after it, and may claim for it; NULL: nothing */
};

#define CLAIMS_ARENA_ALIGNMENT 4096
#define CLAIMS_ARENA_BYTES     0x20000 /* the least that any harness gives */

/* A test: a dotted name, and what it does. */
struct proof_test {
    const char *name;
    void (*run)(struct claims *claims);
};

/* Several tests; the array is the suite's own. */
struct proof_suite {
    const struct proof_test *tests;
    size_t count;
};

/* Claim something; a false claim fails the running test, which goes on. Back: the claim. */
#define CLAIM(claim)                                                                               \
    ({                                                                                             \
        const bool claim_holds = (claim);                                                          \
        claims_check(claims, claim_holds, #claim, __FILE_NAME__, __LINE__);                        \
        claim_holds;                                                                               \
    })

/* Claim that two numbers are equal; shows both when they are not. */
#define CLAIM_EQUAL(actual, expected)                                                              \
    claims_equal(claims, (unsigned long long)(actual), (unsigned long long)(expected),             \
                 #actual " == " #expected, __FILE_NAME__, __LINE__)

/* The running test does not apply here; say why. */
#define CLAIM_SKIP(reason) ((void)(claims->skipped = (reason)))

bool claims_check(struct claims *claims, bool claim, const char *text, const char *file, int line);
bool claims_equal(struct claims *claims, unsigned long long actual, unsigned long long expected,
                  const char *text, const char *file, int line);

/*
 * Run all suites of suites.h, then `more` (NULL: none): the tests whose name
 * contains one of the patterns, which commas part, or fits it if it has * or ?;
 * an empty text means all. Prints TAP version 13 to claims->out. Back: whether
 * at least one ran and none failed.
 */
bool claims_run(struct claims *claims, const struct proof_suite *more, const char *patterns);

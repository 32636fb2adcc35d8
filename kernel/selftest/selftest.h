/* SPDX-License-Identifier: MIT
 *
 * The kernel's tests of itself. A test is a function with a dotted name that
 * registers itself; the runner prints TAP version 13 on the console.
 * Spec: testanything.org, TAP 13.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "kernel/proof/claims.h"

/*
 * SELFTEST(area_what, "area.what") { ... } defines a test. kernel.ld collects
 * the registrations; link order is the order of the run.
 */
#define SELFTEST(identifier, dotted_name)                                                          \
    static void selftest_##identifier(void);                                                       \
    static void selftest_run_##identifier(struct claims *unused)                                   \
    {                                                                                              \
        (void)unused;                                                                              \
        selftest_##identifier();                                                                   \
    }                                                                                              \
    static const struct proof_test selftest_entry_##identifier USED SECTION(                       \
        ".selftests") = { dotted_name, selftest_run_##identifier };                                \
    static void selftest_##identifier(void)

/* The claims of the running test: what CLAIM and its sisters speak of here. */
extern struct claims *const claims;

/* The tests that only the kernel can run. */
struct proof_suite selftest_own(void);

/*
 * Run the tests that the patterns choose (kernel/proof/claims.h), those of
 * kernel/proof first. Returns whether at least one ran and none failed.
 */
bool selftest_run(const char *patterns);

/* SPDX-License-Identifier: MIT
 *
 * The kernel's tests of itself. A test is a function with a dotted name that
 * registers itself; the runner prints TAP version 13 on the console.
 * Spec: testanything.org, TAP 13.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

struct selftest {
    const char *name;
    void (*run)(void);
};

/*
 * SELFTEST(area_what, "area.what") { ... } defines a test. kernel.ld collects
 * the registrations; link order is the order of the run.
 */
#define SELFTEST(identifier, dotted_name)                                                          \
    static void selftest_##identifier(void);                                                       \
    static const struct selftest selftest_entry_##identifier USED SECTION(                         \
        ".selftests") = { dotted_name, selftest_##identifier };                                    \
    static void selftest_##identifier(void)

/* Claim something; a false claim fails the running test, which goes on. */
#define SELFTEST_CHECK(claim) selftest_check((claim), #claim, __FILE_NAME__, __LINE__)

/* Claim that two numbers are equal; shows both when they are not. */
#define SELFTEST_EQUAL(actual, expected)                                                           \
    selftest_equal((unsigned long long)(actual), (unsigned long long)(expected),                   \
                   #actual " == " #expected, __FILE_NAME__, __LINE__)

bool selftest_check(bool claim, const char *text, const char *file, int line);
bool selftest_equal(unsigned long long actual, unsigned long long expected, const char *text,
                    const char *file, int line);

/* The running test does not apply to this machine; say why. */
void selftest_skip(const char *reason);

/*
 * Run the tests whose name contains the pattern, or fits it if it has * or ?;
 * an empty pattern means all. Returns whether at least one ran and none failed.
 */
bool selftest_run(const char *pattern);

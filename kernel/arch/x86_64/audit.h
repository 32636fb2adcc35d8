/* SPDX-License-Identifier: MIT
 *
 * The audit at entry: are the page tables we were given as safe as boot
 * protocol 1 promises? Reads only; what follows is the caller's decision.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/arch/x86_64/page_walk.h"

enum audit_verdict {
    AUDIT_OK = 0,
    AUDIT_W_X,       /* a page is writable and executable */
    AUDIT_PAGE_ZERO, /* virtual page 0 is mapped */
    AUDIT_USER,      /* a page is open to ring 3 */
    AUDIT_TABLE,     /* an executable page contains a page table */
    AUDIT_NO_GUARD,  /* the page below a stack is mapped */
    AUDIT_NO_STACK,  /* a stack is not mapped, or not writable */
};

struct audit_report {
    enum audit_verdict verdict;
    uint64_t address;    /* virtual; the guilty page */
    const char *subject; /* which stack, for AUDIT_NO_GUARD and AUDIT_NO_STACK; else NULL */
    uint64_t pages_4k, pages_2m, pages_1g;
    uint64_t writable_bytes, executable_bytes;
};

/*
 * Walk all tables and look at every stack of stacks.h. `no_execute` says that
 * the CPU honours XD; without it every page is executable, and that is not judged.
 * Stops at the first fault. AUDIT_OK: counts are complete.
 */
void audit_page_tables(const struct page_tables *tables, bool no_execute,
                       struct audit_report *report);

/* The verdict as a sentence's end: "is writable and executable". */
const char *audit_words(enum audit_verdict verdict);

/* SPDX-License-Identifier: MIT
 *
 * Tests of what is said: exceptions in words, symbols, backtraces, the
 * formatter in this world.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/backtrace.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"
#include "kernel/selftest/selftest.h"

#define TEXT_BYTES 128

SELFTEST(words_names, "words.exception-names")
{
    CLAIM(string_equals(exception_name(VECTOR_PF), "page fault"));
    CLAIM(string_equals(exception_mnemonic(VECTOR_PF), "#PF"));
    CLAIM(string_equals(exception_name(VECTORS_EXCEPTION), "interrupt"));
    for (unsigned vector = 0; vector < VECTORS_EXCEPTION; vector++)
        CLAIM(string_length(exception_name(vector)) > 0);
}

static void check_page_fault(uint64_t error, const char *access, const char *reason)
{
    CLAIM(string_equals(exception_page_fault_access(error), access));
    CLAIM(string_equals(exception_page_fault_reason(error), reason));
}

SELFTEST(words_page_fault, "words.page-fault")
{
    check_page_fault(0, "read of", "the page is not mapped");
    check_page_fault(PF_ERROR_W, "write to", "the page is not mapped");
    check_page_fault(PF_ERROR_P | PF_ERROR_W, "write to", "the page is read-only");
    check_page_fault(PF_ERROR_P | PF_ERROR_I, "instruction fetch at", "the page is not executable");
    check_page_fault(PF_ERROR_P | PF_ERROR_U, "ring 3's read of", "the page forbids it");
    check_page_fault(PF_ERROR_P | PF_ERROR_RSVD, "read of",
                     "a reserved bit is set in its page tables");
}

static bool selector_says(uint64_t error, const char *expected)
{
    char text[TEXT_BYTES];
    exception_describe_selector(text, sizeof(text), error);
    return string_equals(text, expected);
}

SELFTEST(words_selector, "words.selector")
{
    CLAIM(selector_says(0, "no selector is involved"));
    CLAIM(selector_says(0x40, "entry 8 of the GDT"));
    CLAIM(selector_says(0x44, "entry 8 of the LDT"));
    CLAIM(selector_says(0x73, "entry 14 of the IDT, from outside the program"));
}

SELFTEST(symbols_find_function, "symbols.find")
{
    struct symbol_place place = { .name = "", .offset = 0 };
    CLAIM(symbols_count() > 0);
    CLAIM(symbols_find((uint64_t)selftest_run + 1, &place));
    CLAIM(string_equals(place.name, "selftest_run"));
    CLAIM_EQUAL(place.offset, 1);
    CLAIM(symbols_find((uint64_t)selftest_run, &place));
    CLAIM(string_equals(place.name, "selftest_run"));
    CLAIM_EQUAL(place.offset, 0);
    CLAIM_EQUAL(symbols_address("selftest_run"), (uint64_t)selftest_run);
}

SELFTEST(symbols_find_nothing, "symbols.not-found")
{
    struct symbol_place place;
    CLAIM(!symbols_find(0, &place));
    CLAIM(!symbols_find((uint64_t)kernel_base - 1, &place));
    CLAIM(!symbols_find((uint64_t)kernel_end, &place));
    CLAIM(!symbols_find(UINT64_MAX, &place));
    CLAIM_EQUAL(symbols_address("no_such_symbol"), 0);
}

#define TRACE_ROOM 16

SELFTEST(backtrace_names_callers, "backtrace.callers")
{
    uint64_t addresses[TRACE_ROOM];
    const unsigned count =
        backtrace_collect((uint64_t)__builtin_frame_address(0), addresses, TRACE_ROOM);
    struct symbol_place place = { .name = "", .offset = 0 };
    bool saw_run = false;
    CLAIM(count >= 2);
    for (unsigned i = 0; i < count; i++) {
        CLAIM(symbols_find(addresses[i] - 1, &place));
        saw_run = saw_run || string_equals(place.name, "kernel_run");
    }
    CLAIM(saw_run);
}

SELFTEST(backtrace_refuses_bad_links, "backtrace.bad-links")
{
    uint64_t addresses[TRACE_ROOM];
    uint64_t loop[2] = { (uint64_t)loop, (uint64_t)selftest_run };
    CLAIM_EQUAL(backtrace_collect(0, addresses, TRACE_ROOM), 0);
    CLAIM_EQUAL(backtrace_collect(8, addresses, TRACE_ROOM), 0);
    CLAIM_EQUAL(backtrace_collect((uint64_t)kernel_text_first, addresses, TRACE_ROOM), 0);
    CLAIM_EQUAL(backtrace_collect((uint64_t)loop, addresses, TRACE_ROOM), 1);
}

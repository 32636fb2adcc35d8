/* SPDX-License-Identifier: MIT
 *
 * Tests of what is said: exceptions in words, symbols, backtraces, the
 * formatter in this world.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/backtrace.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"
#include "kernel/selftest/selftest.h"

#define TEXT_BYTES 128

SELFTEST(words_names, "words.exception-names")
{
    SELFTEST_CHECK(string_equals(exception_name(VECTOR_PF), "page fault"));
    SELFTEST_CHECK(string_equals(exception_mnemonic(VECTOR_PF), "#PF"));
    SELFTEST_CHECK(string_equals(exception_name(VECTORS_EXCEPTION), "interrupt"));
    for (unsigned vector = 0; vector < VECTORS_EXCEPTION; vector++)
        SELFTEST_CHECK(string_length(exception_name(vector)) > 0);
}

static void check_page_fault(uint64_t error, const char *access, const char *reason)
{
    SELFTEST_CHECK(string_equals(exception_page_fault_access(error), access));
    SELFTEST_CHECK(string_equals(exception_page_fault_reason(error), reason));
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
    SELFTEST_CHECK(selector_says(0, "no selector is involved"));
    SELFTEST_CHECK(selector_says(0x40, "entry 8 of the GDT"));
    SELFTEST_CHECK(selector_says(0x44, "entry 8 of the LDT"));
    SELFTEST_CHECK(selector_says(0x73, "entry 14 of the IDT, from outside the program"));
}

SELFTEST(symbols_find_function, "symbols.find")
{
    struct symbol_place place = { .name = "", .offset = 0 };
    SELFTEST_CHECK(symbols_count() > 0);
    SELFTEST_CHECK(symbols_find((uint64_t)selftest_run + 1, &place));
    SELFTEST_CHECK(string_equals(place.name, "selftest_run"));
    SELFTEST_EQUAL(place.offset, 1);
    SELFTEST_CHECK(symbols_find((uint64_t)selftest_run, &place));
    SELFTEST_CHECK(string_equals(place.name, "selftest_run"));
    SELFTEST_EQUAL(place.offset, 0);
    SELFTEST_EQUAL(symbols_address("selftest_run"), (uint64_t)selftest_run);
}

SELFTEST(symbols_find_nothing, "symbols.not-found")
{
    struct symbol_place place;
    SELFTEST_CHECK(!symbols_find(0, &place));
    SELFTEST_CHECK(!symbols_find((uint64_t)kernel_base - 1, &place));
    SELFTEST_CHECK(!symbols_find((uint64_t)kernel_end, &place));
    SELFTEST_CHECK(!symbols_find(UINT64_MAX, &place));
    SELFTEST_EQUAL(symbols_address("no_such_symbol"), 0);
}

#define TRACE_ROOM 16

SELFTEST(backtrace_names_callers, "backtrace.callers")
{
    uint64_t addresses[TRACE_ROOM];
    const unsigned count =
        backtrace_collect((uint64_t)__builtin_frame_address(0), addresses, TRACE_ROOM);
    struct symbol_place place = { .name = "", .offset = 0 };
    bool saw_main = false;
    SELFTEST_CHECK(count >= 2);
    for (unsigned i = 0; i < count; i++) {
        SELFTEST_CHECK(symbols_find(addresses[i] - 1, &place));
        saw_main = saw_main || string_equals(place.name, "kernel_main");
    }
    SELFTEST_CHECK(saw_main);
}

SELFTEST(backtrace_refuses_bad_links, "backtrace.bad-links")
{
    uint64_t addresses[TRACE_ROOM];
    uint64_t loop[2] = { (uint64_t)loop, (uint64_t)selftest_run };
    SELFTEST_EQUAL(backtrace_collect(0, addresses, TRACE_ROOM), 0);
    SELFTEST_EQUAL(backtrace_collect(8, addresses, TRACE_ROOM), 0);
    SELFTEST_EQUAL(backtrace_collect((uint64_t)kernel_text_first, addresses, TRACE_ROOM), 0);
    SELFTEST_EQUAL(backtrace_collect((uint64_t)loop, addresses, TRACE_ROOM), 1);
}

SELFTEST(format_numbers, "format.numbers")
{
    char text[TEXT_BYTES];
    const size_t bytes = format_string(text, sizeof(text), "%d|%5u|%-4x|%08llx|%c|%s|%%", -7, 42U,
                                       0xABU, 0x123456789ULL, 'c', "text");
    SELFTEST_CHECK(string_equals(text, "-7|   42|ab  |123456789|c|text|%"));
    SELFTEST_EQUAL(bytes, string_length(text));
}

SELFTEST(format_cuts, "format.cuts")
{
    char text[5] = "....";
    SELFTEST_EQUAL(format_string(text, sizeof(text), "%s", "too long"), 4);
    SELFTEST_CHECK(string_equals(text, "too "));
}

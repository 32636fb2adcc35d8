/* SPDX-License-Identifier: MIT
 *
 * Undefined behaviour on purpose, one test for each handler, each told in words.
 * Only in a build that looks for it; elsewhere nothing of this is executed.
 */
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/sanitize/ubsan.h"
#include "kernel/selftest/selftest.h"

#define FILE_NAME "kernel/selftest/test_ubsan.c"
#define INT_MOST  0x7FFFFFFF
#define INT_LEAST (-INT_MOST - 1)
#define INT_BITS  32
#define ROOM      4

/* What the compiler cannot know beforehand, so that it is looked at when it happens. */
static volatile int most = INT_MOST, least = INT_LEAST, one = 1, zero, minus_one = -1;
static volatile int int_bits = INT_BITS, room = ROOM;
static void *volatile nothing; /* null */
static volatile uint64_t sink;
static volatile int int_sink;

static struct ubsan_finding finding;

/* Run what is undefined; true when the last finding was these words, in this file. */
static bool finds(void (*body)(void *unused), const char *text)
{
    struct attempt attempt;
    memset(&finding, 0, sizeof(finding));
    ubsan_catch(&finding);
    attempt_run(&attempt, body, NULL); /* some cannot come back: a null pointer, a division */
    ubsan_catch(NULL);
    return finding.count == 1 && finding.line > 0 && string_equals(finding.file, FILE_NAME) &&
           string_equals(finding.text, text);
}

static bool is_off(void)
{
    if (!ubsan_is_on)
        CLAIM_SKIP("this build does not look for undefined behaviour");
    return !ubsan_is_on;
}

/* UNDEFINED(identifier, "name", "words") { ... } is a test: the body must be found with these words. */
#define UNDEFINED(identifier, name, words)                                                         \
    static void undefined_##identifier(void *unused);                                              \
    SELFTEST(ubsan_##identifier, "ubsan." name)                                                    \
    {                                                                                              \
        if (is_off())                                                                              \
            return;                                                                                \
        if (!CLAIM(finds(undefined_##identifier, words)))                                          \
            kprintf("# found %u: %s\n", finding.count, finding.text);                              \
    }                                                                                              \
    static void undefined_##identifier(UNUSED void *unused)

UNDEFINED(add, "addition", "signed integer overflow: 2147483647 + 1 does not fit in 'int'")
{
    int_sink = most + one;
}

UNDEFINED(sub, "subtraction", "signed integer overflow: -2147483648 - 1 does not fit in 'int'")
{
    int_sink = least - one;
}

UNDEFINED(mul, "multiplication",
          "signed integer overflow: 2147483647 * -2147483648 does not fit in 'int'")
{
    int_sink = most * least;
}

UNDEFINED(negate, "negation", "negation: minus -2147483648 does not fit in 'int'")
{
    int_sink = -least;
}

UNDEFINED(divide, "division-by-zero", "division of 2147483647 by zero")
{
    int_sink = most / zero;
}

UNDEFINED(quotient, "quotient", "division: -2147483648 / -1 does not fit in 'int'")
{
    int_sink = least / minus_one;
}

UNDEFINED(shift_far, "shift-too-far", "shift by 32, and 'int' has 32 bits")
{
    int_sink = one << int_bits;
}

UNDEFINED(shift_negative, "shift-by-less-than-nothing", "shift by -1, a negative number")
{
    int_sink = one >> minus_one;
}

UNDEFINED(shift_of_negative, "shift-of-a-negative", "left shift of -1, a negative number")
{
    int_sink = minus_one << one;
}

UNDEFINED(shift_overflow, "shift-overflow", "left shift of 2147483647 by 1 does not fit in 'int'")
{
    int_sink = most << one;
}

UNDEFINED(bounds, "index", "index 4 is outside 'volatile int[4]'")
{
    static volatile int array[ROOM * 2][ROOM];
    int_sink = array[0][room];
}

UNDEFINED(null_load, "null-load", "load of 'int' through a null pointer")
{
    int *volatile pointer = nothing;
    int_sink = *pointer;
}

UNDEFINED(null_store, "null-store", "store to 'int' through a null pointer")
{
    int *volatile pointer = nothing;
    *pointer = one;
}

struct member {
    int first, second;
};

UNDEFINED(null_member, "null-member", "member of 'struct member' through a null pointer")
{
    struct member *volatile pointer = NULL;
    sink = (uint64_t)&pointer->second;
}

/* The address is in the words: only where it must be. */
UNDEFINED(alignment, "alignment",
          "load of 'const int' at 0xffff800000000001, which is not aligned to 4 bytes")
{
    const int *volatile pointer = (const int *)0xFFFF800000000001;
    int_sink = *pointer;
}

UNDEFINED(pointer_null, "null-pointer-arithmetic", "0x1 was added to a null pointer")
{
    char *volatile pointer = NULL;
    sink = (uint64_t)(pointer + one);
}

UNDEFINED(pointer_wraps, "pointer-wraps",
          "a pointer wrapped: from 0xfffffffffffffff0 to 0x7fffffef")
{
    char *volatile pointer = (char *)0xFFFFFFFFFFFFFFF0;
    sink = (uint64_t)(pointer + most);
}

UNDEFINED(boolean, "boolean", "2 was read, which no 'volatile bool' can be")
{
    volatile bool truth = true;
    *(volatile uint8_t *)&truth = 2;
    sink = truth;
}

UNDEFINED(trailing, "trailing-zeros", "the trailing zeros of 0 were counted")
{
    int_sink = __builtin_ctz((unsigned)zero);
}

UNDEFINED(leading, "leading-zeros", "the leading zeros of 0 were counted")
{
    int_sink = __builtin_clz((unsigned)zero);
}

__attribute__((nonnull, noinline)) static void wants_something(const volatile void *pointer)
{
    sink = (uint64_t)pointer;
}

UNDEFINED(argument, "nonnull-argument", "argument 1 is null, which its function forbids")
{
    const volatile void *volatile pointer = nothing;
    wants_something(pointer);
}

__attribute__((returns_nonnull, noinline)) static void *gives_something(void *volatile pointer)
{
    return pointer;
}

UNDEFINED(result, "nonnull-result", "null is returned, which the function itself forbids")
{
    sink = (uint64_t)gives_something(NULL);
}

UNDEFINED(assumption, "alignment-assumption", "0x8 less 0 is not aligned to 64, as was assumed")
{
    void *volatile pointer = (void *)8;
    sink = (uint64_t)__builtin_assume_aligned(pointer, 64);
}

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wvla" /* what is tested is that they are looked at */
UNDEFINED(vla, "array-of-nothing", "an array with 0 elements")
{
    volatile char array[zero];
    __asm__ volatile("" : : "r"(array) : "memory");
}
#pragma clang diagnostic pop

UNDEFINED(unreachable, "unreachable", "a place was reached that was said to be unreachable")
{
    if (one != 0)
        __builtin_unreachable();
}

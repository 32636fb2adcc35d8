/* SPDX-License-Identifier: MIT
 *
 * Text functions, in whatever world this runs.
 */
#include "base/compiler.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

static void lengths(struct claims *claims)
{
    static const char open[] = { 'a', 'b', 'c' };
    CLAIM_EQUAL(string_length(""), 0);
    CLAIM_EQUAL(string_length("abc"), 3);
    CLAIM_EQUAL(string_length_within("abc", 2), 2);
    CLAIM_EQUAL(string_length_within(open, sizeof(open)), 3);
    CLAIM_EQUAL(string_length_within(open, 0), 0);
}

static void compare(struct claims *claims)
{
    CLAIM(string_compare("", "") == 0);
    CLAIM(string_compare("abc", "abc") == 0);
    CLAIM(string_compare("abc", "abd") < 0);
    CLAIM(string_compare("abd", "abc") > 0);
    CLAIM(string_compare("ab", "abc") < 0);
    CLAIM(string_compare("abc", "ab") > 0);
    CLAIM(string_compare("\x7F", "\x80") < 0); /* unsigned, whatever char is here */
    CLAIM(string_compare("", "\xFF") < 0);
}

static void compare_within(struct claims *claims)
{
    static const char open[] = { 'a', 'b', 'c' };
    CLAIM(string_compare_within("abcx", "abcy", 3) == 0);
    CLAIM(string_compare_within("abcx", "abcy", 4) < 0);
    CLAIM(string_compare_within("ab", "ab", 9) == 0);
    CLAIM(string_compare_within("ab", "abc", 9) < 0);
    CLAIM(string_compare_within("x", "y", 0) == 0);
    CLAIM(string_compare_within(open, "abcd", sizeof(open)) == 0);
}

static void equals(struct claims *claims)
{
    CLAIM(string_equals("", ""));
    CLAIM(string_equals("abc", "abc"));
    CLAIM(!string_equals("abc", "ab"));
    CLAIM(!string_equals("ab", "abc"));
    CLAIM(string_equals_folded("KERNEL.elf", "kernel.ELF"));
    CLAIM(!string_equals_folded("@[", "`{")); /* the neighbours of A-Z and a-z */
    CLAIM(string_starts_with("selftest=x", "selftest="));
    CLAIM(!string_starts_with("self", "selftest"));
}

static void find(struct claims *claims)
{
    const char *const text = "a.b.c";
    CLAIM(string_find(text, '.') == text + 1);
    CLAIM(string_find_last(text, '.') == text + 3);
    CLAIM(string_find(text, 'a') == text && string_find_last(text, 'a') == text);
    CLAIM(string_find(text, 'x') == NULL && string_find_last(text, 'x') == NULL);
    CLAIM(string_find(text, '\0') == text + 5 && string_find_last(text, '\0') == text + 5);
}

static void find_any(struct claims *claims)
{
    const char *const text = "key = value";
    CLAIM(string_find_any(text, "= ") == text + 3);
    CLAIM(string_find_any(text, "=") == text + 4);
    CLAIM(string_find_any(text, "xyz") == text + 2);
    CLAIM(string_find_any(text, "XYZ") == NULL);
    CLAIM(string_find_any(text, "") == NULL);
    CLAIM(string_find_any("", "a") == NULL);
}

static void find_text(struct claims *claims)
{
    const char *const text = "aabaabaac";
    CLAIM(string_find_text(text, "aabaac") == text + 3);
    CLAIM(string_find_text(text, "c") == text + 8);
    CLAIM(string_find_text(text, "") == text);
    CLAIM(string_find_text(text, text) == text);
    CLAIM(string_find_text(text, "aabaabaacc") == NULL);
    CLAIM(string_find_text("", "a") == NULL);
    CLAIM(string_find_text(text + 9, "") == text + 9);
}

static void spans(struct claims *claims)
{
    CLAIM_EQUAL(string_span("0042x", "0123456789"), 4);
    CLAIM_EQUAL(string_span("x", "0123456789"), 0);
    CLAIM_EQUAL(string_span("aaa", "a"), 3);
    CLAIM_EQUAL(string_span("aaa", ""), 0);
    CLAIM_EQUAL(string_span_until("name=value", "="), 4);
    CLAIM_EQUAL(string_span_until("name", "="), 4);
    CLAIM_EQUAL(string_span_until("=", "="), 0);
    CLAIM_EQUAL(string_span_until("name", ""), 4);
}

static void words(struct claims *claims)
{
    const char *text = "  one two,\tthree ";
    size_t bytes = 0;
    CLAIM(string_starts_with(string_next_word(&text, " ,\t", &bytes), "one") && bytes == 3);
    CLAIM(string_starts_with(string_next_word(&text, " ,\t", &bytes), "two") && bytes == 3);
    CLAIM(string_starts_with(string_next_word(&text, " ,\t", &bytes), "three") && bytes == 5);
    CLAIM(string_next_word(&text, " ,\t", &bytes) == NULL);
    CLAIM(string_next_word(&text, " ,\t", &bytes) == NULL);
    CLAIM_EQUAL(*text, '\0');
}

static void copies(struct claims *claims)
{
    char to[4] = "xyz";
    CLAIM(!string_copy(to, sizeof(to), "abcd", 4) && string_equals(to, "xyz"));
    CLAIM(string_copy(to, sizeof(to), "abc", 3) && string_equals(to, "abc"));
    CLAIM(!string_copy_cut(to, sizeof(to), "defg") && string_equals(to, "def"));
    CLAIM(string_copy_cut(to, sizeof(to), "hi") && string_equals(to, "hi"));
    CLAIM(!string_copy_cut(to, 0, "a") && string_equals(to, "hi"));
    CLAIM(!string_copy_cut(to, 1, "a") && string_equals(to, ""));
    CLAIM(string_copy_cut(to, 1, ""));
}

static void appends(struct claims *claims)
{
    char to[6] = "ab";
    CLAIM(string_append_cut(to, sizeof(to), "cd") && string_equals(to, "abcd"));
    CLAIM(string_append_cut(to, sizeof(to), "") && string_equals(to, "abcd"));
    CLAIM(!string_append_cut(to, sizeof(to), "efg") && string_equals(to, "abcde"));
    CLAIM(!string_append_cut(to, sizeof(to), "x") && string_equals(to, "abcde"));
    char open[] = { 'a', 'b' }; /* no NUL: nothing to go behind, nothing written */
    CLAIM(!string_append_cut(open, sizeof(open), "c"));
    CLAIM(open[0] == 'a' && open[1] == 'b');
}

static void bytes_by_value(struct claims *claims)
{
    static const uint8_t bytes[] = { 1, 0, 0xFF, 0, 7 };
    CLAIM(bytes_find(bytes, 0, sizeof(bytes)) == bytes + 1);
    CLAIM(bytes_find(bytes, 0xFF, sizeof(bytes)) == bytes + 2);
    CLAIM(bytes_find(bytes, 7, sizeof(bytes)) == bytes + 4);
    CLAIM(bytes_find(bytes, 7, sizeof(bytes) - 1) == NULL);
    CLAIM(bytes_find(bytes, 1, 0) == NULL);
    CLAIM(bytes_equal(bytes + 1, bytes + 3, 1) && !bytes_equal(bytes + 1, bytes + 3, 2));
}

static void patterns(struct claims *claims)
{
    CLAIM(string_matches("memory.map", "memory*"));
    CLAIM(string_matches("aXbXc", "*X*c"));
    CLAIM(string_matches("", "*") && !string_matches("", "?"));
    CLAIM(!string_matches("abc", "ab") && !string_matches("ab", "abc"));
}

static void numbers(struct claims *claims)
{
    uint64_t value = 7;
    CLAIM(string_parse_unsigned("18446744073709551615", 20, 10, &value));
    CLAIM_EQUAL(value, UINT64_MAX);
    CLAIM(string_parse_unsigned("DeadBeef", 8, 16, &value));
    CLAIM_EQUAL(value, 0xDEADBEEF);
    CLAIM(!string_parse_unsigned("18446744073709551616", 20, 10, &value));
    CLAIM(!string_parse_unsigned("", 0, 10, &value));
    CLAIM(!string_parse_unsigned("2", 1, 2, &value));
    CLAIM(!string_parse_unsigned("-1", 2, 10, &value));
    CLAIM_EQUAL(value, 0xDEADBEEF);
}

static const struct proof_test tests[] = {
    { "string.lengths", lengths },
    { "string.compare", compare },
    { "string.compare-within", compare_within },
    { "string.equals", equals },
    { "string.find", find },
    { "string.find-any", find_any },
    { "string.find-text", find_text },
    { "string.spans", spans },
    { "string.words", words },
    { "string.copies", copies },
    { "string.appends", appends },
    { "string.bytes-by-value", bytes_by_value },
    { "string.patterns", patterns },
    { "string.numbers", numbers },
};
const struct proof_suite proof_string = { tests, ARRAY_COUNT(tests) };

/* SPDX-License-Identifier: MIT
 *
 * The core's text routines, by table and, where libc has the same question, by
 * comparison.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "kernel/core/string.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define ROUNDS       200000
#define PATTERN_SIZE 8
#define TEXT_SIZE    7

static void lengths_end_at_the_nul(void **state)
{
    (void)state;
    const char open[3] = { 'a', 'b', 'c' };
    assert_int_equal(string_length(""), 0);
    assert_int_equal(string_length("abc"), 3);
    assert_int_equal(string_length_within("abc", 2), 2);
    assert_int_equal(string_length_within("abc", 9), 3);
    assert_int_equal(string_length_within(open, sizeof(open)), 3);
    assert_int_equal(string_length_within(open, 0), 0);
}

static void equality_is_of_all_bytes(void **state)
{
    (void)state;
    assert_true(string_equals("", ""));
    assert_true(string_equals("abc", "abc"));
    assert_false(string_equals("abc", "ab"));
    assert_false(string_equals("ab", "abc"));
    assert_false(string_equals("abc", "ABC"));
    assert_true(string_equals_folded("/Boot/KERNEL.elf", "/boot/kernel.ELF"));
    assert_false(string_equals_folded("abc", "abcd"));
    assert_true(string_equals_folded("AZ", "az"));
    assert_false(string_equals_folded("@", "`")); /* the neighbours of A-Z and a-z */
    assert_false(string_equals_folded("[", "{"));
    assert_true(string_starts_with("selftest=x", "selftest="));
    assert_true(string_starts_with("a", ""));
    assert_false(string_starts_with("self", "selftest"));
}

static void patterns_match_as_shells_do(void **state)
{
    (void)state;
    assert_true(string_matches("", ""));
    assert_true(string_matches("", "*"));
    assert_false(string_matches("", "?"));
    assert_true(string_matches("memory.map", "memory*"));
    assert_true(string_matches("aXbXc", "*X*c"));
    assert_false(string_matches("abc", "ab"));
    assert_false(string_matches("ab", "abc"));

    struct random random = { .state = 1 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        char text[PATTERN_SIZE] = { 0 }, pattern[PATTERN_SIZE] = { 0 };
        for (uint64_t left = random_below(&random, PATTERN_SIZE); left != 0; left--)
            text[left - 1] = "ab"[random_below(&random, 2)];
        for (uint64_t left = random_below(&random, PATTERN_SIZE); left != 0; left--)
            pattern[left - 1] = "ab*?"[random_below(&random, 4)];
        assert_int_equal(string_matches(text, pattern), fnmatch(pattern, text, 0) == 0);
    }
}

static void copies_fit_or_write_nothing(void **state)
{
    (void)state;
    char to[4] = "xyz";
    assert_false(string_copy(to, sizeof(to), "abcd", 4));
    assert_string_equal(to, "xyz");
    assert_true(string_copy(to, sizeof(to), "abcd", 3));
    assert_string_equal(to, "abc");
    assert_true(string_copy(to, sizeof(to), "", 0));
    assert_string_equal(to, "");
    assert_false(string_copy(to, 0, "", 0));
}

static void numbers_are_all_digits_and_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned base;
        bool valid;
        uint64_t value;
    } cases[] = {
        { "0", 10, true, 0 },
        { "0042", 10, true, 42 },
        { "18446744073709551615", 10, true, UINT64_MAX },
        { "18446744073709551616", 10, false, 0 },
        { "99999999999999999999", 10, false, 0 },
        { "ffffffffffffffff", 16, true, UINT64_MAX },
        { "10000000000000000", 16, false, 0 },
        { "DeadBeef", 16, true, 0xDEADBEEF },
        { "g", 16, false, 0 },
        { "a", 10, false, 0 },
        { "2", 2, false, 0 },
        { "101", 2, true, 5 },
        { "", 10, false, 0 },
        { " 1", 10, false, 0 },
        { "1 ", 10, false, 0 },
        { "-1", 10, false, 0 },
        { "+1", 10, false, 0 },
        { "0x1", 16, false, 0 },
        { "/", 16, false, 0 },
        { ":", 16, false, 0 },
        { "@", 16, false, 0 },
    };
    for (size_t which = 0; which < sizeof(cases) / sizeof(cases[0]); which++) {
        uint64_t value = 77;
        const bool valid = string_parse_unsigned(cases[which].text, strlen(cases[which].text),
                                                 cases[which].base, &value);
        assert_int_equal(valid, cases[which].valid);
        assert_int_equal(value, valid ? cases[which].value : 77);
    }
}

static void sums_are_of_all_bytes_modulo_256(void **state)
{
    static const uint8_t bytes[] = { 0xFF, 0x01, 0x80, 0x80, 0x01 };

    (void)state;
    assert_true(bytes_sum_to_zero(bytes, 0));
    assert_false(bytes_sum_to_zero(bytes, 1));
    assert_true(bytes_sum_to_zero(bytes, 2));
    assert_false(bytes_sum_to_zero(bytes, 3));
    assert_true(bytes_sum_to_zero(bytes, 4));
    assert_false(bytes_sum_to_zero(bytes, 5));
}

/* Short texts of few letters, so that each question has every answer. */
static void random_text(struct random *random, char text[TEXT_SIZE])
{
    const uint64_t length = random_below(random, TEXT_SIZE);
    memset(text, 0, TEXT_SIZE);
    for (uint64_t place = 0; place < length; place++)
        text[place] = "ab\x80"[random_below(random, 3)];
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void questions_are_answered_as_libc_does(void **state)
{
    (void)state;
    struct random random = { .state = 2 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        char text[TEXT_SIZE], other[TEXT_SIZE];
        random_text(&random, text);
        random_text(&random, other);
        other[random_below(&random, TEXT_SIZE)] = '\0';
        const size_t limit = random_below(&random, TEXT_SIZE + 2);
        const char letter = text[random_below(&random, TEXT_SIZE)];
        assert_int_equal(sign(string_compare(text, other)), sign(strcmp(text, other)));
        assert_int_equal(sign(string_compare_within(text, other, limit)),
                         sign(strncmp(text, other, limit)));
        assert_ptr_equal(string_find(text, letter), strchr(text, letter));
        assert_ptr_equal(string_find_last(text, letter), strrchr(text, letter));
        assert_ptr_equal(string_find(other, letter), strchr(other, letter));
        assert_ptr_equal(string_find_last(other, letter), strrchr(other, letter));
        assert_ptr_equal(string_find_any(text, other), strpbrk(text, other));
        assert_ptr_equal(string_find_text(text, other), strstr(text, other));
        assert_int_equal(string_span(text, other), strspn(text, other));
        assert_int_equal(string_span_until(text, other), strcspn(text, other));
        assert_ptr_equal(bytes_find(other, (uint8_t)letter, TEXT_SIZE),
                         memchr(other, letter, TEXT_SIZE));
        assert_int_equal(bytes_equal(text, other, TEXT_SIZE), memcmp(text, other, TEXT_SIZE) == 0);
    }
}

static void words_are_those_of_strtok(void **state)
{
    (void)state;
    struct random random = { .state = 3 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        char text[TEXT_SIZE], cut[TEXT_SIZE], separators[TEXT_SIZE];
        random_text(&random, text);
        random_text(&random, separators);
        memcpy(cut, text, TEXT_SIZE);
        char *place = NULL;
        const char *rest = text;
        size_t bytes = 0;
        const char *wanted = strtok_r(cut, separators, &place);
        for (; wanted != NULL; wanted = strtok_r(NULL, separators, &place)) {
            const char *const word = string_next_word(&rest, separators, &bytes);
            assert_non_null(word);
            assert_int_equal(word - text, wanted - cut);
            assert_int_equal(bytes, strlen(wanted));
        }
        assert_null(string_next_word(&rest, separators, &bytes));
    }
}

/* What fits is what snprintf keeps. */
static void cut_copies_keep_what_fits(void **state)
{
    (void)state;
    struct random random = { .state = 4 };
    for (unsigned round = 0; round < ROUNDS; round++) {
        char text[TEXT_SIZE], more[TEXT_SIZE], ours[2 * TEXT_SIZE], theirs[2 * TEXT_SIZE];
        random_text(&random, text);
        random_text(&random, more);
        const size_t size = 1 + random_below(&random, sizeof(ours));
        memset(ours, 'x', sizeof(ours));
        memset(theirs, 'x', sizeof(theirs));
        assert_int_equal(string_copy_cut(ours, size, text), strlen(text) < size);
        snprintf(theirs, size, "%s", text);
        assert_memory_equal(ours, theirs, sizeof(ours));
        const size_t together = strlen(ours) + strlen(more);
        assert_int_equal(string_append_cut(ours, size, more), together < size);
        snprintf(theirs, size, "%.*s%s", (int)(size - 1), text, more);
        assert_memory_equal(ours, theirs, strlen(theirs) + 1);
        assert_true(size == sizeof(ours) || ours[size] == 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_of_all_bytes_modulo_256),
        cmocka_unit_test(lengths_end_at_the_nul),
        cmocka_unit_test(equality_is_of_all_bytes),
        cmocka_unit_test(patterns_match_as_shells_do),
        cmocka_unit_test(copies_fit_or_write_nothing),
        cmocka_unit_test(questions_are_answered_as_libc_does),
        cmocka_unit_test(words_are_those_of_strtok),
        cmocka_unit_test(cut_copies_keep_what_fits),
        cmocka_unit_test(numbers_are_all_digits_and_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

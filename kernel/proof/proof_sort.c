/* SPDX-License-Identifier: MIT
 *
 * Sorting, in whatever world this runs.
 */
#include "base/compiler.h"
#include "kernel/core/sort.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define MANY            1000
#define COMPARISONS_MAX 20000 /* 2 n log2(n) for n = MANY: what heapsort never exceeds */

static int compare_numbers(const void *left, const void *right, void *context)
{
    const unsigned a = *(const unsigned *)left;
    const unsigned b = *(const unsigned *)right;
    *(unsigned *)context += 1;
    return (a > b) - (a < b);
}

static int compare_letters(const void *left, const void *right, void *context)
{
    const int direction = *(const int *)context;
    return direction * (*(const char *)left - *(const char *)right);
}

static void few(struct claims *claims)
{
    int direction = 1;
    char text[] = "c";
    sort_elements(text, 0, 1, compare_letters, &direction);
    sort_elements(text, 1, 1, compare_letters, &direction);
    CLAIM(string_equals(text, "c"));
    char two[] = "ba";
    sort_elements(two, 2, 1, compare_letters, &direction);
    CLAIM(string_equals(two, "ab"));
}

static void equal_ones_and_context(struct claims *claims)
{
    int direction = 1;
    char text[] = "bootloader";
    sort_elements(text, string_length(text), 1, compare_letters, &direction);
    CLAIM(string_equals(text, "abdelooort"));
    direction = -1;
    sort_elements(text, string_length(text), 1, compare_letters, &direction);
    CLAIM(string_equals(text, "troooledba"));
}

/* Elements of three bytes, of which the first decides: all three must move together. */
static void odd_sized_elements(struct claims *claims)
{
    int direction = 1;
    char text[] = "d04a01c03b02";
    sort_elements(text, 4, 3, compare_letters, &direction);
    CLAIM(string_equals(text, "a01b02c03d04"));
}

static void many(struct claims *claims)
{
    unsigned *const numbers = (unsigned *)(void *)claims->arena;
    static const unsigned strides[] = { 1, MANY - 1, 389, 7 }; /* up, down, mixed, mixed */
    for (size_t i = 0; i < ARRAY_COUNT(strides); i++) {
        unsigned comparisons = 0;
        unsigned wrong = 0;
        for (unsigned place = 0; place < MANY; place++)
            numbers[place] = place * strides[i] % MANY;
        sort_elements(numbers, MANY, sizeof(numbers[0]), compare_numbers, &comparisons);
        for (unsigned place = 0; place < MANY; place++)
            wrong += numbers[place] == place ? 0 : 1;
        CLAIM_EQUAL(wrong, 0);
        CLAIM(comparisons <= COMPARISONS_MAX);
    }
}

static const struct proof_test tests[] = {
    { "sort.few", few },
    { "sort.equal-ones-and-context", equal_ones_and_context },
    { "sort.odd-sized-elements", odd_sized_elements },
    { "sort.many", many },
};
const struct proof_suite proof_sort = { tests, ARRAY_COUNT(tests) };

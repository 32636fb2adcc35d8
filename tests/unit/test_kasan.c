/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the sanitizer's pure parts: the shadow's arithmetic against a plain
 * map of which byte is open, and the words of a finding.
 */
#include <string.h>

#include "base/compiler.h"
#include "kernel/sanitize/kasan_shadow.h"
#include "kernel/sanitize/kasan_words.h"
#include "tests/unit/cmocka_all.h"

#define FIRST        0xFFFF800000123000
#define MEMORY_BYTES 256

static uint8_t bytes[MEMORY_BYTES / KASAN_GRANULE];
static const struct kasan_shadow shadow = { bytes, FIRST, FIRST + MEMORY_BYTES - 1 };

static int reset(void **state)
{
    (void)state;
    memset(bytes, 0, sizeof(bytes));
    return 0;
}

/* True: [offset, offset + length) is open; else the first byte that is not, as an offset. */
static bool open_at(uint64_t offset, uint64_t length, uint64_t *bad)
{
    uint64_t at = 0;
    if (kasan_shadow_allows(&shadow, FIRST + offset, length, &at))
        return true;
    *bad = at - FIRST;
    return false;
}

static void covers_its_stretch_only(void **state)
{
    (void)state;
    assert_true(kasan_shadow_covers(&shadow, FIRST, MEMORY_BYTES));
    assert_true(kasan_shadow_covers(&shadow, FIRST + MEMORY_BYTES - 1, 1));
    assert_false(kasan_shadow_covers(&shadow, FIRST - 1, 2));
    assert_false(kasan_shadow_covers(&shadow, FIRST, MEMORY_BYTES + 1));
    assert_false(kasan_shadow_covers(&shadow, FIRST + MEMORY_BYTES, 1));
    assert_false(kasan_shadow_covers(&shadow, FIRST + 8, UINT64_MAX));
}

static void an_object_ends_where_it_ends(void **state)
{
    (void)state;
    for (uint64_t length = 1; length <= 40; length++) {
        kasan_shadow_poison(&shadow, FIRST, MEMORY_BYTES, KASAN_GLOBAL);
        kasan_shadow_unpoison(&shadow, FIRST + 64, length);
        uint64_t bad = 0;
        assert_true(open_at(64, length, &bad));
        assert_false(open_at(64, length + 1, &bad));
        assert_int_equal(bad, 64 + length);
        assert_false(open_at(63, 2, &bad));
        assert_int_equal(bad, 63);
        assert_int_equal(kasan_shadow_why(&shadow, FIRST + 64 + length), KASAN_GLOBAL);
    }
}

static void a_last_part_stays_open_when_closed(void **state)
{
    (void)state;
    uint64_t bad = 0;
    kasan_shadow_poison(&shadow, FIRST + 16, 20, KASAN_HEAP);
    assert_false(open_at(31, 1, &bad));
    assert_true(open_at(32, 8, &bad));
}

/* Every stretch of a random shadow, against a map with one flag a byte. */
static void agrees_with_a_plain_map(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned round = 0; round < 200; round++) {
        bool open[MEMORY_BYTES];
        for (unsigned i = 0; i < ARRAY_COUNT(bytes); i++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            const unsigned pick = (unsigned)(random >> 60);
            bytes[i] = pick < 8 ? (uint8_t)pick : pick < 12 ? KASAN_HEAP : 0;
            for (unsigned j = 0; j < KASAN_GRANULE; j++)
                open[i * KASAN_GRANULE + j] = bytes[i] == 0 || j < (bytes[i] & 0xF0 ? 0 : bytes[i]);
        }
        for (uint64_t first = 0; first < MEMORY_BYTES; first += 3) {
            for (uint64_t length = 1; first + length <= MEMORY_BYTES; length += 5) {
                uint64_t expected = first;
                while (expected < first + length && open[expected])
                    expected++;
                uint64_t bad = first + length;
                assert_int_equal(open_at(first, length, &bad), expected == first + length);
                assert_int_equal(bad, expected);
            }
        }
    }
}

static void finds_the_block_before(void **state)
{
    (void)state;
    kasan_shadow_poison(&shadow, FIRST, MEMORY_BYTES, KASAN_HEAP);
    kasan_shadow_unpoison(&shadow, FIRST + 32, 37);
    const struct kasan_run run = kasan_shadow_open_below(&shadow, FIRST + 72, MEMORY_BYTES);
    assert_int_equal(run.first, FIRST + 32);
    assert_int_equal(run.bytes, 37);
    assert_int_equal(kasan_shadow_open_below(&shadow, FIRST + 69, MEMORY_BYTES).bytes, 37);
    assert_int_equal(kasan_shadow_open_below(&shadow, FIRST + 16, MEMORY_BYTES).bytes, 0);
    assert_int_equal(kasan_shadow_open_below(&shadow, FIRST + 200, 16).bytes, 0);
}

static void finds_the_ends_of_a_freed_block(void **state)
{
    (void)state;
    kasan_shadow_poison(&shadow, FIRST + 48, 32, KASAN_HEAP_FREE);
    struct kasan_run run = kasan_shadow_marked(&shadow, FIRST + 61, MEMORY_BYTES);
    assert_int_equal(run.first, FIRST + 48);
    assert_int_equal(run.bytes, 32);
    kasan_shadow_poison(&shadow, FIRST, MEMORY_BYTES, KASAN_HEAP_FREE);
    run = kasan_shadow_marked(&shadow, FIRST + 61, MEMORY_BYTES);
    assert_int_equal(run.first, FIRST);
    assert_int_equal(run.bytes, MEMORY_BYTES);
}

static void names_every_kind(void **state)
{
    (void)state;
    assert_string_equal(kasan_words_kind(KASAN_STACK_BETWEEN), "stack out of bounds");
    assert_string_equal(kasan_words_kind(KASAN_OUT_OF_SCOPE), "use after scope");
    assert_string_equal(kasan_words_kind(KASAN_GLOBAL), "global out of bounds");
    assert_string_equal(kasan_words_kind(KASAN_HEAP), "heap out of bounds");
    assert_string_equal(kasan_words_kind(KASAN_HEAP_FREE), "use after free");
    assert_string_equal(kasan_words_kind(KASAN_FRAME_FREE), "use of a free frame");
    assert_string_equal(kasan_words_kind(0), "out of bounds");
}

static void assert_variable(const char *description, uint64_t offset, const char *name)
{
    struct kasan_variable variable;
    assert_true(kasan_words_variable(description, offset, &variable));
    assert_int_equal(variable.name_bytes, strlen(name));
    assert_memory_equal(variable.name, name, strlen(name));
}

static void reads_the_compilers_description(void **state)
{
    (void)state;
    const char *text = "3 32 13 9 first:120 64 8 6 second 96 4 11 third.i.i:7";
    struct kasan_variable variable;
    assert_variable(text, 31, "first");
    assert_variable(text, 45, "first");
    assert_variable(text, 63, "second");
    assert_variable(text, 70, "second");
    assert_variable(text, 200, "third");
    assert_true(kasan_words_variable(text, 97, &variable));
    assert_int_equal(variable.offset, 96);
    assert_int_equal(variable.bytes, 4);
}

static void refuses_what_is_no_description(void **state)
{
    (void)state;
    struct kasan_variable variable;
    static const char *const wrong[] = {
        "", "x", "0 ", "1", "1 32", "1 32 4 9 short", "2 32 4 1 a"
    };
    for (unsigned i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_false(kasan_words_variable(wrong[i], 0, &variable));
}

static void places_in_words(void **state)
{
    (void)state;
    char text[40];
    kasan_words_place(90, 100, 8, text, sizeof(text));
    assert_string_equal(text, "10 bytes before");
    kasan_words_place(107, 100, 8, text, sizeof(text));
    assert_string_equal(text, "byte 7 of");
    kasan_words_place(108, 100, 8, text, sizeof(text));
    assert_string_equal(text, "right behind");
    kasan_words_place(109, 100, 8, text, sizeof(text));
    assert_string_equal(text, "1 bytes behind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_its_stretch_only),
        cmocka_unit_test_setup(an_object_ends_where_it_ends, reset),
        cmocka_unit_test_setup(a_last_part_stays_open_when_closed, reset),
        cmocka_unit_test_setup(agrees_with_a_plain_map, reset),
        cmocka_unit_test_setup(finds_the_block_before, reset),
        cmocka_unit_test_setup(finds_the_ends_of_a_freed_block, reset),
        cmocka_unit_test(names_every_kind),
        cmocka_unit_test(reads_the_compilers_description),
        cmocka_unit_test(refuses_what_is_no_description),
        cmocka_unit_test(places_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

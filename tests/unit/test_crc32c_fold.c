/* SPDX-License-Identifier: MIT
 *
 * Folding against the tables: the arithmetic it rests on, every short length,
 * lengths about the ring's, and random splits, places and lengths; with the SSE2
 * routine and with a model of it in C.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/core/crc32c_fold.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define POLYNOMIAL  0x82F63B78U
#define TOP_POWER   0x80000000U /* x^0, with the bits in reflected order */
#define RING        CRC32C_FOLD_RING_BYTES
#define WORD        CRC32C_FOLD_WORD_BYTES
#define BYTES       (3 * RING + 1000)
#define SHORT_LAST  100
#define AROUND      40
#define ROUNDS      60
#define PIECE_BYTES 70000

/* crc32c_fold_sse2.asm, assembled with the core_ prefix. */
crc32c_fold_words core_crc32c_fold_sse2;

static struct crc32c_tables tables;
static struct crc32c_fold *fold;
static uint8_t *bytes;

/* x^power modulo the polynomial. */
static uint32_t power_of_x(unsigned power)
{
    uint32_t remainder = TOP_POWER;
    while (power-- != 0)
        remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? POLYNOMIAL : 0);
    return remainder;
}

static uint32_t powers_in_sum(unsigned each)
{
    return power_of_x(CRC32C_FOLD_FAR * each) ^
           power_of_x((CRC32C_FOLD_FAR - CRC32C_FOLD_NEAR) * each) ^
           power_of_x((CRC32C_FOLD_FAR - CRC32C_FOLD_MIDDLE) * each) ^ power_of_x(0);
}

static void polynomial_divides(void **state)
{
    (void)state;
    assert_int_equal(power_of_x(32), POLYNOMIAL);
    assert_int_equal(powers_in_sum(1), 0);
    assert_int_equal(powers_in_sum(8), 0);
    assert_int_equal(powers_in_sum(128), 0);
    assert_int_not_equal(powers_in_sum(3), 0);
}

static void fold_plain(uint8_t *to, const uint8_t *from, uint8_t *far, const uint8_t *near,
                       const uint8_t *middle, size_t words)
{
    for (size_t i = 0; i < words * WORD; i++) {
        const uint8_t byte = from[i];
        to[i] = byte;
        far[i] ^= byte ^ near[i] ^ middle[i];
    }
}

static int set_up(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    crc32c_tables_fill(&tables);
    fold = aligned_alloc(WORD, sizeof(*fold));
    bytes = malloc(BYTES);
    for (size_t place = 0; place < BYTES; place++)
        bytes[place] = (uint8_t)random_next(&random);
    return fold == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    free(fold);
    free(bytes);
    return 0;
}

/* Pieces of at most `limit` bytes, every other one summed up where it lies; checks the copy too. */
static void check(crc32c_fold_words *words, size_t first, size_t size, size_t limit,
                  struct random *random)
{
    const uint8_t *const from = bytes + first;
    uint8_t *const to = malloc(size + 1);

    memset(fold, 0xA5, sizeof(*fold));
    crc32c_fold_start(fold, words, size);
    for (size_t done = 0; done < size;) {
        const size_t left = size - done;
        const size_t piece = 1 + random_below(random, left < limit ? left : limit);
        const bool in_place = random_below(random, 2) != 0;
        if (in_place)
            memcpy(to + done, from + done, piece);
        crc32c_fold_copy(fold, to + done, in_place ? to + done : from + done, piece);
        done += piece;
    }
    assert_memory_equal(to, from, size);
    assert_int_equal(crc32c_fold_finish(fold), crc32c_update(&tables, 0, from, size));
    free(to);
}

static void check_all(crc32c_fold_words *words)
{
    struct random random = { .state = 2 };

    for (size_t size = 0; size <= SHORT_LAST; size++)
        check(words, size, size, PIECE_BYTES, &random);
    for (size_t size = CRC32C_FOLD_FAR - AROUND; size < CRC32C_FOLD_FAR + AROUND; size++)
        check(words, size % WORD, size, PIECE_BYTES, &random);
    for (size_t size = RING - AROUND; size < RING + AROUND; size++)
        check(words, size % WORD, size, PIECE_BYTES, &random);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const size_t first = random_below(&random, 2 * WORD);
        const size_t size = random_below(&random, BYTES - first);
        const size_t limit = round % 4 == 0 ? 3 * WORD : PIECE_BYTES;
        check(words, first, size, limit, &random);
    }
    check(words, 0, 2 * RING, 2 * RING, &random);
}

static void plain_is_right(void **state)
{
    (void)state;
    check_all(fold_plain);
}

static void sse2_is_right(void **state)
{
    (void)state;
    check_all(core_crc32c_fold_sse2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polynomial_divides),
        cmocka_unit_test(plain_is_right),
        cmocka_unit_test(sse2_is_right),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

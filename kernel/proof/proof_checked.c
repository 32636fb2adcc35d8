/* SPDX-License-Identifier: MIT
 *
 * Checked arithmetic at its edges, in whatever world this runs. That nothing is
 * written on failure is claimed by the number that was there before.
 */
#include "base/checked.h"
#include "base/compiler.h"
#include "kernel/proof/suites.h"

#define BEFORE 77

static void unsigned64(struct claims *claims)
{
    uint64_t result = BEFORE;
    CLAIM(!checked_add64(UINT64_MAX, 1, &result));
    CLAIM(!checked_sub64(0, 1, &result));
    CLAIM(!checked_mul64(UINT64_MAX / 2 + 1, 2, &result));
    CLAIM(!checked_mul64(0x100000000, 0x100000000, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_add64(UINT64_MAX - 1, 1, &result) && result == UINT64_MAX);
    CLAIM(checked_sub64(1, 1, &result) && result == 0);
    CLAIM(checked_mul64(0xFFFFFFFF, 0x100000001, &result) && result == UINT64_MAX);
}

static void unsigned32(struct claims *claims)
{
    uint32_t result = BEFORE;
    CLAIM(!checked_add32(UINT32_MAX, 1, &result));
    CLAIM(!checked_sub32(1, 2, &result));
    CLAIM(!checked_mul32(0x10000, 0x10000, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_add32(UINT32_MAX, 0, &result) && result == UINT32_MAX);
    CLAIM(checked_sub32(2, 1, &result) && result == 1);
    CLAIM(checked_mul32(0xFFFF, 0x10001, &result) && result == UINT32_MAX);
}

static void sizes(struct claims *claims)
{
    size_t result = BEFORE;
    CLAIM(!checked_add_size(SIZE_MAX, 1, &result));
    CLAIM(!checked_sub_size(0, 1, &result));
    CLAIM(!checked_mul_size(SIZE_MAX / 2 + 1, 2, &result));
    CLAIM(!checked_round_up_size(SIZE_MAX, 16, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_add_size(SIZE_MAX - 1, 1, &result) && result == SIZE_MAX);
    CLAIM(checked_mul_size(SIZE_MAX / 2, 2, &result) && result == SIZE_MAX - 1);
    CLAIM(checked_round_up_size(17, 16, &result) && result == 32);
}

static void signed64(struct claims *claims)
{
    int64_t result = BEFORE;
    CLAIM(!checked_add_signed64(INT64_MAX, 1, &result));
    CLAIM(!checked_add_signed64(INT64_MIN, -1, &result));
    CLAIM(!checked_sub_signed64(INT64_MIN, 1, &result));
    CLAIM(!checked_sub_signed64(0, INT64_MIN, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_add_signed64(INT64_MIN, INT64_MAX, &result) && result == -1);
    CLAIM(checked_sub_signed64(-1, INT64_MIN, &result) && result == INT64_MAX);
}

static void signed64_products(struct claims *claims)
{
    int64_t result = BEFORE;
    CLAIM(!checked_mul_signed64(INT64_MIN, -1, &result));
    CLAIM(!checked_mul_signed64(INT64_MAX, 2, &result));
    CLAIM(!checked_mul_signed64(INT64_MIN / 2 - 1, 2, &result));
    CLAIM(!checked_mul_signed64(INT64_MIN, INT64_MIN, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_mul_signed64(INT64_MIN, 1, &result) && result == INT64_MIN);
    CLAIM(checked_mul_signed64(INT64_MIN / 2, 2, &result) && result == INT64_MIN);
    CLAIM(checked_mul_signed64(-7, -6, &result) && result == 42);
    CLAIM(checked_mul_signed64(-7, 6, &result) && result == -42);
    CLAIM(checked_mul_signed64(-7, 0, &result) && result == 0);
}

static void signed32(struct claims *claims)
{
    int32_t result = BEFORE;
    CLAIM(!checked_add_signed32(INT32_MAX, 1, &result));
    CLAIM(!checked_sub_signed32(INT32_MIN, 1, &result));
    CLAIM(!checked_mul_signed32(INT32_MIN, -1, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_add_signed32(INT32_MIN, INT32_MAX, &result) && result == -1);
    CLAIM(checked_sub_signed32(-1, INT32_MAX, &result) && result == INT32_MIN);
    CLAIM(checked_mul_signed32(-0x8000, 0x10000, &result) && result == INT32_MIN);
}

static void shifts(struct claims *claims)
{
    uint64_t result = BEFORE;
    CLAIM(!checked_shift_left64(2, 63, &result));
    CLAIM(!checked_shift_left64(1, 64, &result));
    CLAIM(!checked_shift_left64(UINT64_MAX, 1, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_shift_left64(1, 63, &result) && result == 0x8000000000000000);
    CLAIM(checked_shift_left64(UINT64_MAX, 0, &result) && result == UINT64_MAX);
    CLAIM(checked_shift_left64(0, 200, &result) && result == 0);
}

static void alignment(struct claims *claims)
{
    uint64_t result = BEFORE;
    CLAIM(!checked_round_up64(UINT64_MAX, 0x1000, &result));
    CLAIM(!checked_round_up64(UINT64_MAX - 0xFFE, 0x1000, &result));
    CLAIM_EQUAL(result, BEFORE);
    CLAIM(checked_round_up64(UINT64_MAX - 0xFFF, 0x1000, &result) && result == UINT64_MAX - 0xFFF);
    CLAIM(checked_round_up64(0x1001, 0x1000, &result) && result == 0x2000);
    CLAIM(checked_round_up64(5, 1, &result) && result == 5);
    CLAIM_EQUAL(round_down64(0x1FFF, 0x1000), 0x1000);
    CLAIM_EQUAL(round_down64(UINT64_MAX, 0x1000), UINT64_MAX - 0xFFF);
    CLAIM_EQUAL(round_down64(7, 8), 0);
}

static void narrowing(struct claims *claims)
{
    uint32_t word = BEFORE;
    size_t size = BEFORE;
    CLAIM(!checked_narrow32(0x100000000, &word));
    CLAIM_EQUAL(word, BEFORE);
    CLAIM(checked_narrow32(UINT32_MAX, &word) && word == UINT32_MAX);
    CLAIM(checked_narrow_size(SIZE_MAX, &size) && size == SIZE_MAX);
    CLAIM(checked_narrow_size(UINT64_MAX, &size) == (sizeof(size_t) == sizeof(uint64_t)));
}

static const struct proof_test tests[] = {
    { "checked.unsigned64", unsigned64 },
    { "checked.unsigned32", unsigned32 },
    { "checked.sizes", sizes },
    { "checked.signed64", signed64 },
    { "checked.signed64-products", signed64_products },
    { "checked.signed32", signed32 },
    { "checked.shifts", shifts },
    { "checked.alignment", alignment },
    { "checked.narrowing", narrowing },
};
const struct proof_suite proof_checked = { tests, ARRAY_COUNT(tests) };

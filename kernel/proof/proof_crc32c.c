/* SPDX-License-Identifier: MIT
 *
 * CRC-32C against published values, in whatever world this runs.
 * Spec: RFC 3720, appendix B.4.
 */
#include "base/compiler.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define VECTOR_BYTES 32
#define PIECE_BYTES  5
#define RUN_BYTES    1000

/* The tables, at the start of the arena, and what lies behind them. */
static struct crc32c_tables *tables(const struct claims *claims)
{
    struct crc32c_tables *const made = (struct crc32c_tables *)(void *)claims->arena;
    crc32c_tables_fill(made);
    return made;
}

static void published(struct claims *claims)
{
    const struct crc32c_tables *const made = tables(claims);
    uint8_t bytes[VECTOR_BYTES];
    CLAIM_EQUAL(crc32c_update(made, 0, "123456789", 9), 0xE3069283);
    CLAIM_EQUAL(crc32c_update(made, 0, "", 0), 0);
    memset(bytes, 0, VECTOR_BYTES);
    CLAIM_EQUAL(crc32c_update(made, 0, bytes, VECTOR_BYTES), 0x8A9136AA);
    memset(bytes, 0xFF, VECTOR_BYTES);
    CLAIM_EQUAL(crc32c_update(made, 0, bytes, VECTOR_BYTES), 0x62A8AB43);
    for (unsigned i = 0; i < VECTOR_BYTES; i++)
        bytes[i] = (uint8_t)i;
    CLAIM_EQUAL(crc32c_update(made, 0, bytes, VECTOR_BYTES), 0x46DD794E);
    for (unsigned i = 0; i < VECTOR_BYTES; i++)
        bytes[i] = (uint8_t)(VECTOR_BYTES - 1 - i);
    CLAIM_EQUAL(crc32c_update(made, 0, bytes, VECTOR_BYTES), 0x113FDB5C);
}

static void pieces(struct claims *claims)
{
    const struct crc32c_tables *const made = tables(claims);
    uint8_t *const bytes = claims->arena + sizeof(*made);
    for (unsigned i = 0; i < RUN_BYTES; i++)
        bytes[i] = (uint8_t)(i * i);
    uint32_t crc = 0;
    for (unsigned i = 0; i < RUN_BYTES; i += PIECE_BYTES)
        crc = crc32c_update(made, crc, bytes + i, PIECE_BYTES);
    CLAIM_EQUAL(crc, crc32c_update(made, 0, bytes, RUN_BYTES));
}

static void one_bit(struct claims *claims)
{
    const struct crc32c_tables *const made = tables(claims);
    uint8_t bytes[VECTOR_BYTES] = { 0 };
    const uint32_t crc = crc32c_update(made, 0, bytes, VECTOR_BYTES);
    unsigned same = 0;
    for (unsigned bit = 0; bit < 8 * VECTOR_BYTES; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        same += crc32c_update(made, 0, bytes, VECTOR_BYTES) == crc ? 1 : 0;
        bytes[bit / 8] = 0;
    }
    CLAIM_EQUAL(same, 0);
}

static const struct proof_test tests[] = {
    { "crc32c.published", published },
    { "crc32c.pieces", pieces },
    { "crc32c.one-bit", one_bit },
};
const struct proof_suite proof_crc32c = { tests, ARRAY_COUNT(tests) };

/* SPDX-License-Identifier: MIT
 *
 * CRC-32C by table, eight bytes a step ("slicing by 8"). A long message costs far
 * less by crc32c_fold.h.
 * Spec: RFC 3720, section 12.1; Kounavis and Berry, "Novel Table Lookup-Based
 * Algorithms for High-Performance CRC Generation" (2008).
 */
#include "kernel/core/crc32c.h"

#include "base/bytes.h"

#define POLYNOMIAL 0x82F63B78U /* 1EDC6F41h with the bits in reflected order */
#define BYTE_MASK  0xFFU

/*
 * Fill the tables. The CRC is linear, so entry[0] needs one division step for each
 * power of two, and one exclusive-or for every other byte; each further slice
 * moves the slice before it on by one zero byte. About 14,000 instructions.
 */
void crc32c_tables_fill(struct crc32c_tables *tables)
{
    uint32_t *const first = tables->entry[0];
    const unsigned bytes = ARRAY_COUNT(tables->entry[0]);

    first[0] = 0;
    uint32_t crc = 1;
    for (unsigned power = bytes / 2; power != 0; power /= 2) {
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
        for (unsigned known = 0; known < bytes; known += 2 * power)
            first[known + power] = first[known] ^ crc;
    }

    for (unsigned slice = 1; slice < CRC32C_SLICES; slice++) {
        for (unsigned byte = 0; byte < bytes; byte++) {
            const uint32_t before = tables->entry[slice - 1][byte];
            tables->entry[slice][byte] = (before >> 8) ^ first[before & BYTE_MASK];
        }
    }
}

/* Move `crc` over eight bytes: byte k has 7 - k bytes behind it, hence that slice. */
static inline uint32_t step_slices(const struct crc32c_tables *tables, uint32_t crc,
                                   const uint8_t *bytes)
{
    const uint32_t low = crc ^ load_le32(bytes);
    return tables->entry[7][low & BYTE_MASK] ^ tables->entry[6][(low >> 8) & BYTE_MASK] ^
           tables->entry[5][(low >> 16) & BYTE_MASK] ^ tables->entry[4][low >> 24] ^
           tables->entry[3][bytes[4]] ^ tables->entry[2][bytes[5]] ^ tables->entry[1][bytes[6]] ^
           tables->entry[0][bytes[7]];
}

/*
 * The CRC of `count` more bytes behind those that gave `crc`.
 *
 * tables  filled by crc32c_tables_fill
 * crc     0 to start with, else an earlier result
 * bytes   any alignment; may be NULL when count is 0
 *
 * Cost: 27 instructions for eight bytes.
 */
uint32_t crc32c_update(const struct crc32c_tables *tables, uint32_t crc, const void *bytes,
                       size_t count)
{
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= CRC32C_SLICES; count -= CRC32C_SLICES) {
        crc = step_slices(tables, crc, next);
        next += CRC32C_SLICES;
    }
    for (; count != 0; count--)
        crc = (crc >> 8) ^ tables->entry[0][(crc ^ *next++) & BYTE_MASK];
    return ~crc;
}

/* SPDX-License-Identifier: MIT
 *
 * CRC-32C (Castagnoli), the checksum of files and of stage 2's build id. Finds
 * accidents, not forgers. The tables are the caller's, so nothing is global.
 * Spec: RFC 3720, section 12.1 and appendix B.4 (check value of "123456789" is
 * E3069283h).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define CRC32C_SLICES 8 /* bytes taken per step */

/* 8 KiB; entry[k][b] is the CRC of byte b with k zero bytes behind it. */
struct crc32c_tables {
    uint32_t entry[CRC32C_SLICES][256];
};
ASSERT_SIZE(struct crc32c_tables, 8192);

void crc32c_tables_fill(struct crc32c_tables *tables);

/* Start with crc 0; feed each result back in to go on: pieces give the CRC of the whole. */
uint32_t crc32c_update(const struct crc32c_tables *tables, uint32_t crc, const void *bytes,
                       size_t count);

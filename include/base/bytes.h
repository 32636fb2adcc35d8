/* SPDX-License-Identifier: MIT
 *
 * Little-endian loads from bytes at any alignment: how every on-disk and
 * firmware number is read. No bounds are checked here; the caller has.
 */
#pragma once

#include <stdint.h>

static inline uint16_t load_le16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | (uint16_t)(bytes[1] << 8));
}

static inline uint32_t load_le32(const uint8_t *bytes)
{
    return (uint32_t)load_le16(bytes) | ((uint32_t)load_le16(bytes + 2) << 16);
}

static inline uint64_t load_le64(const uint8_t *bytes)
{
    return (uint64_t)load_le32(bytes) | ((uint64_t)load_le32(bytes + 4) << 32);
}

/* SPDX-License-Identifier: MIT
 *
 * Little-endian loads from bytes at any alignment, how every on-disk and firmware
 * number is read, and the one store. No bounds are checked here; the caller has.
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

static inline void store_le64(uint8_t *bytes, uint64_t value)
{
    /* Spelled out, so that the compiler sees one store in it. */
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
    bytes[4] = (uint8_t)(value >> 32);
    bytes[5] = (uint8_t)(value >> 40);
    bytes[6] = (uint8_t)(value >> 48);
    bytes[7] = (uint8_t)(value >> 56);
}

/* SPDX-License-Identifier: MIT
 *
 * Little-endian loads from bytes at any alignment, how every on-disk and firmware
 * number is read, and the one store. No bounds are checked here; the caller has.
 */
#pragma once

#include <stdint.h>

/*
 * So a number is one load or store and no sum of shifted bytes, each step of which a debug build
 * would check. The builtin makes no call for these sizes.
 */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bytes lie as the CPU reads them");

static inline uint16_t load_le16(const uint8_t *bytes)
{
    uint16_t value;
    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

static inline uint32_t load_le32(const uint8_t *bytes)
{
    uint32_t value;
    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

static inline uint64_t load_le64(const uint8_t *bytes)
{
    uint64_t value;
    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

static inline void store_le64(uint8_t *bytes, uint64_t value)
{
    __builtin_memcpy(bytes, &value, sizeof(value));
}

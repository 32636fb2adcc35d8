/* SPDX-License-Identifier: MIT
 *
 * See seal.h.
 */
#include "tools/seal/seal.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/fletcher64.h"
#include "kernel/core/mbr_code.h"

#define WORD_BYTES      sizeof(uint32_t)
#define MODULUS         ((uint64_t)FLETCHER64_BALANCED)
#define BOOT_MARK       0xAA55
#define STAGE2_MAX      ((size_t)STAGE2_MAX_SECTORS * SECTOR_BYTES)
#define BALANCE_OFFSET  offsetof(struct stage2_header, balance)
#define BALANCE_INDEX   (BALANCE_OFFSET / WORD_BYTES)
#define UNSEALED_OFFSET offsetof(struct stage2_header, bytes)

_Static_assert(STAGE2_MAX == 65536 && STAGE2_MAX_SECTORS == 128, "the sentence says so");

const char *seal_reason(enum seal_status status)
{
    switch (status) {
#define SEAL_STATUS_TEXT(name, text)                                                               \
    case name:                                                                                     \
        return text;
        SEAL_STATUS_LIST(SEAL_STATUS_TEXT)
#undef SEAL_STATUS_TEXT
    }
    return "unknown status";
}

size_t seal_whole_sectors(size_t bytes)
{
    return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
}

static void store_le16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static void store_le32(uint8_t *bytes, uint32_t value)
{
    store_le16(bytes, (uint16_t)value);
    store_le16(bytes + 2, (uint16_t)(value >> 16));
}

static uint64_t negated(uint64_t residue)
{
    return (MODULUS - residue % MODULUS) % MODULUS;
}

/*
 * Choose the two balance words x and y, at word index p and p + 1 of n, so that
 * both sums become 0 modulo 2^32 - 1. With them at 0 the sums are A and B. A
 * word at index i is in the second sum n - i times, so
 *
 *     x + y                       = -A
 *     (n - p) x + (n - p - 1) y   = -B
 *
 * and the second less n - p - 1 times the first gives x. The sums themselves
 * come out as all ones: once a sum has left 0 it cannot come back to it.
 */
static void balance(uint8_t *copy, size_t bytes)
{
    const uint64_t words = bytes / WORD_BYTES;
    struct fletcher64 sums = FLETCHER64_START;

    fletcher64_update(&sums, copy, (size_t)words);
    const uint64_t a = sums.sum % MODULUS;
    const uint64_t b = sums.sum_of_sums % MODULUS;
    const uint64_t x = ((words - BALANCE_INDEX - 1) * a + negated(b)) % MODULUS;
    const uint64_t y = negated(a + x);
    store_le32(copy + BALANCE_OFFSET, (uint32_t)x);
    store_le32(copy + BALANCE_OFFSET + WORD_BYTES, (uint32_t)y);
}

static enum seal_status check_stage2(const uint8_t *copy, size_t bytes)
{
    static const uint8_t empty[sizeof(struct stage2_header) - UNSEALED_OFFSET];

    if (bytes <= STAGE2_ENTRY_OFFSET)
        return SEAL_E_STAGE2_SHORT;
    if (bytes > STAGE2_MAX)
        return SEAL_E_STAGE2_LARGE;
    if (load_le32(copy) != STAGE2_MAGIC_0 || load_le32(copy + WORD_BYTES) != STAGE2_MAGIC_1)
        return SEAL_E_STAGE2_MAGIC;
    if (memcmp(copy + UNSEALED_OFFSET, empty, sizeof(empty)) != 0)
        return SEAL_E_STAGE2_HEADER;
    return SEAL_OK;
}

enum seal_status seal_stage2(uint8_t *copy, size_t bytes, const uint8_t stage1[SECTOR_BYTES])
{
    const enum seal_status status = check_stage2(copy, bytes);
    if (status != SEAL_OK)
        return status;

    const size_t whole = seal_whole_sectors(bytes);
    struct crc32c_tables tables;
    crc32c_tables_fill(&tables);
    const uint32_t build_id = crc32c_update(&tables, 0, copy + sizeof(struct stage2_header),
                                            whole - sizeof(struct stage2_header));
    store_le32(copy + offsetof(struct stage2_header, bytes), (uint32_t)whole);
    store_le32(copy + offsetof(struct stage2_header, build_id), build_id);
    const struct fletcher64 code = mbr_code_sums(stage1);
    store_le32(copy + offsetof(struct stage2_header, mbr_code), code.sum);
    store_le32(copy + offsetof(struct stage2_header, mbr_code) + WORD_BYTES, code.sum_of_sums);
    balance(copy, whole);
    return SEAL_OK;
}

static void set_parameters(uint8_t *sector, const struct stage1_parameters *where)
{
    uint8_t *const parameters = sector + STAGE1_PARAMETERS_OFFSET;

    store_le16(parameters, where->copy_lba[0]);
    store_le16(parameters + sizeof(uint16_t), where->copy_lba[1]);
    store_le16(parameters + offsetof(struct stage1_parameters, sectors), where->sectors);
}

enum seal_status seal_stage1(uint8_t *sector, size_t bytes, uint16_t sectors)
{
    static const uint8_t empty[sizeof(struct stage1_parameters)];
    const struct stage1_parameters usual = { { STAGE2_COPY_A_LBA, STAGE2_COPY_B_LBA }, sectors };

    if (bytes != SECTOR_BYTES)
        return SEAL_E_STAGE1_SIZE;
    if (load_le16(sector + MBR_BOOT_SIGNATURE) != BOOT_MARK)
        return SEAL_E_STAGE1_MARK;
    if (memcmp(sector + STAGE1_PARAMETERS_OFFSET, empty, sizeof(empty)) != 0)
        return SEAL_E_STAGE1_PARAMETERS;
    set_parameters(sector, &usual);
    return SEAL_OK;
}

static bool is_pair(const uint8_t stage1[SECTOR_BYTES], const uint8_t *copy, size_t bytes)
{
    const uint8_t *const parameters = stage1 + STAGE1_PARAMETERS_OFFSET;
    const struct fletcher64 code = mbr_code_sums(stage1);

    return bytes > STAGE2_ENTRY_OFFSET && bytes <= STAGE2_MAX && bytes % SECTOR_BYTES == 0 &&
           load_le32(copy) == STAGE2_MAGIC_0 && load_le32(copy + WORD_BYTES) == STAGE2_MAGIC_1 &&
           load_le16(parameters + offsetof(struct stage1_parameters, sectors)) ==
               bytes / SECTOR_BYTES &&
           load_le32(copy + offsetof(struct stage2_header, mbr_code)) == code.sum &&
           load_le32(copy + offsetof(struct stage2_header, mbr_code) + WORD_BYTES) ==
               code.sum_of_sums;
}

enum seal_status seal_move(uint8_t stage1[SECTOR_BYTES], uint8_t *copy, size_t bytes,
                           const struct stage1_parameters *where)
{
    if (!is_pair(stage1, copy, bytes) || where->sectors != bytes / SECTOR_BYTES)
        return SEAL_E_NOT_SEALED;
    set_parameters(stage1, where);
    memset(copy + UNSEALED_OFFSET, 0, sizeof(struct stage2_header) - UNSEALED_OFFSET);
    return seal_stage2(copy, bytes, stage1);
}

/* SPDX-License-Identifier: MIT
 *
 * See saved.h.
 */
#include "tools/disk/saved.h"

#include <string.h>

#include "base/bytes.h"
#include "kernel/core/crc32c.h"

static const uint8_t magic[8] = { 'C', 'O', 'L', 'D', 'S', 'A', 'V', 'E' };

static uint32_t checksum(const uint8_t *bytes, size_t count)
{
    struct crc32c_tables tables;

    crc32c_tables_fill(&tables);
    return crc32c_update(&tables, 0, bytes, count);
}

uint32_t saved_checksum(const uint8_t sector[SECTOR_BYTES])
{
    return checksum(sector, SECTOR_BYTES);
}

static void store_le32(uint8_t bytes[4], uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static size_t bytes_of(uint32_t sectors)
{
    return SAVED_HEADER_BYTES + sectors * (SECTOR_BYTES + sizeof(struct saved_place)) +
           SAVED_CRC_BYTES;
}

/* Where the places begin: behind the sectors. */
static size_t places_offset(uint32_t sectors)
{
    return SAVED_HEADER_BYTES + (size_t)sectors * SECTOR_BYTES;
}

size_t saved_encode(const struct saved *saved, uint8_t *bytes)
{
    const size_t count = bytes_of(saved->count);
    struct saved_header header = { 0 };
    uint8_t *const sectors = bytes + SAVED_HEADER_BYTES;
    uint8_t *const places = bytes + places_offset(saved->count);

    memcpy(header.magic, magic, sizeof(magic));
    store_le32(header.version, SAVED_VERSION);
    store_le32(header.sectors, saved->count);
    store_le64(header.disk_bytes, saved->disk_bytes);
    store_le32(header.signature, saved->signature);
    store_le32(header.old_copies, saved->old_copies);
    memset(bytes, 0, count);
    memcpy(bytes, &header, sizeof(header));
    for (uint32_t i = 0; i < saved->count; i++) {
        struct saved_place place;
        store_le32(place.lba, saved->sector[i].lba);
        store_le32(place.written, saved->sector[i].written);
        memcpy(sectors + (size_t)i * SECTOR_BYTES, saved->sector[i].old, SECTOR_BYTES);
        memcpy(places + i * sizeof(place), &place, sizeof(place));
    }
    store_le32(bytes + count - SAVED_CRC_BYTES, checksum(bytes, count - SAVED_CRC_BYTES));
    return count;
}

/* Sectors that the header promises, if the file's length keeps the promise; else 0. */
static uint32_t promised_sectors(const struct saved_header *header, size_t count)
{
    const uint32_t sectors = load_le32(header->sectors);

    return sectors <= SAVED_SECTORS_MOST && count == bytes_of(sectors) ? sectors : 0;
}

static bool read_sectors(struct saved *saved, const uint8_t *bytes)
{
    const uint8_t *const sectors = bytes + SAVED_HEADER_BYTES;
    const uint8_t *const places = bytes + places_offset(saved->count);

    for (uint32_t i = 0; i < saved->count; i++) {
        struct saved_sector *const sector = &saved->sector[i];
        struct saved_place place;
        memcpy(&place, places + i * sizeof(place), sizeof(place));
        sector->lba = load_le32(place.lba);
        sector->written = load_le32(place.written);
        memcpy(sector->old, sectors + (size_t)i * SECTOR_BYTES, SECTOR_BYTES);
        if (sector->lba >= HEAD_SECTORS || (i == 0) != (sector->lba == 0) ||
            (i != 0 && sector->lba <= saved->sector[i - 1].lba))
            return false;
    }
    return load_le32(saved->sector[0].old + MBR_DISK_SIGNATURE) == saved->signature;
}

bool saved_decode(struct saved *saved, const uint8_t *bytes, size_t count, struct refusal *refusal)
{
    struct saved_header header;

    if (count < bytes_of(1) || memcmp(bytes, magic, sizeof(magic)) != 0)
        return refuse(refusal, "not a file that an install saved: it does not begin with COLDSAVE");
    memcpy(&header, bytes, sizeof(header));
    if (load_le32(header.version) != SAVED_VERSION)
        return refuse(refusal, "saved in version %u of the format; this program knows version %d",
                      load_le32(header.version), SAVED_VERSION);
    *saved = (struct saved){ .disk_bytes = load_le64(header.disk_bytes),
                             .signature = load_le32(header.signature),
                             .old_copies = load_le32(header.old_copies),
                             .count = promised_sectors(&header, count) };
    if (saved->count == 0 ||
        load_le32(bytes + count - SAVED_CRC_BYTES) != checksum(bytes, count - SAVED_CRC_BYTES))
        return refuse(refusal, "the file is damaged: its length or its checksum is wrong");
    if (!read_sectors(saved, bytes))
        return refuse(refusal, "the file contradicts itself: no install wrote it");
    return true;
}

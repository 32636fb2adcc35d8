/* SPDX-License-Identifier: MIT
 *
 * What stood on a disk before an install, as a file: enough to know the disk again, to give each
 * sector back, and to see that nobody else has written there since. docs/install.md has the format.
 * Bytes in memory only; saved_file.h reads and writes the file.
 */
#pragma once

#include <stddef.h>

#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

#define SAVED_VERSION      1
#define SAVED_SECTORS_MOST HEAD_SECTORS
#define SAVED_HEADER_BYTES SECTOR_BYTES
#define SAVED_CRC_BYTES    4
#define SAVED_BYTES_MOST                                                                           \
    (SAVED_HEADER_BYTES + SAVED_SECTORS_MOST * (SECTOR_BYTES + sizeof(struct saved_place)) +       \
     SAVED_CRC_BYTES)

/* The file's header; the rest of its sector is zeros. Numbers are little-endian. */
struct saved_header {
    uint8_t magic[8]; /* SAVED_MAGIC */
    uint8_t version[4];
    uint8_t sectors[4];    /* how many are saved; sector 0 is the first */
    uint8_t disk_bytes[8]; /* length of the disk */
    uint8_t signature[4];  /* the disk's, as in sector 0 */
    uint8_t old_copies[4]; /* whole copies that a Coldstart in the saved sector 0 had; 0: none */
};
ASSERT_SIZE(struct saved_header, 32);

/* Of each saved sector, in the same order, behind the sectors. */
struct saved_place {
    uint8_t lba[4];
    uint8_t written[4]; /* CRC-32C of what the install wrote there */
};
ASSERT_SIZE(struct saved_place, 8);

struct saved_sector {
    uint32_t lba;
    uint32_t written;
    uint8_t old[SECTOR_BYTES];
};

struct saved {
    uint64_t disk_bytes;
    uint32_t signature;
    uint32_t old_copies;
    uint32_t count; /* of sectors: by rising LBA, sector 0 first */
    struct saved_sector sector[SAVED_SECTORS_MOST];
};

/* The CRC-32C of one sector. */
uint32_t saved_checksum(const uint8_t sector[SECTOR_BYTES]);

/* Write the file's bytes, at most SAVED_BYTES_MOST; returns how many. */
size_t saved_encode(const struct saved *saved, uint8_t *bytes);

/* Read them back. Nothing in them is trusted. False: *refusal, and *saved is undefined. */
MUST_CHECK bool saved_decode(struct saved *saved, const uint8_t *bytes, size_t count,
                             struct refusal *refusal);

/* SPDX-License-Identifier: MIT
 *
 * The boot drive as a block device, over INT 13h: several reads a trip, retried
 * and cut smaller when the BIOS refuses. Makes no call itself: whoever can talk
 * to the BIOS, or plays one, fills in the port. Reads only; nothing here can
 * write.
 * Spec: BIOS Enhanced Disk Drive Specification 3.0; IBM PC/AT BIOS, INT 13h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot_info.h"
#include "boot/status.h"
#include "kernel/core/blockdev.h"
#include "stage2/real/exchange.h"

struct disk;

/*
 * batch          where calls are laid out
 * windows        LOW_DISK_WINDOWS windows, as the calls address them at LOW_DISK
 * make_calls     makes the calls of *batch up to the first that fails
 * find_geometry  asks the BIOS for track_sectors and heads; false, and nothing
 *                is changed, when there is no sane answer
 */
struct disk_port {
    struct disk_batch *batch;
    uint8_t *windows;
    void (*make_calls)(void *context);
    bool (*find_geometry)(struct disk *disk);
    void *context;
};

/* What the BIOS answered about a drive, word for word. */
struct disk_answers {
    struct boot_bios_answer edd_check;      /* AH=41h */
    struct boot_bios_answer edd_parameters; /* AH=48h */
    struct boot_bios_answer geometry;       /* AH=08h */
    uint8_t edd_buffer[BOOT_EDD_BUFFER_BYTES];
};

/* How a drive is reached, and what reading it has been like so far. */
struct disk {
    struct disk_port port;
    uint8_t drive;
    uint8_t edd_version;    /* AH of INT 13h AH=41h; 0: no EDD */
    uint16_t edd_interface; /* CX of INT 13h AH=41h */
    bool use_edd;
    uint16_t track_sectors; /* geometry, for CHS reads; 0: unknown */
    uint16_t heads;
    uint64_t sectors; /* INT 13h AH=48h; 0 unknown, and not always true (Q27) */
    uint16_t sector_bytes;

    uint16_t call_max;     /* sectors asked for in one call */
    uint16_t call_ceiling; /* what call_max may grow back to */
    uint16_t streak;       /* full-size calls that worked since call_max changed */
    bool grown;            /* call_max was raised and has not worked yet */

    /* takes bytes out of a window to where they belong; NULL: memcpy does */
    void (*copy)(void *context, void *to, const void *from, size_t bytes);
    void *copy_context;

    uint32_t reads;        /* read calls made */
    uint32_t retries;      /* of these, repeated after an error */
    uint64_t failed_lba;   /* the last error: where, */
    uint8_t failed_status; /* and the BIOS's AH */

    struct disk_answers answers;
};

/* Read sectors to any address below 4 GiB; the port's contract is blockdev.h's. */
enum boot_status disk_read(struct disk *disk, uint64_t lba, uint32_t count, void *buffer);

/* The port. It keeps a pointer to *disk. */
struct blockdev disk_blockdev(struct disk *disk);

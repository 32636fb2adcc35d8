/* SPDX-License-Identifier: MIT
 *
 * See disk.h. A long read is cut into calls that the BIOS can do, as many as
 * fit the windows go in one trip, and their bytes are copied to where they
 * belong. What the firmwares of this world do to reads: Q18 to Q26.
 *
 * The size of a call: at first the largest that all but a few BIOSes take. A
 * place that fails twice is tried with half of it, down to one sector. When a
 * smaller size has worked for long, the double is tried again, once: a bad spot
 * must not slow down the whole disk, and a BIOS with a limit must not be asked
 * for too much for ever.
 */
#include "stage2/plan/disk.h"

#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "hw/edd.h"
#include "kernel/core/string.h"

#define TRIES_PER_SIZE     2  /* at one place, before the size is halved */
#define TRIES_ONE_SECTOR   4  /* before the boot is given up */
#define STREAK_BEFORE_GROW 32 /* full-size calls */
#define SEGMENT_SHIFT      4

#define DISK_AREA_BYTES (LOW_DISK_WINDOW_BYTES * LOW_DISK_WINDOWS)

#define CHS_CYLINDERS_MAX 1024

static uint32_t lower(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/*
 * Fill in where a CHS call starts, and cut it at the end of its track: a call
 * may not leave it. False: CHS cannot reach the place.
 */
static bool request_chs(const struct disk *disk, uint64_t lba, struct disk_request *request)
{
    if (disk->track_sectors == 0 || disk->heads == 0)
        return false;

    const uint32_t sector = (uint32_t)(lba % disk->track_sectors);
    const uint64_t track = lba / disk->track_sectors;
    const uint64_t cylinder = track / disk->heads;
    if (cylinder >= CHS_CYLINDERS_MAX)
        return false;

    request->kind = DISK_READ_CHS;
    request->chs_dh = (uint8_t)(track % disk->heads);
    request->chs_cx =
        (uint16_t)((cylinder & 0xFF) << 8 | (cylinder >> CHS_CYLINDER_SHIFT & CHS_CYLINDER_MASK) |
                   (sector + 1));
    request->packet.count = (uint16_t)lower(request->packet.count, disk->track_sectors - sector);
    return true;
}

/*
 * One call for the sectors from lba on, as many as it may ask for. False: there
 * is no way to reach them.
 */
static bool request_read(const struct disk *disk, uint64_t lba, uint32_t wanted,
                         struct disk_request *request)
{
    *request = (struct disk_request){
        .packet = { .size = sizeof(struct edd_packet),
                    .count = (uint16_t)lower(wanted, disk->call_max),
                    .lba = lba },
        .kind = DISK_READ_EDD,
    };
    return disk->use_edd || request_chs(disk, lba, request);
}

/*
 * Lay out calls for a read in the windows, none across a 64 KiB line (Q20), and
 * make them in one trip. Back: false when not even the first can be made.
 */
static bool batch_make(struct disk *disk, uint64_t lba, uint32_t count)
{
    struct disk_batch *const batch = disk->port.batch;
    uint32_t at = 0;

    batch->drive = disk->drive;
    batch->count = 0;
    while (count != 0 && batch->count < DISK_BATCH_MAX) {
        struct disk_request *const request = &batch->request[batch->count];
        if (!request_read(disk, lba, count, request))
            break;
        const uint32_t bytes = (uint32_t)request->packet.count * SECTOR_BYTES;
        if (at % LOW_DISK_WINDOW_BYTES + bytes > LOW_DISK_WINDOW_BYTES)
            at += LOW_DISK_WINDOW_BYTES - at % LOW_DISK_WINDOW_BYTES;
        if (at + bytes > DISK_AREA_BYTES)
            break;
        request->packet.segment = (uint16_t)((LOW_DISK + at) >> SEGMENT_SHIFT);
        at += bytes;
        lba += request->packet.count;
        count -= request->packet.count;
        batch->count++;
    }
    if (batch->count == 0)
        return false;
    disk->port.make_calls(disk->port.context);
    disk->reads += batch->made;
    return true;
}

/*
 * How many sectors a call really brought. Carry is the failure, whatever AH says
 * (Q24). A smaller count than asked is believed (Q25); a count of 0 without an
 * error is a BIOS that clears the packet (Q26).
 */
static uint32_t request_moved(const struct disk_request *request)
{
    if (request->carry)
        return 0;
    if (request->kind == DISK_READ_EDD && request->moved != 0)
        return lower(request->moved, request->packet.count);
    return request->packet.count;
}

/* Count a full-size call that worked; after enough, twice the size is tried. */
static void note_success(struct disk *disk, const struct disk_request *request)
{
    if (request->packet.count != disk->call_max)
        return;
    disk->grown = false;
    if (disk->call_max >= disk->call_ceiling || ++disk->streak < STREAK_BEFORE_GROW)
        return;
    disk->call_max = (uint16_t)lower(disk->call_max * 2U, disk->call_ceiling);
    disk->grown = true;
    disk->streak = 0;
}

static void copy_out(const struct disk *disk, void *to, const void *from, size_t bytes)
{
    if (disk->copy != NULL)
        disk->copy(disk->copy_context, to, from, bytes);
    else
        memcpy(to, from, bytes);
}

/*
 * Copy out what the trip brought, up to the first call that did not bring all.
 * Returns the sectors copied; *failed tells whether a call was refused.
 */
static uint32_t batch_collect(struct disk *disk, uint8_t *to, bool *failed)
{
    const struct disk_batch *const batch = disk->port.batch;
    uint32_t done = 0;

    *failed = false;
    for (unsigned i = 0; i < batch->made; i++) {
        const struct disk_request *const request = &batch->request[i];
        const uint32_t moved = request_moved(request);
        const uint32_t from = ((uint32_t)request->packet.segment << SEGMENT_SHIFT) - LOW_DISK;
        copy_out(disk, to + (size_t)done * SECTOR_BYTES, disk->port.windows + from,
                 (size_t)moved * SECTOR_BYTES);
        done += moved;
        if (moved == 0) {
            disk->failed_status = request->status;
            *failed = true;
        }
        if (moved < request->packet.count) {
            disk->retries++;
            break;
        }
        note_success(disk, request);
    }
    return done;
}

/* Some controllers stay in their error until they are reset (Q23). */
static void reset(const struct disk *disk)
{
    struct disk_batch *const batch = disk->port.batch;

    batch->drive = disk->drive;
    batch->count = 1;
    batch->request[0] = (struct disk_request){ .kind = DISK_RESET };
    disk->port.make_calls(disk->port.context);
}

/*
 * Get ready to try a place again after *tries failures with the present size.
 * False: nothing is left to try.
 */
static bool recover(struct disk *disk, unsigned *tries)
{
    reset(disk);
    disk->streak = 0;
    if (disk->call_max > 1) {
        if (*tries < TRIES_PER_SIZE)
            return true;
        if (disk->grown) /* its one chance was missed */
            disk->call_ceiling = disk->call_max / 2;
        disk->call_max /= 2;
        disk->grown = false;
        *tries = 0;
        return true;
    }
    if (*tries < TRIES_ONE_SECTOR)
        return true;
    /* EDD was promised but AH=42h is not there (Q18). */
    if (disk->use_edd && disk->failed_status == INT13_E_BAD_COMMAND &&
        disk->port.find_geometry(disk)) {
        disk->use_edd = false;
        *tries = 0;
        return true;
    }
    return false;
}

/*
 * See disk.h.
 *
 * lba, count  sectors of the drive; not bounded by what AH=48h claims (Q27)
 * buffer      count * 512 bytes below 4 GiB
 *
 * BOOT_E_DISK_READ  failed_lba and failed_status tell the rest
 *
 * Cost: one trip per four calls of 127 sectors, and the copy.
 */
enum boot_status disk_read(struct disk *disk, uint64_t lba, uint32_t count, void *buffer)
{
    uint8_t *to = buffer;
    unsigned tries = 0;

    while (count != 0) {
        bool failed = true;
        uint32_t done = 0;
        if (batch_make(disk, lba, count))
            done = batch_collect(disk, to, &failed);
        else
            disk->failed_status = INT13_E_SECTOR_NOT_FOUND;
        lba += done;
        count -= done;
        to += (size_t)done * SECTOR_BYTES;
        if (done != 0)
            tries = 0;
        if (!failed)
            continue;
        tries++;
        disk->failed_lba = lba;
        if (!recover(disk, &tries))
            return BOOT_E_DISK_READ;
    }
    return BOOT_OK;
}

static enum boot_status port_read(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    return disk_read(context, lba, count, buffer);
}

struct blockdev disk_blockdev(struct disk *disk)
{
    return (struct blockdev){ .read = port_read, .context = disk, .sectors = UINT64_MAX };
}

/* SPDX-License-Identifier: MIT
 *
 * See grow_place.h.
 */
#include "tools/disk/grow_place.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/fat.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/progress.h"
#include "tools/disk/view.h"

#define PIECE_BYTES ((size_t)1 << 20)
#define FAT16_ENTRY 2
#define FAT32_ENTRY 4

/* What is done with each run of neighbouring sectors that the new volume uses. */
typedef bool run_visitor(struct grow_place *place, uint64_t offset, size_t bytes,
                         struct refusal *refusal);

static struct view made;
static uint8_t piece[PIECE_BYTES], back[PIECE_BYTES];

static uint64_t start_of(const struct grow_place *place)
{
    return (uint64_t)place->plan->first_lba * SECTOR_BYTES;
}

static uint64_t old_bytes(const struct grow_place *place)
{
    return (uint64_t)place->plan->old_sectors * SECTOR_BYTES;
}

static bool fail(struct refusal *refusal, const struct device_problem *problem)
{
    return refuse(refusal, "the disk failed to %s at byte %" PRIu64 ": %s", problem->verb,
                  problem->offset, strerror(problem->error));
}

/* ---- which sectors are used */

/* In pieces, none across the old volume's end. */
static bool visit_run(struct grow_place *place, uint64_t from, uint64_t to, run_visitor *visit,
                      struct refusal *refusal)
{
    while (from < to) {
        const uint64_t stop =
            from < old_bytes(place) && to > old_bytes(place) ? old_bytes(place) : to;
        const size_t bytes = stop - from < PIECE_BYTES ? (size_t)(stop - from) : PIECE_BYTES;
        if (!visit(place, from, bytes, refusal))
            return false;
        from += bytes;
    }
    return true;
}

/* A stretch of the table, from the entry `first` on; at most `count` of them fit. */
static bool read_table(uint32_t first, size_t entry_bytes, uint8_t *table, size_t bytes,
                       struct refusal *refusal)
{
    struct device_problem problem;

    return device_read(&made.file,
                       made.volume.table_lba * SECTOR_BYTES + (uint64_t)first * entry_bytes, table,
                       bytes, &problem) ||
           refuse(refusal, "the new volume cannot be read: %s", strerror(problem.error));
}

/* Everything in front of the clusters, then each run of clusters that are not free. */
static bool visit_used(struct grow_place *place, run_visitor *visit, struct refusal *refusal)
{
    static uint8_t table[PIECE_BYTES];
    const struct fat_volume *const volume = &made.volume;
    const uint64_t cluster_bytes = (uint64_t)SECTOR_BYTES << volume->cluster_shift;
    const size_t entry_bytes = volume->kind == FAT_KIND_32 ? FAT32_ENTRY : FAT16_ENTRY;
    const uint32_t end = volume->cluster_count + FAT_FIRST_CLUSTER;
    uint64_t from = 0, to = volume->data_lba * SECTOR_BYTES;
    size_t held = 0, at = 0;

    for (uint32_t cluster = FAT_FIRST_CLUSTER; cluster < end; cluster++, at += entry_bytes) {
        if (at == held) {
            const uint64_t left = (uint64_t)(end - cluster) * entry_bytes;
            held = left < sizeof(table) ? (size_t)left : sizeof(table);
            at = 0;
            if (!read_table(cluster, entry_bytes, table, held, refusal))
                return false;
        }
        const uint32_t entry = entry_bytes == FAT32_ENTRY ? load_le32(table + at) & FAT32_ENTRY_MASK
                                                          : load_le16(table + at);
        const uint64_t offset = volume->data_lba * SECTOR_BYTES +
                                (uint64_t)(cluster - FAT_FIRST_CLUSTER) * cluster_bytes;
        if (entry == FAT_ENTRY_FREE)
            continue;
        if (offset != to) {
            if (!visit_run(place, from, to, visit, refusal))
                return false;
            from = offset;
        }
        to = offset + cluster_bytes;
    }
    return visit_run(place, from, to, visit, refusal);
}

/* ---- what is done with them */

static bool count(struct grow_place *place, uint64_t offset, size_t bytes, struct refusal *refusal)
{
    (void)offset;
    (void)refusal;
    place->written_bytes += bytes;
    return true;
}

static bool read_made(uint64_t offset, size_t bytes, struct refusal *refusal)
{
    struct device_problem problem;

    if (interrupt_seen())
        return refuse(refusal, "interrupted");
    return device_read(&made.file, offset, piece, bytes, &problem) ||
           refuse(refusal, "the new volume cannot be read: %s", strerror(problem.error));
}

static bool write_piece(struct grow_place *place, uint64_t offset, size_t bytes,
                        struct refusal *refusal)
{
    static uint64_t written;
    struct device_problem problem;

    if (!read_made(offset, bytes, refusal))
        return false;
    const bool is_written =
        device_write(place->disk, start_of(place) + offset, piece, bytes, &problem);
    if (is_written || problem.offset != start_of(place) + offset) {
        place->is_begun = true;
        place->is_over_old = place->is_over_old || offset < old_bytes(place);
    }
    if (!is_written)
        return fail(refusal, &problem);
    written += bytes;
    progress_at(written);
    return true;
}

static bool write_behind_old(struct grow_place *place, uint64_t offset, size_t bytes,
                             struct refusal *refusal)
{
    return offset < old_bytes(place) || write_piece(place, offset, bytes, refusal);
}

static bool write_over_old(struct grow_place *place, uint64_t offset, size_t bytes,
                           struct refusal *refusal)
{
    return offset >= old_bytes(place) || write_piece(place, offset, bytes, refusal);
}

static bool compare_piece(struct grow_place *place, uint64_t offset, size_t bytes,
                          struct refusal *refusal)
{
    static uint64_t compared;
    struct device_problem problem;

    if (!read_made(offset, bytes, refusal))
        return false;
    if (!device_read(place->disk, start_of(place) + offset, back, bytes, &problem))
        return fail(refusal, &problem);
    if (memcmp(piece, back, bytes) != 0)
        return refuse(refusal, "read back from byte %" PRIu64 " on, it is not what was written",
                      start_of(place) + offset);
    compared += bytes;
    progress_at(compared);
    return true;
}

/* ---- the steps */

static bool flush(const struct grow_place *place, struct refusal *refusal)
{
    struct device_problem problem;
    return device_flush(place->disk, &problem) || fail(refusal, &problem);
}

/* Sector 0, written, on the medium, and read back from there. */
static bool write_head(const struct grow_place *place, const uint8_t head[SECTOR_BYTES],
                       struct refusal *refusal)
{
    uint8_t found[SECTOR_BYTES];
    struct device_problem problem;

    if (!device_write(place->disk, 0, head, SECTOR_BYTES, &problem) ||
        !device_flush(place->disk, &problem) || !device_forget(place->disk, &problem) ||
        !device_read(place->disk, 0, found, sizeof(found), &problem))
        return fail(refusal, &problem);
    return memcmp(head, found, sizeof(found)) == 0 ||
           refuse(refusal, "read back, sector 0 is not what was written");
}

static bool write_all(struct grow_place *place, struct refusal *refusal)
{
    progress_start("writing", place->written_bytes);
    const bool is_written = visit_used(place, write_behind_old, refusal) &&
                            (!place->is_begun || flush(place, refusal)) &&
                            visit_used(place, write_over_old, refusal) && flush(place, refusal) &&
                            write_head(place, place->head, refusal);
    progress_end();
    return is_written;
}

static bool compare_all(struct grow_place *place, struct refusal *refusal)
{
    progress_start("comparing", place->written_bytes);
    const bool is_same = visit_used(place, compare_piece, refusal);
    progress_end();
    return is_same;
}

bool grow_place_new(struct grow_place *place, struct refusal *refusal)
{
    if (!view_open(&made, place->files->new_volume, refusal))
        return false;
    place->written_bytes = 0;
    const bool is_done = visit_used(place, count, refusal) && write_all(place, refusal) &&
                         compare_all(place, refusal);
    view_close(&made);
    return is_done;
}

/* What is done with each piece of the saved disk: `piece` is the saved one. */
typedef bool saved_visitor(const struct grow_place *place, uint64_t offset, size_t bytes,
                           struct refusal *refusal);

static bool visit_saved(const struct grow_place *place, const struct device *saved,
                        saved_visitor *visit, struct refusal *refusal)
{
    struct device_problem problem;

    for (uint64_t at = start_of(place); at < saved->bytes;) {
        const uint64_t left = saved->bytes - at;
        const size_t bytes = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        if (!device_read(saved, at, piece, bytes, &problem))
            return refuse(refusal, "%s cannot be read: %s", place->files->path,
                          strerror(problem.error));
        if (!visit(place, at, bytes, refusal))
            return false;
        at += bytes;
    }
    return true;
}

/* One that cannot be written does not keep the others from it: what counts is read back later. */
static bool restore_piece(const struct grow_place *place, uint64_t offset, size_t bytes,
                          struct refusal *refusal)
{
    struct device_problem problem;

    (void)refusal;
    (void)!device_write(place->disk, offset, piece, bytes, &problem);
    return true;
}

static bool recognize_piece(const struct grow_place *place, uint64_t offset, size_t bytes,
                            struct refusal *refusal)
{
    struct device_problem problem;

    if (!device_read(place->disk, offset, back, bytes, &problem))
        return fail(refusal, &problem);
    return memcmp(piece, back, bytes) == 0 ||
           refuse(refusal, "read back from byte %" PRIu64 " on, it is not what was there", offset);
}

bool grow_place_old(const struct grow_place *place, struct refusal *refusal)
{
    struct device saved;
    struct device_problem problem;

    if (!device_open(&saved, place->files->path, DEVICE_READ, &problem))
        return refuse(refusal, "%s: %s", place->files->path, strerror(problem.error));
    const bool is_done = visit_saved(place, &saved, restore_piece, refusal) &&
                         flush(place, refusal) &&
                         write_head(place, place->plan->old_head, refusal) &&
                         visit_saved(place, &saved, recognize_piece, refusal);
    device_close(&saved);
    return is_done;
}

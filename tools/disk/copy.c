/* SPDX-License-Identifier: MIT
 *
 * See copy.h.
 */
#include "tools/disk/copy.h"

#include <string.h>

#include "boot/disk_layout.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/progress.h"

#define PIECE_BYTES (1U << 20)
#define FLUSH_BYTES (8U << 20) /* so that the speed shown is the disk's, and Ctrl-C is soon heard */

struct copy {
    const struct device *disk, *image;
    struct copy_state *state;
};

static const uint8_t zeros[PIECE_BYTES];
static uint8_t piece[PIECE_BYTES], back[PIECE_BYTES];

static bool trouble(const struct copy *copy, enum copy_trouble kind)
{
    copy->state->trouble = kind;
    return false;
}

static bool flush(const struct copy *copy)
{
    return device_flush(copy->disk, &copy->state->problem) || trouble(copy, COPY_DEVICE_FAILED);
}

static bool forget(const struct copy *copy)
{
    return device_forget(copy->disk, &copy->state->problem) || trouble(copy, COPY_DEVICE_FAILED);
}

static bool read_disk(const struct copy *copy, uint64_t offset, size_t bytes)
{
    return device_read(copy->disk, offset, back, bytes, &copy->state->problem) ||
           trouble(copy, COPY_DEVICE_FAILED);
}

static bool read_image(const struct copy *copy, uint64_t offset, size_t bytes)
{
    return device_read(copy->image, offset, piece, bytes, &copy->state->problem) ||
           trouble(copy, COPY_IMAGE_FAILED);
}

/* Count the sectors of `back` that are not those of `wanted`. */
static void compare(const struct copy *copy, uint64_t offset, const uint8_t *wanted, size_t bytes)
{
    struct copy_state *const state = copy->state;

    if (memcmp(back, wanted, bytes) == 0)
        return;
    for (size_t at = 0; at < bytes; at += SECTOR_BYTES) {
        if (memcmp(back + at, wanted + at, SECTOR_BYTES) == 0)
            continue;
        if (state->different_sectors++ == 0)
            state->first_different_lba = (offset + at) / SECTOR_BYTES;
    }
}

/*
 * Write a part that has a state of its own, and have it on the medium. If not one
 * byte was taken it is what it was; if the disk failed later, nobody knows.
 */
static bool write_part(const struct copy *copy, uint64_t offset, const uint8_t *from, size_t bytes,
                       enum copy_part *part, enum copy_part maybe)
{
    struct device_problem *const problem = &copy->state->problem;
    const bool is_written = device_write(copy->disk, offset, from, bytes, problem);

    if (is_written || problem->offset != offset)
        *part = maybe;
    return (is_written || trouble(copy, COPY_DEVICE_FAILED)) && flush(copy);
}

/* Read the part back from the medium; true: it is now `done`. */
static bool read_part(const struct copy *copy, uint64_t offset, const uint8_t *wanted, size_t bytes,
                      enum copy_part *part, enum copy_part done)
{
    if (!forget(copy) || !read_disk(copy, offset, bytes))
        return false;
    compare(copy, offset, wanted, bytes);
    if (copy->state->different_sectors != 0)
        return trouble(copy, COPY_DIFFERENT);
    *part = done;
    return true;
}

static bool empty_first_sector(const struct copy *copy)
{
    enum copy_part *const part = &copy->state->first_sector;

    return write_part(copy, 0, zeros, SECTOR_BYTES, part, COPY_MAYBE_EMPTY) &&
           read_part(copy, 0, zeros, SECTOR_BYTES, part, COPY_EMPTY);
}

static bool empty_tail(const struct copy *copy)
{
    struct copy_state *const state = copy->state;

    return state->tail_bytes == 0 || (write_part(copy, state->tail_offset, zeros, state->tail_bytes,
                                                 &state->tail, COPY_MAYBE_EMPTY) &&
                                      read_part(copy, state->tail_offset, zeros, state->tail_bytes,
                                                &state->tail, COPY_EMPTY));
}

/* From `offset` to the next multiple of a piece, or to the image's end. */
static size_t piece_from(const struct copy *copy, uint64_t offset)
{
    const uint64_t left = copy->image->bytes - offset;
    const uint64_t room = PIECE_BYTES - offset % PIECE_BYTES;

    return (size_t)(left < room ? left : room);
}

static bool write_piece(const struct copy *copy, uint64_t offset, size_t bytes)
{
    struct copy_state *const state = copy->state;

    if (interrupt_seen())
        return trouble(copy, COPY_INTERRUPTED);
    if (!read_image(copy, offset, bytes))
        return false;
    if (!device_write(copy->disk, offset, piece, bytes, &state->problem)) {
        state->touched = state->problem.offset;
        return trouble(copy, COPY_DEVICE_FAILED);
    }
    state->touched = offset + bytes;
    if (state->touched % FLUSH_BYTES != 0 && state->touched != copy->image->bytes)
        return true;
    if (!flush(copy))
        return false;
    state->flushed = state->touched;
    return true;
}

static bool write_body(const struct copy *copy)
{
    bool is_well = true;

    progress_start("writing", copy->image->bytes);
    for (uint64_t at = SECTOR_BYTES; is_well && at < copy->image->bytes;) {
        const size_t bytes = piece_from(copy, at);
        is_well = write_piece(copy, at, bytes);
        at += bytes;
        progress_at(copy->state->touched);
    }
    progress_end();
    return is_well;
}

static bool compare_piece(const struct copy *copy, uint64_t offset, size_t bytes)
{
    if (interrupt_seen())
        return trouble(copy, COPY_INTERRUPTED);
    if (!read_image(copy, offset, bytes) || !read_disk(copy, offset, bytes))
        return false;
    compare(copy, offset, piece, bytes);
    copy->state->compared = offset + bytes;
    copy->state->wrong_sectors = copy->state->different_sectors;
    return true;
}

/* To the end even if something differs: the user learns how much. */
static bool compare_body(const struct copy *copy)
{
    bool is_well = forget(copy);

    progress_start("comparing", copy->image->bytes);
    for (uint64_t at = SECTOR_BYTES; is_well && at < copy->image->bytes;) {
        const size_t bytes = piece_from(copy, at);
        is_well = compare_piece(copy, at, bytes);
        at += bytes;
        progress_at(copy->state->compared);
    }
    progress_end();
    if (is_well && copy->state->different_sectors != 0)
        return trouble(copy, COPY_DIFFERENT);
    return is_well;
}

static bool write_first_sector(const struct copy *copy)
{
    enum copy_part *const part = &copy->state->first_sector;

    return read_image(copy, 0, SECTOR_BYTES) &&
           write_part(copy, 0, piece, SECTOR_BYTES, part, COPY_MAYBE_IMAGE) &&
           read_part(copy, 0, piece, SECTOR_BYTES, part, COPY_IMAGE);
}

bool copy_image(const struct device *disk, const struct device *image, struct copy_state *state)
{
    const struct copy copy = { disk, image, state };
    const uint64_t behind = disk->bytes - image->bytes;

    *state = (struct copy_state){ .flushed = SECTOR_BYTES,
                                  .touched = SECTOR_BYTES,
                                  .compared = SECTOR_BYTES };
    state->tail_bytes = behind < COPY_TAIL_BYTES ? behind : COPY_TAIL_BYTES;
    state->tail_offset = disk->bytes - state->tail_bytes;
    return empty_first_sector(&copy) && empty_tail(&copy) && write_body(&copy) &&
           compare_body(&copy) && write_first_sector(&copy);
}

/* SPDX-License-Identifier: MIT
 *
 * See grow_save.h. Zeros become holes, so that an empty disk makes a small file.
 */
#define _GNU_SOURCE
#include "tools/disk/grow_save.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/disk/interrupt.h"
#include "tools/disk/progress.h"

#define PIECE_BYTES ((size_t)1 << 20)
#define FILE_MODE   0644

static int forget_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void grow_files_tidy(const struct grow_files *files)
{
    nftw(files->folder, forget_one, 1, FTW_DEPTH | FTW_PHYS);
}

/* An empty file of that length; -1 and errno. */
static int create(const char *path, uint64_t bytes)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

    if (fd >= 0 && ftruncate(fd, (off_t)bytes) != 0) {
        const int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static bool is_empty(const uint8_t *bytes, size_t count)
{
    return count == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0);
}

static bool put(int fd, const uint8_t *piece, size_t bytes, uint64_t offset)
{
    const ssize_t moved =
        is_empty(piece, bytes) ? (ssize_t)bytes : pwrite(fd, piece, bytes, (off_t)offset);
    if (moved >= 0 && moved != (ssize_t)bytes)
        errno = ENOSPC;
    return moved == (ssize_t)bytes;
}

/* All of the disk up to `end` into one file, from `start` on into the other as well. */
static bool copy(const struct device *disk, int whole, int volume, uint64_t start, uint64_t end,
                 struct refusal *refusal)
{
    static uint8_t piece[PIECE_BYTES];
    struct device_problem problem;

    for (uint64_t at = 0; at < end;) {
        const uint64_t stop = at < start ? start : end;
        const size_t bytes = stop - at < PIECE_BYTES ? (size_t)(stop - at) : PIECE_BYTES;
        if (interrupt_seen())
            return refuse(refusal, "interrupted");
        if (!device_read(disk, at, piece, bytes, &problem))
            return refuse(refusal, "the disk cannot be read at byte %" PRIu64 ": %s",
                          problem.offset, strerror(problem.error));
        if (!put(whole, piece, bytes, at) ||
            (at >= start && !put(volume, piece, bytes, at - start)))
            return refuse(refusal, "the disk as it is cannot be saved: %s", strerror(errno));
        at += bytes;
        progress_at(at);
    }
    return true;
}

static bool make_folder(struct grow_files *files, struct refusal *refusal)
{
    snprintf(files->folder, sizeof(files->folder), "%.4000s.work.XXXXXX", files->path);
    if (strchr(files->folder, '"') != NULL)
        return refuse(refusal, "mtools takes no path with a quotation mark in it: use --saved");
    if (mkdtemp(files->folder) == NULL)
        return refuse(refusal, "%s: %s", files->folder, strerror(errno));
    snprintf(files->old_volume, sizeof(files->old_volume), "%s/old", files->folder);
    snprintf(files->new_volume, sizeof(files->new_volume), "%s/new", files->folder);
    return true;
}

/* Both files are written; only a whole one gets its name. */
static bool save(const struct grow_files *files, const struct grow_plan *plan,
                 const struct device *disk, const char *whole_path, struct refusal *refusal)
{
    const uint64_t start = (uint64_t)plan->first_lba * SECTOR_BYTES;
    const uint64_t bytes = (uint64_t)plan->old_sectors * SECTOR_BYTES;
    const int whole = create(whole_path, start + bytes);
    const int volume = create(files->old_volume, bytes);
    bool is_saved =
        (whole >= 0 && volume >= 0) ||
        refuse(refusal, "no file can be made beside %s: %s", files->path, strerror(errno));

    progress_start("saving", start + bytes);
    is_saved = is_saved && copy(disk, whole, volume, start, start + bytes, refusal);
    progress_end();
    is_saved = is_saved && ((fsync(whole) == 0 && rename(whole_path, files->path) == 0 &&
                             saved_flush_folder(files->path)) ||
                            refuse(refusal, "%s: %s", files->path, strerror(errno)));
    if (whole >= 0)
        close(whole);
    if (volume >= 0)
        close(volume);
    return is_saved;
}

bool grow_save(struct grow_files *files, const struct grow_plan *plan, const struct device *disk,
               struct refusal *refusal)
{
    char whole[SAVED_PATH_BYTES + 16];

    if (!make_folder(files, refusal))
        return false;
    snprintf(whole, sizeof(whole), "%s/saved", files->folder);
    if (save(files, plan, disk, whole, refusal))
        return true;
    grow_files_tidy(files);
    return false;
}

/* SPDX-License-Identifier: MIT
 *
 * See saved_file.h. Spec: POSIX open, fsync.
 */
#include "tools/disk/saved_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MOST 1000
#define FILE_MODE  0644

/* ---- its name */

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 || errno != ENOENT;
}

/* The name without a number, and then with the numbers from 2 on. */
static void name_number(char path[SAVED_PATH_BYTES], const char *stem, unsigned number)
{
    if (number == 1)
        snprintf(path, SAVED_PATH_BYTES, "coldstart-%.64s.saved", stem);
    else
        snprintf(path, SAVED_PATH_BYTES, "coldstart-%.64s-%u.saved", stem, number);
}

bool saved_name(char path[SAVED_PATH_BYTES], const char *wished, const char *device,
                uint32_t signature, struct refusal *refusal)
{
    char stem[NAME_MAX + 1];
    const char *const slash = strrchr(device, '/');

    if (wished != NULL) {
        if ((size_t)snprintf(path, SAVED_PATH_BYTES, "%s", wished) >= SAVED_PATH_BYTES)
            return refuse(refusal, "the name of the file for the old sectors is too long");
        if (exists(path))
            return refuse(refusal, "%s is there already, and is not overwritten", path);
        return true;
    }
    if (signature != 0)
        snprintf(stem, sizeof(stem), "%08x", signature);
    else
        snprintf(stem, sizeof(stem), "%s", slash != NULL ? slash + 1 : device);
    for (unsigned number = 1; number <= NAMES_MOST; number++) {
        name_number(path, stem, number);
        if (!exists(path))
            return true;
    }
    return refuse(refusal, "%s and all names before it are taken: give one with --saved", path);
}

/* The folder that a path names its file in. */
static void folder_of(const char *path, char folder[SAVED_PATH_BYTES])
{
    char copy[SAVED_PATH_BYTES];

    snprintf(copy, sizeof(copy), "%s", path);
    snprintf(folder, SAVED_PATH_BYTES, "%s", dirname(copy));
}

/* ---- in and out */

static bool write_all(int fd, const uint8_t *bytes, size_t count)
{
    while (count != 0) {
        const ssize_t moved = write(fd, bytes, count);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0)
            return false;
        bytes += moved;
        count -= (size_t)moved;
    }
    return fsync(fd) == 0;
}

bool saved_flush_folder(const char *path)
{
    char folder[SAVED_PATH_BYTES];

    folder_of(path, folder);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* A file system that cannot flush a folder says EINVAL, and has nothing to flush. */
    const bool is_flushed = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    if (fd >= 0)
        close(fd);
    return is_flushed;
}

bool saved_create(const struct saved *saved, const char *path, struct refusal *refusal)
{
    static uint8_t bytes[SAVED_BYTES_MOST];
    const size_t count = saved_encode(saved, bytes);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

    if (fd < 0)
        return refuse(refusal, "%s: %s", path, strerror(errno));
    bool is_safe = write_all(fd, bytes, count);
    int error = errno;
    if (close(fd) != 0 && is_safe) {
        is_safe = false;
        error = errno;
    }
    if (is_safe && !saved_flush_folder(path)) {
        is_safe = false;
        error = errno;
    }
    if (is_safe)
        return true;
    unlink(path);
    return refuse(refusal, "%s: %s", path, strerror(error));
}

bool saved_load(struct saved *saved, const char *path, struct refusal *refusal)
{
    static uint8_t bytes[SAVED_BYTES_MOST + 1];
    struct refusal reason;
    FILE *const file = fopen(path, "rb");

    if (file == NULL)
        return refuse(refusal, "%s: %s", path, strerror(errno));
    const size_t count = fread(bytes, 1, sizeof(bytes), file);
    const bool is_read = !ferror(file);
    fclose(file);
    if (!is_read)
        return refuse(refusal, "%s: cannot be read", path);
    if (!saved_decode(saved, bytes, count, &reason))
        return refuse(refusal, "%s: %s", path, reason.what);
    return true;
}

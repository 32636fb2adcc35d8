/* SPDX-License-Identifier: MIT
 *
 * See host_file.h. Spec: POSIX pread, pwrite; Linux lseek SEEK_DATA, SEEK_HOLE.
 */
#define _GNU_SOURCE
#include "tools/image/host_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/core/crc32c.h"
#include "tools/image/say.h"
#include "tools/image/work.h"

#define PIECE_BYTES   0x10000
#define NEW_FILE_MODE 0666

static NORETURN void fail_errno(const char *path)
{
    fail("%s: %s", path, strerror(errno));
}

uint64_t host_file_need(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        if (errno == ENOENT)
            fail("%s: no such file", path);
        fail_errno(path);
    }
    if (!S_ISREG(status.st_mode))
        fail("%s: not a file", path);
    if (access(path, R_OK) != 0)
        fail("%s: cannot be read", path);
    return (uint64_t)status.st_size;
}

static int open_to_read(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_errno(path);
    return fd;
}

/* Up to `bytes` bytes; fewer only at the end of the file. */
static size_t read_some(int fd, const char *path, uint64_t offset, void *to, size_t bytes)
{
    size_t done = 0;

    work_go_on();
    while (done < bytes) {
        const ssize_t moved = pread(fd, (uint8_t *)to + done, bytes - done, (off_t)(offset + done));
        if (moved < 0 && errno != EINTR)
            fail_errno(path);
        if (moved == 0)
            break;
        done += moved > 0 ? (size_t)moved : 0;
    }
    return done;
}

void host_file_read(const char *path, void *to, size_t bytes)
{
    const int fd = open_to_read(path);
    if (read_some(fd, path, 0, to, bytes) != bytes)
        fail("%s: became shorter while it was read", path);
    close(fd);
}

void host_file_put(int fd, const char *path, uint64_t offset, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;

    work_go_on();
    while (count != 0) {
        const ssize_t moved = pwrite(fd, at, count, (off_t)offset);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0)
            fail_errno(path);
        at += moved;
        offset += (uint64_t)moved;
        count -= (size_t)moved;
    }
}

static int open_new(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, NEW_FILE_MODE);
    if (fd < 0)
        fail_errno(path);
    return fd;
}

/* Only here does a full disk sometimes show itself. */
static void close_written(int fd, const char *path)
{
    if (close(fd) != 0)
        fail_errno(path);
}

void host_file_write(const char *path, const void *bytes, size_t count)
{
    const int fd = open_new(path);
    host_file_put(fd, path, 0, bytes, count);
    close_written(fd, path);
}

uint32_t host_file_crc32c(const char *path)
{
    const int fd = open_to_read(path);
    struct crc32c_tables tables;
    uint8_t piece[PIECE_BYTES];
    uint32_t crc = 0;
    size_t bytes;

    crc32c_tables_fill(&tables);
    for (uint64_t at = 0; (bytes = read_some(fd, path, at, piece, sizeof(piece))) != 0; at += bytes)
        crc = crc32c_update(&tables, crc, piece, bytes);
    close(fd);
    return crc;
}

/* The next piece of data from `at` on: where it begins and ends; false: only a hole is left. */
static bool next_data(int fd, uint64_t *at, uint64_t *end, uint64_t file_bytes)
{
    const off_t data = lseek(fd, (off_t)*at, SEEK_DATA);
    if (data < 0 && errno == ENXIO)
        return false;
    *end = file_bytes;
    if (data < 0) /* a file system that knows no holes */
        return *at < file_bytes;
    *at = (uint64_t)data;
    const off_t hole = lseek(fd, data, SEEK_HOLE);
    if (hole > data)
        *end = (uint64_t)hole;
    return true;
}

void host_file_copy_from(const char *path, uint64_t offset, const char *to)
{
    const uint64_t file_bytes = host_file_need(path);
    const int from_fd = open_to_read(path);
    const int to_fd = open_new(to);
    uint8_t piece[PIECE_BYTES];
    uint64_t end;

    if (ftruncate(to_fd, (off_t)(file_bytes - offset)) != 0)
        fail_errno(to);
    for (uint64_t at = offset; next_data(from_fd, &at, &end, file_bytes);) {
        while (at < end) {
            const uint64_t left = end - at;
            const size_t bytes = read_some(from_fd, path, at, piece,
                                           left < sizeof(piece) ? (size_t)left : sizeof(piece));
            if (bytes == 0)
                fail("%s: became shorter while it was read", path);
            host_file_put(to_fd, to, at - offset, piece, bytes);
            at += bytes;
        }
    }
    close(from_fd);
    close_written(to_fd, to);
}

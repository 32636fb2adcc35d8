/* SPDX-License-Identifier: MIT
 *
 * A library to preload under a program that writes to a disk: it keeps a journal
 * of what reached the "disk", and makes one call go wrong. Only descriptors whose
 * path is COLDSTART_FAULT_PATH are touched; everything else passes.
 *
 *   COLDSTART_FAULT_PATH     the disk, as the kernel names it (an absolute path)
 *   COLDSTART_FAULT_JOURNAL  a file: for each write "W" offset length bytes, for
 *                            each flush "F"; numbers are 64-bit little-endian
 *   COLDSTART_FAULT          CALL NUMBER WHAT, e.g. "write 3 EIO": the third write
 *                            fails. CALL: write, read, flush,
 *                            forget (posix_fadvise). WHAT: EIO, ENOSPC,
 *                            short (a write of half), flip (a read with one bit
 *                            wrong), stuck (a write that says yes and does
 *                            nothing), die (the program ends before the call), INT
 *                            and TERM (a signal comes just before the call), pull (a
 *                            write of half, and every later call fails with ENODEV:
 *                            a stick is pulled out). NUMBER
 *                            0: every call; @OFFSET instead: every read or write of
 *                            the byte there
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORD_BYTES 16
#define DIED       77 /* the status of a program that was made to die */

struct fault {
    char call[WORD_BYTES], which[WORD_BYTES], what[WORD_BYTES];
};

/* A call that may be made to fail: the next of its kind. */
struct call {
    const char *kind;
    unsigned long number;
    uint64_t offset, bytes; /* of a flush, 0 */
};

static bool is_pulled;

static bool is_the_disk(int fd)
{
    const char *const wanted = getenv("COLDSTART_FAULT_PATH");
    struct stat of_disk, of_fd;

    return wanted != NULL && stat(wanted, &of_disk) == 0 && fstat(fd, &of_fd) == 0 &&
           of_disk.st_ino == of_fd.st_ino && of_disk.st_dev == of_fd.st_dev;
}

static bool is_meant(const struct fault *fault, const struct call *call)
{
    if (strcmp(fault->call, call->kind) != 0)
        return false;
    if (fault->which[0] == '@') {
        const uint64_t byte = strtoull(fault->which + 1, NULL, 10);
        return byte >= call->offset && byte - call->offset < call->bytes;
    }
    const unsigned long number = strtoul(fault->which, NULL, 10);
    return number == 0 || number == call->number;
}

/* What this call is to suffer; NULL: nothing. */
static const char *suffers(const struct call *call)
{
    static struct fault fault;
    const char *const text = getenv("COLDSTART_FAULT");

    if (is_pulled)
        return "ENODEV";
    if (text == NULL || sscanf(text, "%15s %15s %15s", fault.call, fault.which, fault.what) != 3 ||
        !is_meant(&fault, call))
        return NULL;
    if (strcmp(fault.what, "die") == 0)
        _exit(DIED);
    if (strcmp(fault.what, "INT") == 0)
        raise(SIGINT);
    if (strcmp(fault.what, "TERM") == 0)
        raise(SIGTERM);
    return fault.what;
}

/* errno's number for the words that are one; 0 for the others. */
static int error_of(const char *what)
{
    static const struct {
        const char *word;
        int error;
    } errors[] = { { "EIO", EIO }, { "ENOSPC", ENOSPC }, { "ENODEV", ENODEV } };

    for (size_t i = 0; what != NULL && i < sizeof(errors) / sizeof(errors[0]); i++)
        if (strcmp(what, errors[i].word) == 0)
            return errors[i].error;
    return 0;
}

static void note(char kind, uint64_t offset, uint64_t bytes, const void *data)
{
    const char *const path = getenv("COLDSTART_FAULT_JOURNAL");
    FILE *const journal = path == NULL ? NULL : fopen(path, "ab");

    if (journal == NULL)
        return;
    fputc(kind, journal);
    if (kind == 'W') {
        fwrite(&offset, sizeof(offset), 1, journal);
        fwrite(&bytes, sizeof(bytes), 1, journal);
        fwrite(data, 1, bytes, journal);
    }
    fclose(journal);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t offset)
{
    static unsigned long count;
    ssize_t (*const real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");

    if (!is_the_disk(fd))
        return real(fd, from, bytes, offset);
    const struct call call = { "write", ++count, (uint64_t)offset, bytes };
    const char *const what = suffers(&call);
    errno = error_of(what);
    if (errno != 0)
        return -1;
    if (what != NULL && strcmp(what, "stuck") == 0)
        return (ssize_t)bytes;
    is_pulled = what != NULL && strcmp(what, "pull") == 0;
    if (is_pulled || (what != NULL && strcmp(what, "short") == 0))
        bytes = (bytes + 1) / 2;
    const ssize_t moved = real(fd, from, bytes, offset);
    if (moved > 0)
        note('W', (uint64_t)offset, (uint64_t)moved, from);
    return moved;
}

ssize_t pread64(int fd, void *to, size_t bytes, off64_t offset)
{
    static unsigned long count;
    ssize_t (*const real)(int, void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pread64");

    if (!is_the_disk(fd))
        return real(fd, to, bytes, offset);
    const struct call call = { "read", ++count, (uint64_t)offset, bytes };
    const char *const what = suffers(&call);
    errno = error_of(what);
    if (errno != 0)
        return -1;
    const ssize_t moved = real(fd, to, bytes, offset);
    if (moved > 0 && what != NULL && strcmp(what, "flip") == 0)
        ((uint8_t *)to)[moved / 2] ^= 1;
    return moved;
}

int fsync(int fd)
{
    static unsigned long count;
    int (*const real)(int) = dlsym(RTLD_NEXT, "fsync");

    if (!is_the_disk(fd))
        return real(fd);
    const struct call call = { "flush", ++count, 0, 0 };
    const char *const what = suffers(&call);
    errno = error_of(what);
    if (errno != 0)
        return -1;
    note('F', 0, 0, NULL);
    return real(fd);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t offset)
{
    return pwrite64(fd, from, bytes, offset);
}

ssize_t pread(int fd, void *to, size_t bytes, off_t offset)
{
    return pread64(fd, to, bytes, offset);
}

/* Returns its error. A program that never asks to forget may read back what only memory holds. */
int posix_fadvise(int fd, off_t offset, off_t bytes, int advice)
{
    static unsigned long count;
    int (*const real)(int, off_t, off_t, int) = dlsym(RTLD_NEXT, "posix_fadvise");

    /* libblkid gives advice too, of another kind. */
    if (advice != POSIX_FADV_DONTNEED || !is_the_disk(fd))
        return real(fd, offset, bytes, advice);
    const struct call call = { "forget", ++count, 0, 0 };
    const int error = error_of(suffers(&call));
    return error != 0 ? error : real(fd, offset, bytes, advice);
}

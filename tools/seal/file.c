/* SPDX-License-Identifier: MIT
 *
 * See file.h.
 */
#include "tools/seal/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEMPORARY_SUFFIX ".new"
#define PATH_ROOM        4096

void file_fail(const char *path, const char *what)
{
    fprintf(stderr, "seal: %s: %s\n", path, what != NULL ? what : strerror(errno));
    exit(EXIT_FAILURE);
}

size_t file_read(const char *path, uint8_t *buffer, size_t room)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        file_fail(path, NULL);
    size_t count = fread(buffer, 1, room, file);
    if (count == room && fgetc(file) != EOF)
        count++;
    if (ferror(file))
        file_fail(path, NULL);
    fclose(file);
    return count;
}

void file_write(const char *path, const uint8_t *bytes, size_t count)
{
    char temporary[PATH_ROOM];
    const int length = snprintf(temporary, sizeof(temporary), "%s%s", path, TEMPORARY_SUFFIX);
    if (length < 0 || (size_t)length >= sizeof(temporary))
        file_fail(path, "the path is too long");

    FILE *const file = fopen(temporary, "wb");
    if (file == NULL)
        file_fail(temporary, NULL);
    const size_t written = fwrite(bytes, 1, count, file);
    if (fclose(file) != 0 || written != count || rename(temporary, path) != 0) {
        const int reason = errno;
        remove(temporary);
        errno = reason;
        file_fail(path, NULL);
    }
}

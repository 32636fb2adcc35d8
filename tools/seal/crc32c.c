/* SPDX-License-Identifier: MIT
 *
 * crc32c: print the CRC-32C of files as coldstart.cfg wants it: eight hex
 * digits, then the path. The loader's own code computes it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/core/crc32c.h"

#define STATUS_MISUSED 2
#define PIECE_BYTES    0x10000

/* True when the whole file was read. */
static bool file_crc32c(const struct crc32c_tables *tables, const char *path, uint32_t *crc)
{
    static uint8_t piece[PIECE_BYTES];
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return false;

    uint32_t running = 0;
    size_t count;
    while ((count = fread(piece, 1, sizeof(piece), file)) != 0)
        running = crc32c_update(tables, running, piece, count);
    const bool whole = !ferror(file);
    fclose(file);
    if (whole)
        *crc = running;
    return whole;
}

int main(int count, char **arguments)
{
    struct crc32c_tables tables;

    if (count < 2) {
        fputs("usage: crc32c FILE...\n", stderr);
        return STATUS_MISUSED;
    }
    crc32c_tables_fill(&tables);
    for (int i = 1; i < count; i++) {
        uint32_t crc;
        if (!file_crc32c(&tables, arguments[i], &crc)) {
            fprintf(stderr, "crc32c: %s: %s\n", arguments[i], strerror(errno));
            return EXIT_FAILURE;
        }
        printf("%08" PRIx32 "  %s\n", crc, arguments[i]);
    }
    return EXIT_SUCCESS;
}

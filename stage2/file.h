/* SPDX-License-Identifier: MIT
 *
 * Reading a file of the boot volume, in order, with its checksum when the
 * configuration gives one, and with progress that can be seen.
 */
#pragma once

#include <stdint.h>

#include "stage2/loader.h"

/* What a file is called, and which line of coldstart.cfg named it (0: none). */
struct file_name {
    const char *path;
    unsigned line;
};

struct file_reader {
    struct loader *loader;
    struct file_name name;
    struct fat_file file;
    uint64_t piece_bytes;                   /* read at once; a dot stands for each */
    const struct config_checksum *checksum; /* NULL: none is given */
    uint64_t summed;                        /* so many bytes are in loader->fold */
    uint8_t *next;                          /* where the next one will lie */
};

/* Every function here ends the boot when the file cannot be had. */

void file_open(struct loader *loader, const struct file_name *name, struct file_reader *reader);

/* Look at bytes of the file: no checksum, no progress. */
void file_peek(struct file_reader *reader, uint64_t offset, uint64_t bytes, void *to);

/* Read bytes that lie, as far as a checksum is wanted, behind all read before. */
void file_read(struct file_reader *reader, uint64_t offset, uint64_t bytes, void *to);

/* Say that the file is being loaded; dots follow for a long one, to file_finish. */
void file_announce(const struct file_reader *reader);

/* The file has been read: compare the checksum if one is given. */
void file_finish(struct file_reader *reader);

/* End the boot with a status that is this file's. */
NORETURN void file_fail(const struct file_reader *reader, enum boot_status status);

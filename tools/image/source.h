/* SPDX-License-Identifier: MIT
 *
 * A file as the loader reads it: of the boot volume, or one of this machine in its
 * place. Both are judged by the same code. Knows no kernel.
 */
#pragma once

#include "kernel/core/crc32c.h"
#include "stage2/plan/config.h"
#include "tools/image/check.h"

struct source {
    /* All the bytes, or a status. */
    enum boot_status (*read)(const struct source *source, uint64_t offset, uint64_t bytes,
                             void *to);
    /* Report that this file cannot be had, as the loader does. Returns false. */
    bool (*refuse)(const struct source *source, enum boot_status status,
                   struct check_report *report);
    void *context;
    uint64_t bytes;
    const char *path;                       /* on the volume */
    unsigned line;                          /* of coldstart.cfg, 0: none names it */
    const struct config_checksum *checksum; /* NULL: none is given */
};

/* Read, or report why not. */
MUST_CHECK bool source_read(const struct source *source, uint64_t offset, uint64_t bytes, void *to,
                            struct check_report *report);

/*
 * What the loader's file_finish finds: with a checksum, the whole file is read and
 * compared; without one, nothing is.
 */
MUST_CHECK bool source_finish(const struct source *source, struct check_report *report);

/* See that all of it can be read. */
MUST_CHECK bool source_read_all(const struct source *source, struct check_report *report);

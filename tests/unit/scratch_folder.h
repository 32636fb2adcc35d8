/* SPDX-License-Identifier: MIT
 *
 * A folder of its own for a test that calls other programs, and the calling.
 */
#pragma once

#include "base/compiler.h"

#define SCRATCH_PATH_BYTES 256

struct scratch_folder {
    char path[SCRATCH_PATH_BYTES];
};

/* Make an empty folder; 0, or -1 after a message, as a cmocka set-up returns it. */
int scratch_folder_make(struct scratch_folder *folder, const char *programs, const char *packages);

/* Remove the folder and what is in it; 0 on success. */
int scratch_folder_remove(const struct scratch_folder *folder);

/* The path of a file in the folder. */
void scratch_folder_path(const struct scratch_folder *folder, const char *name,
                         char path[SCRATCH_PATH_BYTES]);

/* Run a shell command in the folder; it must succeed. */
void scratch_folder_run(const struct scratch_folder *folder, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* SPDX-License-Identifier: MIT
 *
 * The files of a grow: the disk as it was, and a folder for what is made on the way.
 */
#pragma once

#include "tools/disk/grow_plan.h"
#include "tools/disk/saved_file.h"

/* The saved disk in `path`, the folder beside it, and two volumes in the folder. */
struct grow_files {
    char path[SAVED_PATH_BYTES];
    char folder[SAVED_PATH_BYTES];
    char old_volume[SAVED_PATH_BYTES + 16], new_volume[SAVED_PATH_BYTES + 16];
};

/*
 * Copy the disk up to the end of the partition to files->path, and the volume to a file of its own.
 * True: both are there, and the first one is on its medium, name and all. False: neither is.
 */
MUST_CHECK bool grow_save(struct grow_files *files, const struct grow_plan *plan,
                          const struct device *disk, struct refusal *refusal);

/* Remove the folder with all in it; the saved disk stays. */
void grow_files_tidy(const struct grow_files *files);

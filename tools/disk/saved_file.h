/* SPDX-License-Identifier: MIT
 *
 * The file of saved sectors, in and out. It is written as if the power failed right behind it: the
 * bytes are on the medium, and the name too, before the disk is touched.
 */
#pragma once

#include "tools/disk/saved.h"

#define SAVED_PATH_BYTES 4096

/*
 * The file's name: `wished`, if it is not NULL; else one in the current folder, made of the disk's
 * signature, or of the device's name where there is none, and a number if the name is taken.
 * False: the name is taken or too long; *refusal.
 */
MUST_CHECK bool saved_name(char path[SAVED_PATH_BYTES], const char *wished, const char *device,
                           uint32_t signature, struct refusal *refusal);

/*
 * Create the file, which must not be there, and flush it and its folder. It cannot lie on the disk
 * that is written to: one that has anything mounted is refused. False: it is not there.
 */
MUST_CHECK bool saved_create(const struct saved *saved, const char *path, struct refusal *refusal);

/* Read the file back. */
MUST_CHECK bool saved_load(struct saved *saved, const char *path, struct refusal *refusal);

/* Have the name of a file just made on the medium. False: errno tells. */
MUST_CHECK bool saved_flush_folder(const char *path);

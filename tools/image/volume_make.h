/* SPDX-License-Identifier: MIT
 *
 * The FAT volume in an image: formatted, filled, looked at. mkfs.fat, mtools and fsck.fat
 * do it; the loader's own code reads it back. What goes wrong ends the program.
 */
#pragma once

#include "tools/image/contents.h"
#include "tools/image/layout.h"

/* Are the programs there? */
void volume_need_programs(void);

void volume_format(const char *image, const struct layout *layout, const char *label);

/* Every file, in order, each with the folders above it. */
void volume_fill(const char *image, struct contents *contents);

/* What lies there is what was to go there, and fsck.fat finds nothing. */
void volume_verify(const char *image, const struct layout *layout, const struct contents *contents);

/* SPDX-License-Identifier: MIT
 *
 * A larger FAT volume with the files of a smaller one, made in a file by
 * dosfstools and mtools. No disk is touched.
 */
#pragma once

#include "tools/disk/grow_save.h"

/*
 * Make files->new_volume, of plan->new_sectors, with label, serial number, files and folders of
 * files->old_volume: their contents, long names, attributes and times of writing. Both are
 * checked by fsck.fat, and compared. `fat`: the kind it has, 16 or 32. False: *refusal.
 */
MUST_CHECK bool grow_volume_make(const struct grow_files *files, const struct grow_plan *plan,
                                 unsigned *fat, struct refusal *refusal);

/* SPDX-License-Identifier: MIT
 *
 * tools/write --grow: the volume that is booted, enlarged up to the end of its disk, with all
 * that is on it.
 *
 * FAT has no room to grow in place: the table lies in front of the files, and the
 * clusters of a small volume are too small for a large one. So the larger volume is
 * made whole, checked and compared in a file, and only then written over the smaller.
 * Before that, the disk up to the partition's end is saved to a file, which is an
 * image like any other: written back, the disk is what it was.
 */
#pragma once

#include "tools/disk/request.h"

/* Do it, and say all that there is to say. The program's status. */
int grow_run(const struct request *request);

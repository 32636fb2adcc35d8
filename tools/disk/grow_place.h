/* SPDX-License-Identifier: MIT
 *
 * A volume from a file onto its partition, and back. Only what the new volume uses is
 * written, in this order, with a flush between:
 *
 *   1  behind the old partition's end: nothing is lost by that
 *   2  over the old volume
 *   3  sector 0, with the enlarged partition
 *
 * Then all of it is read back from the medium and compared. From 2 to 3 the disk holds
 * neither volume; the saved file does.
 */
#pragma once

#include "tools/disk/grow_plan.h"
#include "tools/disk/grow_save.h"

struct grow_place {
    const struct device *disk;
    const struct grow_plan *plan;
    const struct grow_files *files;
    uint8_t head[SECTOR_BYTES]; /* the new sector 0 */
    uint64_t written_bytes;     /* set on success */
    bool is_begun;              /* the disk was written to ... */
    bool is_over_old;           /* ... over the old volume, too */
};

/* Write and read back. False: *refusal; place->is_begun and is_over_old tell how far it came. */
MUST_CHECK bool grow_place_new(struct grow_place *place, struct refusal *refusal);

/* Put the saved disk back, sector 0 last, and read it back. False: *refusal. */
MUST_CHECK bool grow_place_old(const struct grow_place *place, struct refusal *refusal);

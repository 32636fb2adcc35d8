/* SPDX-License-Identifier: MIT
 *
 * A disk's beginning is brought from one state to another so that at every moment either the old
 * or the new sector 0 is there, and with it all that it needs. For both ways: installing and taking
 * back. That holds if a disk writes a sector whole or not at all.
 */
#pragma once

#include "tools/disk/head.h"
#include "tools/disk/refusal.h"

struct move {
    struct head before, after; /* they differ in sector 0 and in the gap only */
    bool is_begun;             /* something may have been written */
};

enum move_order {
    MOVE_GAP_FIRST,     /* sector 0 will need what is written to the gap */
    MOVE_SECTOR0_FIRST, /* sector 0 needs what is in the gap no longer, once it is written */
};

/*
 * Do it: one half, flush, read everything back, then the other half in the same way. Before each
 * half the disk must be what it is believed to be. False: *why; move_look tells what is on the disk.
 */
MUST_CHECK bool move_run(struct move *move, const struct device *device, enum move_order order,
                         struct refusal *why);

/* What is on the disk, as read from the medium. */
enum move_state {
    MOVE_AS_BEFORE,
    MOVE_AS_AFTER,
    MOVE_OLD_SECTOR0, /* sector 0 as before; not everything else */
    MOVE_NEW_SECTOR0, /* sector 0 as after; not everything else */
    MOVE_STRANGE,     /* sector 0 is neither */
    MOVE_UNREADABLE,
};
enum move_state move_look(const struct move *move, const struct device *device);

#define MOVE_TEXT_BYTES 128

/* The sectors that differ between two heads, as "sector 0" and "sectors 1 to 78 and 1024 to 1101". */
void move_differences(const struct move *move, char text[MOVE_TEXT_BYTES]);

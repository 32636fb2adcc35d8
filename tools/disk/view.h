/* SPDX-License-Identifier: MIT
 *
 * A FAT volume in a file of its own, read by the loader's own code. One at a time may
 * be followed through `volume`, two views at once are fine.
 */
#pragma once

#include "kernel/core/fat.h"
#include "tools/disk/device.h"
#include "tools/disk/refusal.h"

#define VIEW_WINDOW_BYTES  (64U * FAT_WINDOW_MIN)
#define VIEW_SCRATCH_BYTES 65536U

struct view {
    struct device file;
    struct blockdev port;
    struct fat_volume volume;
    uint8_t window[VIEW_WINDOW_BYTES], scratch[VIEW_SCRATCH_BYTES];
};

/* Open and mount. *view must stay where it is. False: *refusal, and nothing is open. */
MUST_CHECK bool view_open(struct view *view, const char *path, struct refusal *refusal);
void view_close(struct view *view);

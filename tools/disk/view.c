/* SPDX-License-Identifier: MIT
 *
 * See view.h.
 */
#include "tools/disk/view.h"

#include <string.h>

#include "boot/disk_layout.h"
#include "stage2/plan/reason.h"
#include "tools/image/host_disk.h"

bool view_open(struct view *view, const char *path, struct refusal *refusal)
{
    struct device_problem problem;

    if (!device_open(&view->file, path, DEVICE_READ, &problem))
        return refuse(refusal, "%s: %s", path, strerror(problem.error));
    view->port = host_disk(&view->file);
    const enum boot_status status =
        fat_mount(&view->volume, &view->port, 0, view->port.sectors,
                  (struct fat_buffers){ .window = view->window,
                                        .window_bytes = sizeof(view->window),
                                        .scratch = view->scratch,
                                        .scratch_bytes = sizeof(view->scratch) });
    if (status == BOOT_OK)
        return true;
    device_close(&view->file);
    return refuse(refusal, "%s", reason_text(status));
}

void view_close(struct view *view)
{
    device_close(&view->file);
}

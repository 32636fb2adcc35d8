/* SPDX-License-Identifier: MIT
 *
 * See head.h. Spec: Linux BLKPBSZGET (linux/fs.h).
 */
#include "tools/disk/head.h"

#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>

#define BLOCK_SECTORS_MOST 128 /* larger ones are an array's wish, not a medium's */

static uint32_t block_sectors(const struct device *device)
{
    unsigned int bytes = 0;

    if (!device->is_block || ioctl(device->fd, BLKPBSZGET, &bytes) != 0)
        return 1;
    const uint32_t sectors = bytes / SECTOR_BYTES;
    return sectors == 0 || sectors > BLOCK_SECTORS_MOST ? 1 : sectors;
}

bool head_read(struct head *head, const struct device *device, struct device_problem *problem)
{
    memset(head, 0, sizeof(*head));
    head->disk_sectors = device->bytes / SECTOR_BYTES;
    head->count = head->disk_sectors < HEAD_SECTORS ? (uint32_t)head->disk_sectors : HEAD_SECTORS;
    head->block_sectors = block_sectors(device);
    if (head->count == 0) {
        *problem = (struct device_problem){ .verb = "read", .error = ENODATA };
        return false;
    }
    return device_forget(device, problem) &&
           device_read(device, 0, head->sector, (size_t)head->count * SECTOR_BYTES, problem) &&
           device_read(device, (head->disk_sectors - 1) * SECTOR_BYTES, head->last, SECTOR_BYTES,
                       problem);
}

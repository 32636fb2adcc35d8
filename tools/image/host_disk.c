/* SPDX-License-Identifier: MIT
 *
 * See host_disk.h.
 */
#include "tools/image/host_disk.h"

#include "boot/disk_layout.h"

static enum boot_status sectors_read(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    struct device_problem problem;

    return device_read(context, lba * SECTOR_BYTES, buffer, (size_t)count * SECTOR_BYTES, &problem)
               ? BOOT_OK
               : BOOT_E_DISK_READ;
}

struct blockdev host_disk(const struct device *device)
{
    return (struct blockdev){ .read = sectors_read,
                              .context = (void *)(uintptr_t)device,
                              .sectors = device->bytes / SECTOR_BYTES };
}

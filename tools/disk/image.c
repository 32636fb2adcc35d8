/* SPDX-License-Identifier: MIT
 *
 * See image.h. Only what tells a Coldstart image from any other file is looked
 * at: tools/mkimage --check judges the whole.
 */
#include "tools/disk/image.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "tools/disk/say.h"

#define BOOT_MARK   0xAA55
#define MAGIC_BYTES sizeof(uint32_t)

static bool is_stage2(const struct device *image, uint16_t lba)
{
    uint8_t sector[SECTOR_BYTES];
    struct device_problem problem;

    return device_read(image, (uint64_t)lba * SECTOR_BYTES, sector, sizeof(sector), &problem) &&
           load_le32(sector) == STAGE2_MAGIC_0 && load_le32(sector + MAGIC_BYTES) == STAGE2_MAGIC_1;
}

static bool check(const struct device *image)
{
    uint8_t sector[SECTOR_BYTES];
    struct device_problem problem;

    if (image->is_block)
        return say_refused("%s is a device; an image is a file", image->path);
    if (image->bytes == 0 || image->bytes % SECTOR_BYTES != 0)
        return say_refused("%s is not an image: not whole sectors of %d bytes", image->path,
                           SECTOR_BYTES);
    if (!device_read(image, 0, sector, sizeof(sector), &problem))
        return say_refused("%s cannot be read: %s", image->path, strerror(problem.error));
    if (load_le16(sector + MBR_BOOT_SIGNATURE) != BOOT_MARK)
        return say_refused("%s is not bootable: its first sector does not end in 55 AA",
                           image->path);
    const uint8_t *const parameters = sector + STAGE1_PARAMETERS_OFFSET;
    if (!is_stage2(image, load_le16(parameters)) ||
        !is_stage2(image, load_le16(parameters + sizeof(uint16_t))))
        return say_refused("%s is not a Coldstart image: no stage 2 (COLDSTG2) where stage 1 would "
                           "read it; tools/mkimage makes images",
                           image->path);
    return true;
}

bool image_open(const char *path, struct device *image)
{
    struct device_problem problem;

    if (!device_open(image, path, DEVICE_READ, &problem))
        return say_refused("%s: cannot open the image: %s", path,
                           problem.error == ENOTBLK ? "not a file" : strerror(problem.error));
    if (check(image))
        return true;
    device_close(image);
    return false;
}

/* SPDX-License-Identifier: MIT
 *
 * See volume.h.
 */
#include "tools/disk/volume.h"

#include <inttypes.h>
#include <stdlib.h>

#include "kernel/core/mbr.h"
#include "tools/disk/beside.h"
#include "tools/disk/shell_word.h"
#include "tools/disk/text.h"
#include "tools/image/check.h"

static enum boot_status read_sectors(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    const struct device *const device = context;
    struct device_problem problem;

    return device_read(device, lba * SECTOR_BYTES, buffer, (size_t)count * SECTOR_BYTES, &problem)
               ? BOOT_OK
               : BOOT_E_DISK_READ;
}

static bool advise_active(const struct device *device, struct refusal *refusal)
{
    return advise(refusal,
                  "Make the partition with coldstart.cfg, and no other, active; N is its number:\n"
                  "    sfdisk --activate %s N",
                  shell_word(device->path));
}

/* How a file of the active volume gets there. Only for errors behind the partition table. */
static bool advise_files(const struct device *device, const struct head *head,
                         struct refusal *refusal)
{
    struct mbr_partition active;
    const char *const path = shell_word(device->path);
    const char *const built = beside_find("kernel.elf");
    char *const resolved = built == NULL ? NULL : realpath(built, NULL);
    const char *const kernel = resolved == NULL ? "KERNEL" : resolved;

    if (mbr_find_active(head->sector[0], head->disk_sectors, &active) != BOOT_OK)
        abort(); /* the error comes from its volume */
    advise(refusal,
           "The loader reads coldstart.cfg, and the kernel that is named there, from "
           "partition %u. Put there what is missing, with mtools:",
           active.index);
    const uint64_t at = active.first_lba * SECTOR_BYTES;
    advise(refusal,
           "    printf 'kernel = /boot/kernel.elf\\n' >coldstart.cfg\n"
           "    mcopy -i %s@@%" PRIu64 " coldstart.cfg ::/coldstart.cfg\n"
           "    mmd -i %s@@%" PRIu64 " ::/boot\n"
           "    mcopy -i %s@@%" PRIu64 " %s ::/boot/kernel.elf",
           path, at, path, at, path, at, shell_word(kernel));
    free(resolved);
    return advise(refusal, "Then install again.");
}

static bool advise_for(enum boot_status status, const struct device *device,
                       const struct head *head, struct refusal *refusal)
{
    switch (status) {
    case BOOT_E_NO_ACTIVE:
    case BOOT_E_MANY_ACTIVE:
        return advise_active(device, refusal);
    case BOOT_E_PARTITION:
        return advise(refusal,
                      "The active partition must be FAT, and of a type that says so. Look "
                      "at the table, and mark another active if it was the wrong one:\n"
                      "    sfdisk --list %s\n    sfdisk --activate %s N",
                      shell_word(device->path), shell_word(device->path));
    case BOOT_E_NOT_FAT:
        return advise(refusal,
                      "Format the active partition with FAT (mkfs.fat; that erases it), or "
                      "mark another active:\n    sfdisk --activate %s N",
                      shell_word(device->path));
    case BOOT_E_DISK_READ:
        return advise(refusal, "The disk cannot be read there. Save what is on it.");
    default:
        return advise_files(device, head, refusal);
    }
}

bool volume_judge(const struct device *device, const struct head *head, struct refusal *refusal)
{
    struct device copy = *device;
    const struct blockdev blocks = { .read = read_sectors,
                                     .context = &copy,
                                     .sectors = head->disk_sectors };
    struct check_report report;
    char line[REFUSAL_WHAT_BYTES];

    if (check_disk(&blocks, &report))
        return true;
    check_line(&report, line, sizeof(line));
    text_clean(line, false);
    refuse(refusal, "the loader would not boot this disk, and say: %s", line);
    return advise_for(report.status, device, head, refusal);
}

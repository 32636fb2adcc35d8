/* SPDX-License-Identifier: MIT
 *
 * See owners.h. Each mark is from the program's own source or manual, as named at its line.
 */
#include "tools/disk/owners.h"

#include <stddef.h>
#include <string.h>

#include "base/compiler.h"

enum where { IN_SECTOR_0, IN_THE_GAP };

struct mark {
    enum where where;
    uint8_t bytes_count;
    const char *bytes;
    const char *owner;
};

#define MARK(where, bytes, owner)                                                                  \
    {                                                                                              \
        where, sizeof(bytes) - 1, bytes, owner                                                     \
    }

static const struct mark marks[] = {
    /* grub-core/boot/i386/pc/boot.S, notification_string; diskboot.S */
    MARK(IN_SECTOR_0, "GRUB \0Geom\0", "GRUB's core image, which boots this disk"),
    MARK(IN_THE_GAP, "loading\0.\0\r\n\0Geom\0Read", "a core image of GRUB"),
    /* lilo, first.S: the signature at offset 6 */
    MARK(IN_SECTOR_0, "LILO", "LILO, which boots this disk"),
    /* VeraCrypt and TrueCrypt, BootCommon.h */
    MARK(IN_SECTOR_0, "VeraCrypt Boot Loader", "VeraCrypt's boot loader: the system is encrypted"),
    MARK(IN_SECTOR_0, "TrueCrypt Boot Loader", "TrueCrypt's boot loader: the system is encrypted"),
    /* LVM2, lib/format_text/format-text.c: LABEL_ID */
    MARK(IN_THE_GAP, "LABELONE", "a label of LVM"),
    /* cryptsetup, lib/luks1/luks.h */
    MARK(IN_THE_GAP, "LUKS\xBA\xBE", "a LUKS header"),
    /* btrfs, BTRFS_MAGIC, 64 KiB into the volume */
    MARK(IN_THE_GAP, "_BHRfS_M", "a btrfs file system"),
    /* mdadm, super1.c: MD_SB_MAGIC and major version 1 */
    MARK(IN_THE_GAP, "\xFC\x4E\x2B\xA9\x01\0\0\0", "a member of a Linux RAID"),
    /* linux/swap.h */
    MARK(IN_THE_GAP, "SWAPSPACE2", "swap space"),
    /* FAT boot sectors, "Microsoft FAT32 File System Specification", BS_FilSysType */
    MARK(IN_THE_GAP, "FAT32   ", "a FAT file system"),
    MARK(IN_THE_GAP, "FAT16   ", "a FAT file system"),
};

static bool has_bytes(const uint8_t *from, size_t room, const struct mark *mark)
{
    const size_t count = mark->bytes_count;

    for (size_t at = 0; at + count <= room; at++)
        if (memcmp(from + at, mark->bytes, count) == 0)
            return true;
    return false;
}

const char *owners_find(const struct head *head, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
        const bool in_gap = marks[i].where == IN_THE_GAP;
        const uint8_t *const from = head->sector[in_gap ? first : 0];
        const size_t room = in_gap ? (size_t)(last - first + 1) * SECTOR_BYTES : MBR_CODE_END;
        if (has_bytes(from, room, &marks[i]))
            return marks[i].owner;
    }
    return NULL;
}

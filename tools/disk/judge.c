/* SPDX-License-Identifier: MIT
 *
 * See judge.h.
 */
#include "tools/disk/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "boot/disk_layout.h"

#define LIST_BYTES 512 /* of names or mount points, in a sentence */

PRINTF_LIKE(2, 3)
static bool because(char *why, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, JUDGE_TEXT_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

static bool is(const struct disk_node *node, const char *type)
{
    return strcmp(node->type, type) == 0;
}

/*
 * Append one more word, behind a blank, in quotes if a shell would want them; what has
 * no room is left out, and dots say so.
 */
static void append(char list[LIST_BYTES], const char *word, size_t length)
{
    static const char dots[] = " ...";
    static const char special[] = " '\"\\$`;&|<>()*?[]#~!";
    const size_t used = strlen(list);
    const char *const quote = *word == '/' && strcspn(word, special) < length ? "'" : "";

    if (used + sizeof(" ''") + length + sizeof(dots) < LIST_BYTES)
        snprintf(list + used, LIST_BYTES - used, "%s%s%.*s%s", used == 0 ? "" : " ", quote,
                 (int)length, word, quote);
    else if (used < sizeof(dots) || strcmp(list + used - sizeof(dots) + 1, dots) != 0)
        snprintf(list + used, LIST_BYTES - used, "%s", dots);
}

/* Where the running system keeps what it cannot do without. */
static bool is_system(const char *mount, size_t length)
{
    static const char *const places[] = { "/",    "/boot", "/boot/efi", "/efi",
                                          "/usr", "/var",  "[SWAP]" };

    for (size_t i = 0; i < ARRAY_COUNT(places); i++)
        if (strlen(places[i]) == length && memcmp(mount, places[i], length) == 0)
            return true;
    return false;
}

/* The mount points of a disk and of all that is on it; whether the system is among them. */
static bool collect_mounts(const struct disks *disks, const struct disk_node *disk,
                           char list[LIST_BYTES])
{
    bool found = false;

    list[0] = '\0';
    for (size_t i = 0; i < disks->count; i++) {
        const struct disk_node *const node = &disks->nodes[i];
        if (!disks_is_first(disks, node) || !disks_is_below(disks, node, disk))
            continue;
        for (const char *at = node->mounts; *at != '\0'; at += *at == '\n') {
            const size_t length = strcspn(at, "\n");
            append(list, at, length);
            found |= is_system(at, length);
            at += length;
        }
    }
    return found;
}

/* What is made of the disk, other than its partitions: RAID, LVM, encryption. */
static void collect_users(const struct disks *disks, const struct disk_node *disk,
                          char list[LIST_BYTES])
{
    list[0] = '\0';
    for (size_t i = 0; i < disks->count; i++) {
        const struct disk_node *const node = &disks->nodes[i];
        if (node != disk && !is(node, "part") && disks_is_first(disks, node) &&
            disks_is_below(disks, node, disk))
            append(list, node->path, strlen(node->path));
    }
}

/* Whether it is a whole disk, with a medium that this loader can boot from. */
static bool judge_kind(const struct disk_node *node, char *why)
{
    if (is(node, "part"))
        return because(why, "is a partition; the loader wants the whole disk: /dev/%s",
                       node->parent);
    if (is(node, "rom"))
        return because(why, "is a CD or DVD drive; disks and sticks only");
    if (!is(node, "disk") && !is(node, "loop"))
        return because(why, "is not a disk but made of one (%s); name the disk itself", node->type);
    if (node->bytes == 0)
        return because(why, is(node, "loop") ? "has no file behind it: losetup gives it one"
                                             : "has no medium in it; insert one");
    if (node->sector_bytes != SECTOR_BYTES)
        return because(why,
                       "has sectors of %u bytes; a BIOS, and so this loader, boots only from those "
                       "of %d; take another disk",
                       node->sector_bytes, SECTOR_BYTES);
    return true;
}

static bool judge_use(const struct disks *disks, const struct disk_node *node, char *why)
{
    char list[LIST_BYTES];

    if (collect_mounts(disks, node, list))
        return because(why, "is a disk of the running system (%s); take another disk", list);
    if (list[0] != '\0')
        return because(why, "is mounted: %s; first: umount %s", list, list);
    collect_users(disks, node, list);
    if (list[0] != '\0')
        return because(why, "is in use by %s; stop that first", list);
    return true;
}

bool judge_disk(const struct disks *disks, const struct disk_node *node, uint64_t least_bytes,
                char why[JUDGE_TEXT_BYTES])
{
    if (!judge_kind(node, why) || !judge_use(disks, node, why))
        return false;
    if (node->is_read_only)
        return because(why,
                       "is read-only: look for a write-protect switch, or at blockdev --setrw");
    if (node->bytes < least_bytes)
        return because(why,
                       "is too small: %" PRIu64 " bytes, and %" PRIu64 " are needed; take a larger "
                       "one or a smaller image",
                       node->bytes, least_bytes);
    return true;
}

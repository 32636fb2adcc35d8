/* SPDX-License-Identifier: MIT
 *
 * See contents.h. libblkid rather than lsblk, which shows only the partitions that
 * the kernel has taken in, and none of a plain file.
 */
#include "tools/disk/contents.h"

#include <blkid/blkid.h>
#include <stdio.h>
#include <string.h>

#include "tools/disk/text.h"

#define PART_SECTOR 512 /* libblkid's unit, whatever the device's */

static void keep_text(char to[CONTENTS_TEXT_BYTES], const char *from)
{
    snprintf(to, CONTENTS_TEXT_BYTES, "%s", from == NULL ? "" : from);
    text_clean(to, false);
}

static void keep_value(blkid_probe probe, const char *name, char to[CONTENTS_TEXT_BYTES])
{
    const char *value = NULL;

    keep_text(to, blkid_probe_lookup_value(probe, name, &value, NULL) == 0 ? value : NULL);
}

/* The file system in these bytes; bytes = 0: in all of the device. */
static void probe_part(blkid_probe probe, const struct device *device, struct contents_part *part)
{
    if (blkid_probe_set_device(probe, device->fd, (blkid_loff_t)part->first_byte,
                               (blkid_loff_t)part->bytes) != 0 ||
        blkid_do_safeprobe(probe) != 0)
        return;
    keep_value(probe, "TYPE", part->type);
    keep_value(probe, "LABEL", part->label);
}

static void list_parts(blkid_partlist list, struct contents *contents)
{
    const int found = blkid_partlist_numof_partitions(list);

    for (int i = 0; i < found; i++) {
        blkid_partition partition = blkid_partlist_get_partition(list, i);
        if (contents->count == CONTENTS_MAX) {
            contents->more++;
            continue;
        }
        contents->parts[contents->count++] = (struct contents_part){
            .first_byte = (uint64_t)blkid_partition_get_start(partition) * PART_SECTOR,
            .bytes = (uint64_t)blkid_partition_get_size(partition) * PART_SECTOR,
            .number = blkid_partition_get_partno(partition),
        };
    }
}

void contents_read(const struct device *device, struct contents *contents)
{
    *contents = (struct contents){ .whole.bytes = device->bytes };
    blkid_probe probe = blkid_new_probe();
    if (probe == NULL)
        return;
    blkid_probe_enable_superblocks(probe, 1);
    blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
    probe_part(probe, device, &contents->whole);

    blkid_probe_enable_partitions(probe, 1);
    if (blkid_probe_set_device(probe, device->fd, 0, 0) == 0) {
        blkid_partlist list = blkid_probe_get_partitions(probe);
        if (list != NULL) {
            keep_text(contents->table, blkid_parttable_get_type(blkid_partlist_get_table(list)));
            list_parts(list, contents);
        }
    }
    blkid_probe_enable_partitions(probe, 0);
    for (size_t i = 0; i < contents->count; i++)
        probe_part(probe, device, &contents->parts[i]);
    blkid_free_probe(probe);
}

/* SPDX-License-Identifier: MIT
 *
 * See layout.h. Spec: Microsoft FAT specification, section 3.5: the number of clusters
 * decides which FAT a volume is.
 */
#include "tools/image/layout.h"

#include "tools/image/say.h"

/* How many clusters make a FAT12, a FAT16, a FAT32; with room left for the FATs themselves. */
#define FAT12_MOST  4080
#define FAT16_MOST  65500
#define FAT32_LEAST 66700

#define FAT32_FROM_MIB        64
#define CLUSTER_MOST          64 /* sectors: 32 KiB, as every system reads it */
#define FAT32_CLUSTER_SECTORS 8  /* larger ones only waste room */

/* What mkfs.fat puts in front of the clusters, at most. */
#define RESERVED_SECTORS 32 /* FAT32's; the others have fewer */
#define ROOT_SECTORS     32 /* FAT12 and FAT16: 512 entries */
#define TABLES           2

static unsigned cluster_choose(unsigned fat, uint64_t sectors)
{
    unsigned cluster = 1;

    if (fat == 32) {
        while (sectors / cluster / 2 > FAT32_LEAST && cluster < FAT32_CLUSTER_SECTORS)
            cluster *= 2;
        return cluster;
    }
    while (sectors / cluster > (fat == 12 ? FAT12_MOST : FAT16_MOST))
        cluster *= 2;
    return cluster;
}

static struct layout layout_make(uint64_t mib, unsigned fat)
{
    struct layout layout = { .bytes = mib * MIB_BYTES,
                             .fat = fat != 0               ? fat
                                    : mib < FAT32_FROM_MIB ? 16
                                                           : 32 };

    layout.sectors = layout.bytes / SECTOR_BYTES - BOOT_PARTITION_LBA;
    layout.cluster_sectors = cluster_choose(layout.fat, layout.sectors);
    return layout;
}

static bool too_large(const struct layout *layout)
{
    return layout->cluster_sectors > CLUSTER_MOST;
}

static bool too_small(const struct layout *layout)
{
    return layout->fat == 32 && layout->sectors / layout->cluster_sectors <= FAT32_LEAST;
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) / unit * unit;
}

/* Clusters that files can have, at least: mkfs.fat may use up to a cluster more for order. */
static uint64_t clusters_free(const struct layout *layout)
{
    const uint64_t cluster = layout->cluster_sectors;
    const uint64_t entries = layout->sectors / cluster + TABLES;
    const uint64_t table = round_up((entries * layout->fat + 7) / 8, SECTOR_BYTES) / SECTOR_BYTES;
    const uint64_t front = round_up(RESERVED_SECTORS, cluster) + round_up(ROOT_SECTORS, cluster) +
                           TABLES * round_up(table, cluster);

    return (layout->sectors - front) / cluster;
}

/* The first size, in whole MiB, with room for all. */
static struct layout layout_smallest(const struct options *options, const struct contents *contents)
{
    for (uint64_t mib = SIZE_LEAST_MIB; mib <= SIZE_MOST_MIB; mib++) {
        const struct layout layout = layout_make(mib, options->fat);
        if (too_large(&layout))
            break;
        if (!too_small(&layout) &&
            contents_clusters(contents, layout.cluster_sectors * SECTOR_BYTES) <=
                clusters_free(&layout))
            return layout;
    }
    misused("--size auto: no volume%s is large enough", options->fat == 0 ? "" : " of this FAT");
}

void layout_judge(const struct options *options)
{
    if (options->size_mib == 0)
        return;
    const struct layout layout = layout_make(options->size_mib, options->fat);
    if (too_large(&layout))
        misused("--fat %u: %s is too large for it", layout.fat, options->size_text);
    if (too_small(&layout))
        misused("--fat 32: %s is too small for it; 34M is enough", options->size_text);
}

struct layout layout_choose(const struct options *options, const struct contents *contents)
{
    if (options->size_mib == 0)
        return layout_smallest(options, contents);
    return layout_make(options->size_mib, options->fat);
}

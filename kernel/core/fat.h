/* SPDX-License-Identifier: MIT
 *
 * Reading files from a FAT12, FAT16 or FAT32 volume. Nothing is ever written;
 * no memory is allocated; the volume's bytes are not trusted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "kernel/core/blockdev.h"

/* Memory the caller lends for as long as the volume is in use. */
struct fat_buffers {
    uint8_t *window;        /* a piece of the table; each miss costs one disk read */
    uint32_t window_bytes;  /* a multiple of 512, at least FAT_WINDOW_MIN */
    uint8_t *scratch;       /* folders, and sectors wanted only in part */
    uint32_t scratch_bytes; /* a multiple of 512, at least 512 */
};

#define FAT_WINDOW_MIN 1536 /* three sectors hold a whole number of FAT12 entries */

enum fat_kind { FAT_KIND_12 = 12, FAT_KIND_16 = 16, FAT_KIND_32 = 32 };

/* A mounted volume. All members are the reader's; `kind` and the counts may be shown. */
struct fat_volume {
    const struct blockdev *device;
    struct fat_buffers buffers;
    enum fat_kind kind;
    uint32_t entry_mask; /* the bits of a table entry that count */
    uint64_t boot_lba;   /* of the boot sector */
    uint64_t table_lba;  /* of the table that counts */
    uint64_t root_lba;   /* FAT12 and FAT16: the root folder has its own place */
    uint64_t data_lba;   /* of cluster 2 */
    uint32_t table_sectors;
    uint32_t root_sectors; /* 0 on FAT32 */
    uint32_t root_cluster; /* FAT32 */
    uint32_t cluster_count;
    uint32_t cluster_shift;   /* log2 of the sectors in a cluster */
    uint32_t window_first;    /* first entry in the window */
    uint32_t window_entries;  /* entries in the window; 0: nothing yet */
    uint64_t scratch_lba;     /* what the scratch buffer holds */
    uint32_t scratch_sectors; /* 0: nothing yet */
};

/* A place in a cluster chain: a run of neighbours, and what a loop would betray. */
struct fat_chain {
    uint32_t first;     /* first cluster of the chain */
    uint32_t run_index; /* how many clusters of the chain lie before the run */
    uint32_t run_first; /* first cluster of the run */
    uint32_t run_count; /* neighbours known so far, at least 1 */
    uint32_t marked;    /* Brent's tortoise: a cluster that was once jumped to */
    uint32_t jumps;     /* jumps since it was set ... */
    uint32_t jumps_max; /* ... and when it is set anew */
};

/* An open file. `bytes` may be read; the rest is the reader's. */
struct fat_file {
    struct fat_volume *volume;
    uint32_t bytes;
    uint32_t end_checked; /* the chain behind the last byte has been looked at */
    struct fat_chain chain;
};

/* Judge the boot sector at first_lba and prepare to read; one disk read. */
MUST_CHECK enum boot_status fat_mount(struct fat_volume *volume, const struct blockdev *device,
                                      uint64_t first_lba, uint64_t sectors,
                                      struct fat_buffers buffers);

/* Find "/folder/file" (UTF-8; ASCII letters in either case) and open it. */
MUST_CHECK enum boot_status fat_open_path(struct fat_volume *volume, const char *path,
                                          struct fat_file *file);

/* Does a FAT32 volume's backup boot sector contradict the first one? */
bool fat_backup_differs(struct fat_volume *volume, uint64_t *backup_lba);

/* Read bytes of an open file; neighbouring clusters come in one disk read. */
MUST_CHECK enum boot_status fat_read(struct fat_file *file, uint64_t offset, uint64_t bytes,
                                     void *buffer);

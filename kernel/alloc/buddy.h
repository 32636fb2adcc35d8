/* SPDX-License-Identifier: MIT
 *
 * A binary buddy allocator of frames, as pure code: it hands out frame numbers
 * and never touches the memory behind them. All it knows of a frame stands in a
 * record beside, so nothing that is written into free memory can mislead it.
 *
 * Four zones, each with free lists of its own: below 1 MiB, 16 MiB, 4 GiB, and
 * above. A request names the highest zone it can use and falls to lower ones
 * last. Records are zeroed only when one near them is first needed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define BUDDY_FRAME_BYTES 4096
#define BUDDY_ORDER_MAX   18 /* the largest block: 1 GiB */
#define BUDDY_ORDERS      (BUDDY_ORDER_MAX + 1)

enum buddy_zone {
    BUDDY_ZONE_1M,
    BUDDY_ZONE_16M,
    BUDDY_ZONE_4G,
    BUDDY_ZONE_HIGH,
    BUDDY_ZONES,
};

enum buddy_status {
    BUDDY_OK = 0,
    BUDDY_E_REGIONS,   /* regions that are empty, unsorted, or touch */
    BUDDY_E_RECORDS,   /* too little memory for the records */
    BUDDY_E_NO_MEMORY, /* nothing free that fits */
    BUDDY_E_REQUEST,   /* no such order, zone, length or alignment */
    BUDDY_E_FOREIGN,   /* no frame that was ever given to the allocator */
    BUDDY_E_OVERLAP,   /* a frame that the allocator has already */
    BUDDY_E_FREE,      /* free already */
    BUDDY_E_NOT_FREE,  /* in use, or never given */
    BUDDY_E_INSIDE,    /* inside a block, not its start */
    BUDDY_E_LENGTH,    /* the start of a block of another length */
};

/* One a frame. Head of a block: a free one, or one that was handed out. */
struct buddy_record {
    uint32_t next, prev; /* slots; of a free block */
    uint16_t region;
    uint8_t order;
    uint8_t state; /* enum buddy_state; 0: not the head of a block */
    uint32_t mark; /* the user's, kept by nobody else */
};
ASSERT_SIZE(struct buddy_record, 16);

/* A run of frames that have records. The frames of all regions share one row of slots. */
struct buddy_region {
    uint64_t first;
    uint64_t frames;
    uint64_t slot; /* of the first; set by buddy_begin */
};

/* All fields are the allocator's own. */
struct buddy {
    struct buddy_region *regions;
    uint32_t region_count;
    uint32_t slots;
    struct buddy_record *records;
    uint64_t *ready;                           /* a bit for each chunk of records: is zeroed */
    uint32_t heads[BUDDY_ZONES][BUDDY_ORDERS]; /* slots */
    uint32_t filled[BUDDY_ZONES];              /* a bit for each order that has a free block */
    uint64_t free[BUDDY_ZONES];                /* frames */
    uint64_t used[BUDDY_ZONES];
};

/* Bytes of records for so many frames in regions; 0: more than slots can name. */
uint64_t buddy_record_bytes(uint64_t frames);

/*
 * Begin with no memory at all: every frame of the regions is unknown until it is
 * added. Both arrays stay in use. memory: aligned to 16; need not be zeroed.
 */
MUST_CHECK enum buddy_status buddy_begin(struct buddy *buddy, struct buddy_region *regions,
                                         uint32_t count, void *memory, uint64_t bytes);

/* Give frames to the allocator, or take free ones away for good. All or nothing. */
MUST_CHECK enum buddy_status buddy_add(struct buddy *buddy, uint64_t first, uint64_t frames);
MUST_CHECK enum buddy_status buddy_remove(struct buddy *buddy, uint64_t first, uint64_t frames);

/* 2^order frames, aligned to their length, in `highest` or a lower zone. */
MUST_CHECK enum buddy_status buddy_allocate(struct buddy *buddy, unsigned order,
                                            enum buddy_zone highest, uint64_t *first);
MUST_CHECK enum buddy_status buddy_free(struct buddy *buddy, uint64_t first, unsigned order);

/* Any number of frames in a row, longer than the largest block too. alignment: frames, 2^n. */
MUST_CHECK enum buddy_status buddy_allocate_range(struct buddy *buddy, uint64_t frames,
                                                  uint64_t alignment, enum buddy_zone highest,
                                                  uint64_t *first);
MUST_CHECK enum buddy_status buddy_free_range(struct buddy *buddy, uint64_t first, uint64_t frames);

/* The zone of a frame, and the frame behind a zone's last. */
enum buddy_zone buddy_zone_of(uint64_t frame);
uint64_t buddy_zone_end(enum buddy_zone zone);

/* The largest order that has a free block in the zone; -1: none has. */
int buddy_largest(const struct buddy *buddy, enum buddy_zone zone);

/* A number of the user's for each frame in a region, at first 0; setting it elsewhere does nothing. */
void buddy_set_mark(struct buddy *buddy, uint64_t frame, uint32_t mark);
uint32_t buddy_mark(const struct buddy *buddy, uint64_t frame);

/* Look at every record and every list: what is wrong, as a sentence, or NULL. */
const char *buddy_check(const struct buddy *buddy);

/* A status as the end of a sentence about a frame. */
const char *buddy_words(enum buddy_status status);

/* SPDX-License-Identifier: MIT
 *
 * A buddy allocator in a test's arena, over frames that no machine needs to have:
 * four regions, each of the first three across the end of a zone.
 */
#pragma once

#include "kernel/alloc/buddy.h"
#include "kernel/proof/claims.h"

#define RIG_REGIONS 4

/* First frames, and behind the last; the ends of the zones are among them. */
#define RIG_LOW        0x1ULL
#define RIG_1M         0x100ULL
#define RIG_LOW_END    0x400ULL
#define RIG_MIDDLE     0xF80ULL
#define RIG_16M        0x1000ULL
#define RIG_MIDDLE_END 0x1080ULL
#define RIG_HIGH       0xFFF00ULL
#define RIG_4G         0x100000ULL
#define RIG_HIGH_END   0x100400ULL
#define RIG_FAR        0x8000000ULL /* 512 GiB */
#define RIG_FAR_END    0x8000400ULL

struct buddy_rig {
    struct buddy buddy;
    struct buddy_region regions[RIG_REGIONS];
    uint8_t *records;
    size_t record_bytes;
};

/* Begin without memory, on an arena full of ones: nothing may rely on zeroes. */
struct buddy *rig_empty(struct claims *claims);

/* The same, and all frames of the regions added. */
struct buddy *rig_full(struct claims *claims);

/* The rig of the allocator that the two returned. */
struct buddy_rig *rig_of(struct claims *claims);

/* Free frames in all zones. */
uint64_t rig_free(const struct buddy *buddy);

/* Is the audit satisfied? */
bool rig_sound(const struct buddy *buddy);

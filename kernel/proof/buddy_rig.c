/* SPDX-License-Identifier: MIT
 *
 * See buddy_rig.h.
 */
#include "kernel/proof/buddy_rig.h"

#include "kernel/core/string.h"

static const struct buddy_region all_regions[RIG_REGIONS] = {
    { .first = RIG_LOW, .frames = RIG_LOW_END - RIG_LOW },
    { .first = RIG_MIDDLE, .frames = RIG_MIDDLE_END - RIG_MIDDLE },
    { .first = RIG_HIGH, .frames = RIG_HIGH_END - RIG_HIGH },
    { .first = RIG_FAR, .frames = RIG_FAR_END - RIG_FAR },
};

struct buddy_rig *rig_of(struct claims *claims)
{
    return (struct buddy_rig *)(void *)claims->arena;
}

struct buddy *rig_empty(struct claims *claims)
{
    struct buddy_rig *rig = rig_of(claims);
    const size_t used = (sizeof(*rig) + 15) & ~(size_t)15;
    memset(claims->arena, UINT8_MAX, claims->arena_bytes);
    memcpy(rig->regions, all_regions, sizeof(all_regions));
    rig->records = claims->arena + used;
    rig->record_bytes = claims->arena_bytes - used;
    CLAIM_EQUAL(
        buddy_begin(&rig->buddy, rig->regions, RIG_REGIONS, rig->records, rig->record_bytes),
        BUDDY_OK);
    return &rig->buddy;
}

struct buddy *rig_full(struct claims *claims)
{
    struct buddy *buddy = rig_empty(claims);
    for (unsigned i = 0; i < RIG_REGIONS; i++)
        CLAIM_EQUAL(buddy_add(buddy, all_regions[i].first, all_regions[i].frames), BUDDY_OK);
    return buddy;
}

uint64_t rig_free(const struct buddy *buddy)
{
    uint64_t frames = 0;
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++)
        frames += buddy->free[zone];
    return frames;
}

bool rig_sound(const struct buddy *buddy)
{
    return buddy_check(buddy) == NULL;
}

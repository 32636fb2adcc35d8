/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of one shadow byte for eight bytes of memory.
 */
#include "kernel/sanitize/kasan_shadow.h"

bool kasan_shadow_covers(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes)
{
    return address >= shadow->first && address <= shadow->last &&
           bytes - 1 <= shadow->last - address;
}

static uint8_t *byte_of(const struct kasan_shadow *shadow, uint64_t address)
{
    return &shadow->bytes[(address - shadow->first) / KASAN_GRANULE];
}

static uint64_t granule_of(uint64_t address)
{
    return address & ~(uint64_t)(KASAN_GRANULE - 1);
}

uint8_t kasan_shadow_at(const struct kasan_shadow *shadow, uint64_t address)
{
    return *byte_of(shadow, address);
}

void kasan_shadow_poison(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes,
                         enum kasan_mark why)
{
    uint8_t *const to = byte_of(shadow, address);
    for (uint64_t i = 0; i < bytes / KASAN_GRANULE; i++)
        to[i] = (uint8_t)why;
}

void kasan_shadow_unpoison(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes)
{
    uint8_t *const to = byte_of(shadow, address);
    const uint64_t whole = bytes / KASAN_GRANULE;
    for (uint64_t i = 0; i < whole; i++)
        to[i] = 0;
    if (bytes % KASAN_GRANULE != 0)
        to[whole] = (uint8_t)(bytes % KASAN_GRANULE);
}

/* How many bytes of a granule may be used, from its first on. */
static unsigned open_bytes(uint8_t byte)
{
    if (byte == 0)
        return KASAN_GRANULE;
    return byte < KASAN_GRANULE ? byte : 0;
}

bool kasan_shadow_allows(const struct kasan_shadow *shadow, uint64_t address, uint64_t bytes,
                         uint64_t *bad)
{
    const uint64_t last = address + bytes - 1;
    for (uint64_t at = granule_of(address);; at += KASAN_GRANULE) {
        const unsigned open = open_bytes(kasan_shadow_at(shadow, at));
        const uint64_t end = last - at < KASAN_GRANULE ? last - at + 1 : KASAN_GRANULE;
        if (open < end) {
            *bad = at + open > address ? at + open : address;
            return false;
        }
        if (last - at < KASAN_GRANULE)
            return true;
    }
}

uint8_t kasan_shadow_why(const struct kasan_shadow *shadow, uint64_t address)
{
    const uint8_t own = kasan_shadow_at(shadow, address);
    if (own >= KASAN_GRANULE)
        return own;
    if (own == 0 || shadow->last - granule_of(address) < KASAN_GRANULE)
        return 0;
    const uint8_t next = kasan_shadow_at(shadow, granule_of(address) + KASAN_GRANULE);
    return next >= KASAN_GRANULE ? next : 0;
}

struct kasan_run kasan_shadow_open_below(const struct kasan_shadow *shadow, uint64_t address,
                                         uint64_t limit)
{
    struct kasan_run run = { address, 0 };
    const uint64_t floor =
        address - shadow->first > limit ? granule_of(address - limit) : shadow->first;
    uint64_t at = granule_of(address);
    while (at > floor && open_bytes(kasan_shadow_at(shadow, at)) == 0)
        at -= KASAN_GRANULE;
    for (unsigned open = open_bytes(kasan_shadow_at(shadow, at)); open != 0;
         open = open_bytes(kasan_shadow_at(shadow, at))) {
        /* A granule open in part can only be the end of a run. */
        if (open < KASAN_GRANULE && run.bytes != 0)
            break;
        run.first = at;
        run.bytes += open;
        if (at <= floor)
            break;
        at -= KASAN_GRANULE;
    }
    return run;
}

struct kasan_run kasan_shadow_marked(const struct kasan_shadow *shadow, uint64_t address,
                                     uint64_t limit)
{
    const uint8_t mark = kasan_shadow_at(shadow, address);
    uint64_t first = granule_of(address);
    uint64_t end = first;
    while (end - first < limit && shadow->last - end >= KASAN_GRANULE - 1 &&
           kasan_shadow_at(shadow, end) == mark) {
        end += KASAN_GRANULE;
        if (end > shadow->last)
            break;
    }
    const uint64_t start = first;
    while (start - first < limit && first > shadow->first &&
           kasan_shadow_at(shadow, first - KASAN_GRANULE) == mark)
        first -= KASAN_GRANULE;
    return (struct kasan_run){ first, end - first };
}

/* SPDX-License-Identifier: MIT
 *
 * See taken.h.
 */
#include "kernel/selftest/taken.h"

#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/core/string.h"

#define ORDER_BITS ((uint64_t)FRAME_BYTES - 1)

static uint64_t bytes_of(unsigned order)
{
    return (uint64_t)FRAME_BYTES << order;
}

void taken_take(enum frames_limit limit, struct taken *taken)
{
    *taken = (struct taken){ .spans = { .first = UINT64_MAX, .last = 0 } };
    for (unsigned order = FRAME_ORDER_MAX + 1; order-- > 0;) {
        for (uint64_t phys; (phys = frames_allocate(order, limit)) != 0; taken->blocks++) {
            const uint64_t last = phys + (bytes_of(order) - 1);
            taken->spans.first = phys < taken->spans.first ? phys : taken->spans.first;
            taken->spans.last = last > taken->spans.last ? last : taken->spans.last;
            *(uint64_t *)direct_map_at(phys) = taken->last;
            taken->last = phys | order;
        }
    }
}

uint64_t taken_fill(const struct taken *taken, struct phys_range range, uint8_t value)
{
    uint64_t filled = 0;
    for (uint64_t at = taken->last; at != 0;) {
        const uint64_t phys = at & ~ORDER_BITS;
        const uint64_t last = phys + (bytes_of((unsigned)(at & ORDER_BITS)) - 1);
        const uint64_t first = phys + sizeof(uint64_t);
        const uint64_t from = first > range.first ? first : range.first;
        const uint64_t to = last < range.last ? last : range.last;
        at = *(const uint64_t *)direct_map_at(phys);
        if (from > to)
            continue;
        memset(direct_map_at(from), value, to - from + 1);
        filled += to - from + 1;
    }
    return filled;
}

void taken_give(const struct taken *taken)
{
    for (uint64_t at = taken->last; at != 0;) {
        const uint64_t phys = at & ~ORDER_BITS;
        const unsigned order = (unsigned)(at & ORDER_BITS);
        at = *(const uint64_t *)direct_map_at(phys);
        frames_free(phys, order);
    }
}

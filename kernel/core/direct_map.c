/* SPDX-License-Identifier: MIT
 *
 * See direct_map.h. A run is found by asking, piece by piece, what the memory
 * at an address is shown as and how far that answer holds; equal neighbours
 * are joined, so that pages are as large as they can be.
 */
#include "kernel/core/direct_map.h"

#include "hw/paging.h"

/* The PC's first MiB. Spec: the IBM PC AT memory map. */
#define VGA_FIRST     0xA0000ULL
#define VGA_LAST      0xBFFFFULL
#define LOW_MIB_LAST  0xFFFFFULL
#define LAST_BELOW_4G 0xFFFFFFFFULL

/* The direct map has room for this much; what lies above is not shown. */
#define DIRECT_MAP_LAST_PHYS (BOOT_DIRECT_MAP_LAST - BOOT_DIRECT_MAP_BASE)

enum shown { SHOWN_NOT, SHOWN_READ, SHOWN_WRITE };

/* One answer: how the bytes up to `last` are shown. */
struct piece {
    enum shown shown;
    uint64_t last;
};

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How memory of one type is shown when it begins at `first`. */
static enum shown type_shown(uint32_t type, uint64_t first)
{
    if (type >= BOOT_MEMORY_USABLE && type <= BOOT_MEMORY_ACPI_NVS)
        return SHOWN_WRITE;
    if (type == BOOT_MEMORY_RESERVED && first <= LAST_BELOW_4G)
        return SHOWN_READ;
    return SHOWN_NOT;
}

/* What the memory map alone says about `from`. */
static struct piece map_piece(const struct memory_map *map, uint64_t from)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct boot_memory_range *range = &map->ranges[i];
        if (from < range->first)
            return (struct piece){ SHOWN_NOT, range->first - 1 };
        if (from <= range->last)
            return (struct piece){ type_shown(range->type, from), range->last };
    }
    return (struct piece){ SHOWN_NOT, UINT64_MAX };
}

/* Let one window override an answer, from its first to its last byte. */
static struct piece with_window(struct piece piece, uint64_t from, struct phys_range window)
{
    if (window.first > window.last || from > window.last)
        return piece;
    if (from < window.first)
        return (struct piece){ piece.shown, lower(piece.last, window.first - 1) };
    return (struct piece){ SHOWN_WRITE, window.last };
}

/* The whole answer for `from`. */
static struct piece piece_at(const struct direct_map_request *request, uint64_t from)
{
    struct piece piece = map_piece(request->map, from);

    if (from <= LOW_MIB_LAST) {
        if (piece.shown == SHOWN_NOT)
            piece.shown = SHOWN_READ;
        piece.last = lower(piece.last, LOW_MIB_LAST);
        piece = with_window(piece, from, (struct phys_range){ VGA_FIRST, VGA_LAST });
    } else if (piece.shown == SHOWN_READ && from <= LAST_BELOW_4G) {
        piece.last = lower(piece.last, LAST_BELOW_4G);
    }
    return with_window(piece, from, request->framebuffer);
}

/* See direct_map.h. Cost: ranges of the map, per piece joined. */
bool direct_map_next(const struct direct_map_request *request, uint64_t from,
                     struct direct_map_run *run)
{
    struct piece piece;

    for (;; from = piece.last + 1) {
        if (from > DIRECT_MAP_LAST_PHYS)
            return false;
        piece = piece_at(request, from);
        if (piece.shown != SHOWN_NOT)
            break;
        if (piece.last == UINT64_MAX)
            return false;
    }

    uint64_t last = piece.last;
    while (last < DIRECT_MAP_LAST_PHYS) {
        const struct piece next = piece_at(request, last + 1);
        if (next.shown != piece.shown)
            break;
        last = next.last;
    }
    run->range = (struct phys_range){ from, lower(last, DIRECT_MAP_LAST_PHYS) };
    run->access = piece.shown == SHOWN_WRITE ? PAGING_WRITE : 0;
    return true;
}

struct phys_range direct_map_framebuffer(const struct boot_video *video)
{
    const uint64_t page_mask = PAGE_BYTES - 1;
    if (video->kind != BOOT_VIDEO_FRAMEBUFFER)
        return (struct phys_range){ 1, 0 };
    const uint64_t last = video->phys + (uint64_t)video->pitch * video->height - 1;
    return (struct phys_range){ video->phys & ~page_mask, last | page_mask };
}

enum space_status direct_map_build(const struct direct_map_request *request,
                                   struct page_table *table, uint64_t *last)
{
    struct direct_map_run run;
    uint64_t from = 0;
    uint64_t mapped = 0;

    while (direct_map_next(request, from, &run)) {
        const uint64_t bytes = run.range.last - run.range.first + 1;
        const enum space_status status = page_table_map(
            table, BOOT_DIRECT_MAP_BASE + run.range.first, run.range.first, bytes, run.access);
        if (status != SPACE_OK)
            return status;
        mapped = run.range.last;
        from = run.range.last + 1;
    }
    *last = mapped;
    return SPACE_OK;
}

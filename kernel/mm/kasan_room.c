/* SPDX-License-Identifier: MIT
 *
 * Frames for the shadow, mapped where the compiler expects it. Shadow that is
 * fresh is zero: open. Not instrumented: it runs while the shadow changes.
 */
#include "kernel/mm/kasan_room.h"

#include "base/compiler.h"
#include "boot/kernel_place.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/core/string.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/space.h"
#include "kernel/sanitize/kasan_early.h"
#include "kernel/sanitize/kasan_runtime.h"

/* Regions are made here while there is room; those beyond are not judged. */
#define REGIONS_BYTES 0x800000

#define LARGE_ORDER 9 /* a page of 2 MiB */
#define STRETCH_MAX 48

/* Memory that gets a shadow. */
static struct {
    uint64_t first;
    uint64_t last;
} stretches[STRETCH_MAX];
static unsigned stretch_count;

/* Neighbours become one: each stretch costs every check a comparison. */
static void add_stretch(uint64_t first, uint64_t last)
{
    if (stretch_count > 0 && stretches[stretch_count - 1].last + 1 == first) {
        stretches[stretch_count - 1].last = last;
        return;
    }
    if (stretch_count == STRETCH_MAX)
        return;
    stretches[stretch_count].first = first;
    stretches[stretch_count++].last = last;
}

static void require(enum space_status status, uint64_t virt)
{
    if (status != SPACE_OK)
        panic("the shadow page at 0x%llx %s", (unsigned long long)virt, space_status_words(status));
}

/* One page of shadow, large if it can be. Returns its bytes. */
static uint64_t back_page(uint64_t virt, uint64_t bytes)
{
    const uint64_t large = (uint64_t)FRAME_BYTES << LARGE_ORDER;
    unsigned order = virt % large == 0 && bytes >= large ? LARGE_ORDER : 0;
    uint64_t phys = frames_allocate(order, FRAMES_ANY);
    if (phys == 0 && order != 0) {
        order = 0;
        phys = frames_allocate(order, FRAMES_ANY);
    }
    if (phys == 0)
        panic("there is no memory for the shadow of the KASAN build");
    const uint64_t page = (uint64_t)FRAME_BYTES << order;
    memset(direct_map_at(phys), 0, page);
    require(space_map(space_kernel(), virt, phys, page, PAGING_WRITE), virt);
    return page;
}

/* The shadow of a stretch; pages that a neighbour needed too are there already. */
static void back(uint64_t first, uint64_t last)
{
    const uint64_t end = last / KASAN_GRANULE + KASAN_OFFSET + 1;
    uint64_t at = (first / KASAN_GRANULE + KASAN_OFFSET) & ~(uint64_t)(PAGE_BYTES - 1);
    while (at < end) {
        uint64_t phys;
        at += space_translate(space_kernel(), at, &phys) ? PAGE_BYTES : back_page(at, end - at);
    }
}

static void map_image_shadow(void)
{
    const uint8_t *shadow;
    const uint64_t bytes = kasan_early_image(&shadow);
    const uint64_t to = KERNEL_BASE / KASAN_GRANULE + KASAN_OFFSET;
    for (uint64_t done = 0; done < bytes; done += PAGE_BYTES)
        require(space_map(space_kernel(), to + done, kasan_early_phys(shadow + done), PAGE_BYTES,
                          PAGING_WRITE),
                to + done);
}

uint64_t kasan_room_regions_last(void)
{
    return REGION_FIRST + REGIONS_BYTES - 1;
}

void kasan_room_begin(const struct boot_memory_range *ranges, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct boot_memory_range *range = &ranges[i];
        if (range->type != BOOT_MEMORY_USABLE && range->type != BOOT_MEMORY_LOADER)
            continue;
        const uint64_t first = (uint64_t)direct_map_at(range->first);
        add_stretch(first, first + (range->last - range->first));
    }
    add_stretch(REGION_FIRST, kasan_room_regions_last());
    map_image_shadow();
    for (unsigned i = 0; i < stretch_count; i++)
        back(stretches[i].first, stretches[i].last);
}

/* A block of free frames, in a chain through the blocks themselves. */
struct taken {
    struct taken *next;
    uint64_t phys;
    unsigned order;
};

/* Take all that is free and give it back: what is freed is closed. */
static void close_free_frames(void)
{
    struct taken *chain = NULL;
    for (int order = FRAME_ORDER_MAX; order >= 0; order--) {
        for (;;) {
            const uint64_t phys = frames_allocate((unsigned)order, FRAMES_ANY);
            if (phys == 0)
                break;
            struct taken *const block = direct_map_at(phys);
            *block = (struct taken){ chain, phys, (unsigned)order };
            chain = block;
        }
    }
    while (chain != NULL) {
        const struct taken block = *chain;
        chain = block.next;
        frames_free(block.phys, block.order);
    }
}

void kasan_room_open(void)
{
    for (unsigned i = 0; i < stretch_count; i++)
        kasan_add_area(stretches[i].first, stretches[i].last);
    close_free_frames();
}

/* SPDX-License-Identifier: MIT
 *
 * The rules for where segments may lie: canonical, not in page 0, not in the
 * ranges that the hand-off claims for itself, no two in one page. Knows nothing
 * about files and nothing about physical memory.
 * Spec: the hand-off (boot/boot_info.h); Intel SDM, volume 1, section 3.3.7.1.
 */
#include "kernel/core/elf64_place.h"

#include "boot/boot_info.h"
#include "hw/paging.h"

/* Four-level paging: bits 47..63 of an address are all the same. */
#define CANONICAL_LOW_LAST   0x00007FFFFFFFFFFF
#define CANONICAL_HIGH_FIRST 0xFFFF800000000000

static const struct virt_range allowed[] = {
    { PAGE_BYTES, CANONICAL_LOW_LAST },
    { BOOT_DIRECT_MAP_LAST + 1, BOOT_HANDOFF_BASE - 1 },
    { BOOT_HANDOFF_LAST + 1, UINT64_MAX },
};
_Static_assert(BOOT_DIRECT_MAP_BASE == CANONICAL_HIGH_FIRST, "no room below the direct map");

/* Write down what is wrong with which number, and hand the status through. */
enum boot_status elf64_fail(struct elf64_problem *problem, const char *what, uint64_t index,
                            uint64_t value, enum boot_status status)
{
    *problem = (struct elf64_problem){ .what = what, .index = index, .value = value };
    return status;
}

/*
 * Set page_virt and page_bytes of a segment from virt and memory_bytes, which
 * must not be 0. False when the bytes wrap, or are more than half the address
 * space has: the sum of any two plans' numbers then stays below 2^64.
 */
bool elf64_segment_set_pages(struct elf64_segment *segment)
{
    const uint64_t extent = segment->memory_bytes - 1;
    if (extent > CANONICAL_LOW_LAST || extent > UINT64_MAX - segment->virt)
        return false;
    const uint64_t last = (segment->virt + extent) | (PAGE_BYTES - 1);
    segment->page_virt = segment->virt & ~(uint64_t)(PAGE_BYTES - 1);
    segment->page_bytes = last - segment->page_virt + 1;
    return true;
}

/* The segment that has all of `bytes` bytes (at least 1) from `virt` on, or the number of them. */
uint32_t elf64_segment_at(const struct elf64_plan *plan, uint64_t virt, uint64_t bytes)
{
    uint32_t i = 0;
    for (; i < plan->segment_count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];
        const uint64_t skipped = virt - segment->virt;
        if (virt >= segment->virt && skipped < segment->memory_bytes &&
            bytes <= segment->memory_bytes - skipped)
            break;
    }
    return i;
}

/*
 * See that no two segments share a page, and set plan->pages to the span of all.
 *
 * BOOT_E_ELF_OVERLAP  the later of two that do is named
 */
enum boot_status elf64_check_overlap(struct elf64_plan *plan, struct elf64_problem *problem)
{
    struct virt_range pages = { .first = UINT64_MAX, .last = 0 };
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *one = &plan->segments[i];
        const uint64_t one_last = one->page_virt + (one->page_bytes - 1);
        for (uint32_t j = 0; j < i; j++) {
            const struct elf64_segment *other = &plan->segments[j];
            const uint64_t other_last = other->page_virt + (other->page_bytes - 1);
            if (one->page_virt <= other_last && other->page_virt <= one_last)
                return elf64_fail(problem, "program header", one->header, one->virt,
                                  BOOT_E_ELF_OVERLAP);
        }
        if (one->page_virt < pages.first)
            pages.first = one->page_virt;
        if (one_last > pages.last)
            pages.last = one_last;
    }
    plan->pages = pages;
    return BOOT_OK;
}

/* May the pages of a segment lie at their address plus `slide`? */
static bool segment_may_lie(const struct elf64_segment *segment, uint64_t slide)
{
    const uint64_t first = segment->page_virt + slide;
    for (uint32_t i = 0; i < ARRAY_COUNT(allowed); i++)
        if (first >= allowed[i].first && first <= allowed[i].last &&
            segment->page_bytes - 1 <= allowed[i].last - first)
            return true;
    return false;
}

/*
 * Tell whether every segment may lie at its address plus `slide`, modulo 2^64.
 *
 * slide    a multiple of plan->alignment; 0 unless the plan is of an ET_DYN
 * problem  set on failure
 *
 * BOOT_E_ELF_ADDRESS  a segment would wrap, or lie in page 0, in the range of
 *                     the direct map or of the hand-off, or not be canonical;
 *                     or the slide is not allowed
 */
enum boot_status elf64_check_slide(const struct elf64_plan *plan, uint64_t slide,
                                   struct elf64_problem *problem)
{
    if ((slide != 0 && !plan->is_dynamic) || (slide & (plan->alignment - 1)) != 0)
        return elf64_fail(problem, "slide", 0, slide, BOOT_E_ELF_ADDRESS);
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];
        if (!segment_may_lie(segment, slide))
            return elf64_fail(problem, "program header", segment->header, segment->virt + slide,
                              BOOT_E_ELF_ADDRESS);
    }
    return BOOT_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * The state of the KASAN build: which memory has a shadow, and the check that
 * every load and store makes. Memory without a shadow is not judged: what is not
 * mapped faults by itself, and the rest is device memory.
 */
#include "kernel/sanitize/kasan.h"

#include "base/compiler.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/sanitize/kasan_runtime.h"

/* The image, the stacks, and a handful of ranges of RAM. */
#define AREAS_MAX 64

static struct kasan_shadow areas[AREAS_MAX];
static unsigned area_count;
static bool on;
static bool reporting; /* a report may do what it likes */
static unsigned paused;
static bool catching;
static struct kasan_finding *caught;

void kasan_add_area(uint64_t first, uint64_t last)
{
    if (area_count == AREAS_MAX)
        return;
    areas[area_count++] = (struct kasan_shadow){
        .bytes = (uint8_t *)(first / KASAN_GRANULE + KASAN_OFFSET),
        .first = first,
        .last = last,
    };
}

const struct kasan_shadow *kasan_find_area(uint64_t address, uint64_t bytes)
{
    for (unsigned i = 0; i < area_count; i++) {
        if (kasan_shadow_covers(&areas[i], address, bytes))
            return &areas[i];
    }
    return NULL;
}

void kasan_switch_on(void)
{
    on = true;
}

bool kasan_is_on(void)
{
    return on;
}

void kasan_poison(const void *address, size_t bytes, enum kasan_mark why)
{
    const struct kasan_shadow *area = bytes > 0 ? kasan_find_area((uint64_t)address, bytes) : NULL;
    if (area != NULL)
        kasan_shadow_poison(area, (uint64_t)address, bytes, why);
}

void kasan_unpoison(const void *address, size_t bytes)
{
    const struct kasan_shadow *area = bytes > 0 ? kasan_find_area((uint64_t)address, bytes) : NULL;
    if (area != NULL)
        kasan_shadow_unpoison(area, (uint64_t)address, bytes);
}

void kasan_pause(void)
{
    paused++;
}

void kasan_resume(void)
{
    paused--;
}

void kasan_catch(struct kasan_finding *finding)
{
    catching = finding != NULL;
    caught = finding;
    if (finding != NULL)
        *finding = (struct kasan_finding){ .bytes = 0 };
}

static void found(const struct kasan_finding *finding)
{
    if (catching) {
        if (caught->bytes == 0)
            *caught = *finding;
        return;
    }
    reporting = true;
    kasan_report(finding);
}

void kasan_check(uint64_t address, uint64_t bytes, bool write, uint64_t site, uint64_t frame)
{
    struct kasan_finding finding = { .address = address,
                                     .bad = address,
                                     .bytes = bytes,
                                     .site = site,
                                     .frame = frame,
                                     .write = write };
    if (!on || reporting || paused > 0 || bytes == 0)
        return;
    if (address < PAGE_BYTES) {
        found(&finding);
        return;
    }
    const struct kasan_shadow *area = kasan_find_area(address, bytes);
    if (area != NULL && !kasan_shadow_allows(area, address, bytes, &finding.bad))
        found(&finding);
}

static void forget_below(uint64_t first, uint64_t end)
{
    kasan_unpoison((const void *)first, (end & ~(uint64_t)(KASAN_GRANULE - 1)) - first);
}

void kasan_forget_stack(uint64_t rsp)
{
    struct stack_area stack;
    if (stacks_find(rsp - 1, &stack))
        forget_below(stack.range.first, rsp);
}

void kasan_forget_stacks(uint64_t rsp)
{
    for (unsigned i = 0; i < stacks_count(); i++) {
        const struct virt_range stack = stacks_area(i).range;
        const bool ours = rsp >= stack.first && rsp <= stack.last;
        forget_below(stack.first, ours ? rsp : stack.last + 1);
    }
}

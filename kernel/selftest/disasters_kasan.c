/* SPDX-License-Identifier: MIT
 *
 * What only the KASAN build sees, uncaught: each ends in its report. Elsewhere
 * nothing is done.
 */
#include "base/compiler.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"
#include "kernel/sanitize/kasan.h"
#include "kernel/selftest/provoke.h"

#define OBJECT_BYTES 24

static bool refuse(void)
{
    if (!kasan_is_on())
        kprintf("coldstart: only the KASAN build sees this (cmake --preset kasan)\n");
    return !kasan_is_on();
}

static NEVER_INLINE void write_behind(void *object)
{
    ((volatile uint8_t *)object)[OBJECT_BYTES] = 0;
}

static uint8_t kasan_object[OBJECT_BYTES];

DISASTER(kasan_global, "kasan-global", "write behind a global variable, goes on but with KASAN")
{
    if (!refuse())
        write_behind(kasan_object);
}

DISASTER(kasan_stack, "kasan-stack", "write behind a local variable, goes on but with KASAN")
{
    uint8_t local_object[OBJECT_BYTES];
    memset(local_object, 0, sizeof(local_object));
    if (!refuse())
        write_behind(local_object);
}

DISASTER(kasan_memcpy, "kasan-memcpy", "copy too much, goes on but with KASAN")
{
    static uint8_t copy[OBJECT_BYTES];
    const volatile size_t bytes = OBJECT_BYTES + 1;
    if (!refuse())
        memcpy(copy, kasan_object, bytes);
}

DISASTER(kasan_heap, "kasan-heap", "write behind a block, goes on but with KASAN")
{
    void *const block = heap_allocate(OBJECT_BYTES);
    if (block != NULL && !refuse())
        write_behind(block);
    heap_free(block);
}

DISASTER(kasan_free, "kasan-free", "write to a freed block, goes on but with KASAN")
{
    uint8_t *const block = heap_allocate((size_t)OBJECT_BYTES * 2);
    heap_free(block);
    if (block != NULL && !refuse())
        write_behind(block);
}

DISASTER(kasan_frame, "kasan-frame", "write to a free frame, goes on but with KASAN")
{
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    if (phys == 0)
        return;
    frames_free(phys, 0);
    if (!refuse())
        write_behind(direct_map_at(phys));
}

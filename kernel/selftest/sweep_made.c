/* SPDX-License-Identifier: MIT
 *
 * See sweep_made.h.
 */
#include "kernel/selftest/sweep_made.h"

#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"

#define BYTES 64

static uint64_t kept_frame;
static void *kept_block;
static bool was_checked;

void sweep_made_right(struct claims *claims)
{
    const uint64_t frame = frames_allocate(0, FRAMES_ANY);
    void *const first = heap_allocate(BYTES);
    void *const second = heap_allocate(BYTES);
    CLAIM(frame != 0 && first != NULL && second != NULL);
    heap_free(second);
    heap_free(first);
    frames_free(frame, 0);
}

void sweep_made_keeps_frame(struct claims *claims)
{
    kept_frame = frames_allocate(0, FRAMES_ANY);
    const uint64_t second = frames_allocate(0, FRAMES_ANY);
    if (!CLAIM(second != 0))
        return;
    frames_free(second, 0);
    frames_free(kept_frame, 0);
    kept_frame = 0;
}

void sweep_made_keeps_block(struct claims *claims)
{
    kept_block = heap_allocate(BYTES);
    const uint64_t frame = frames_allocate(0, FRAMES_BELOW_4G);
    if (!CLAIM(frame != 0))
        return;
    frames_free(frame, 0);
    heap_free(kept_block);
    kept_block = NULL;
}

void sweep_made_always_keeps(struct claims *claims)
{
    kept_frame = frames_allocate(0, FRAMES_ANY);
    CLAIM(kept_frame != 0);
}

void sweep_made_trusts(struct claims *claims)
{
    void *const block = heap_allocate(BYTES);
    (void)claims;
    memset(block, 0, BYTES);
    heap_free(block);
}

void sweep_made_forgets(struct claims *claims)
{
    was_checked = frames_checked();
    frames_set_checked(!was_checked);
    const uint64_t frame = frames_allocate(0, FRAMES_ANY);
    if (!CLAIM(frame != 0))
        return;
    frames_free(frame, 0);
    frames_set_checked(was_checked);
}

void sweep_made_chooses(struct claims *claims)
{
    fail_at(1);
    CLAIM(heap_allocate(BYTES) == NULL);
    fail_at(0);
}

void sweep_made_mend(void)
{
    frames_free(kept_frame, 0);
    heap_free(kept_block);
    kept_frame = 0;
    kept_block = NULL;
}

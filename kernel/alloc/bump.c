/* SPDX-License-Identifier: MIT
 *
 * A mark and a count.
 */
#include "kernel/alloc/bump.h"

void bump_begin(struct bump *bump, void *first, size_t bytes)
{
    *bump = (struct bump){ .first = first, .bytes = bytes };
}

void *bump_allocate(struct bump *bump, size_t bytes, size_t alignment)
{
    const size_t pad = allocator_padding((uintptr_t)bump->first + bump->used, alignment);
    const size_t room = bump->bytes - bump->used;
    if (pad > room || bytes > room - pad)
        return NULL;
    uint8_t *const block = bump->first + bump->used + pad;
    bump->used += pad + bytes;
    bump->live++;
    return block;
}

enum allocator_status bump_free(struct bump *bump, const void *block)
{
    const size_t offset = (uintptr_t)block - (uintptr_t)bump->first;
    if (offset > bump->bytes)
        return ALLOCATOR_E_FOREIGN;
    if (bump->live == 0 || offset > bump->used)
        return ALLOCATOR_E_FREE;
    bump->live--;
    if (bump->live == 0)
        bump->used = 0;
    return ALLOCATOR_OK;
}

static void *allocate(void *state, size_t bytes, size_t alignment)
{
    return bump_allocate(state, bytes, alignment);
}

static enum allocator_status free_block(void *state, void *block, size_t bytes, size_t alignment)
{
    (void)bytes;
    (void)alignment;
    return bump_free(state, block);
}

static size_t held(const void *state)
{
    const struct bump *const bump = state;
    return bump->used;
}

struct allocator bump_allocator(struct bump *bump)
{
    return (struct allocator){
        .name = "bump", .state = bump, .allocate = allocate, .free = free_block, .held = held
    };
}

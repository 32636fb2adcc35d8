/* SPDX-License-Identifier: MIT
 *
 * What can be done with any allocator through its five verbs.
 */
#include "kernel/alloc/allocator.h"

#include "kernel/core/string.h"

size_t allocator_padding(uintptr_t address, size_t alignment)
{
    return (0 - address) & (alignment - 1);
}

size_t allocator_round_up(size_t value, size_t unit)
{
    return (value + unit - 1) & ~(unit - 1);
}

bool allocator_round_up_checked(size_t value, size_t unit, size_t *rounded)
{
    if (value > SIZE_MAX - (unit - 1))
        return false;
    *rounded = allocator_round_up(value, unit);
    return true;
}

void *allocator_allocate_zeroed(const struct allocator *allocator, size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all))
        return NULL;
    void *const block = allocator->allocate(allocator->state, all, ALLOCATOR_ALIGNMENT);
    if (block != NULL)
        memset(block, 0, all);
    return block;
}

void *allocator_resize(const struct allocator *allocator, void *block, size_t old_bytes,
                       size_t new_bytes)
{
    void *const moved = allocator->allocate(allocator->state, new_bytes, ALLOCATOR_ALIGNMENT);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    allocator->free(allocator->state, block, old_bytes, ALLOCATOR_ALIGNMENT);
    return moved;
}
